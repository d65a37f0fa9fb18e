#pragma once

#include <string>
#include <utility>
#include <vector>

namespace bedrail {

/// What a fingerprint of rapid7's recog format says: a fixed text, or what a group of its pattern matched.
struct RecogParam {
  std::string name;   ///< "os.product"
  int group = 0;      ///< 0: `value` is the text
  std::string value;  ///< may hold {other.name}, for what another param says
};

/// Names and texts, in the fingerprint's order.
using RecogFields = std::vector<std::pair<std::string, std::string>>;

/// A text that a fingerprint has to match, and what must come out of it.
struct RecogExample {
  std::string text;
  RecogFields fields;
  std::size_t line = 0;
  bool encoded = false;   ///< stood there as base64
  bool attached = false;  ///< stood in a file of its own
};

/// One `<fingerprint>`.
struct RecogFingerprint {
  std::string id;       ///< "recog-ssh.banner-1f0c..."; of the kind and the pattern
  std::string kind;     ///< what it is read on, as the file says: "ssh.banner"
  std::string pattern;  ///< as RE2 takes it, with its flags
  std::string description, source;
  double certainty = 0;
  std::vector<RecogParam> params;
};

/// What the params say once the groups are known (`groups[0]` is the whole match). A param whose group
/// matched nothing, or that speaks of another which says nothing, is left out; an unknown version within a
/// CPE name is
/// "-", as recog has it.
RecogFields recog_fields(const std::vector<RecogParam>& params, const std::vector<std::string>& groups);

}  // namespace bedrail
