#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "knowledge/recog/document.h"
#include "knowledge/recog/fingerprint.h"

namespace bedrail {

/// All XML files of a folder, translated and tried on the examples that they carry.
struct RecogImport {
  struct Refused {
    std::string where, pattern, why;
  };
  std::vector<RecogFingerprint> fingerprints;  ///< in the files' order
  std::vector<Refused> refused;                ///< whose patterns RE2 cannot take
  std::size_t files = 0;
  std::size_t examples = 0;               ///< of the fingerprints that were taken
  std::size_t encoded = 0, attached = 0;  ///< of them base64, in files of their own
  std::vector<std::string> failed;        ///< examples that do not come out as given: "FILE:LINE: ..."
  std::size_t earlier = 0;  ///< examples that an earlier fingerprint of their kind takes, as in recog
};

/// Takes documents one by one.
class RecogImporter {
 public:
  /// An error where a param asks for a group that its pattern has not.
  Result<void> add(const std::string& name, std::vector<RecogEntry> entries);
  /// After the last: tries the examples on all fingerprints, as a banner would be.
  RecogImport finish();

 private:
  struct Kept {
    std::size_t fingerprint = 0;
    std::string file;
    RecogExample example;
  };
  void try_example(const Kept& kept, const class RecogBook& book);

  RecogImport out_;
  std::set<std::string> ids_;
  std::vector<Kept> examples_;
};

/// Reads `folder` (or its folder `xml`): every file *.xml. Errors name file and line; then nothing was taken.
Result<RecogImport> read_recog_folder(const std::string& folder);

/// What an import changes at what there is.
struct RecogChanges {
  std::size_t added = 0, changed = 0, withdrawn = 0, same = 0;
};
RecogChanges compare_recog(const std::vector<RecogFingerprint>& before,
                           const std::vector<RecogFingerprint>& after);

}  // namespace bedrail
