#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace bedrail {

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { (void)close(); }
  Descriptor(Descriptor&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  Descriptor& operator=(Descriptor&&) = delete;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return fd_; }
  /// False where what was written may not have reached the disk.
  bool close();

 private:
  int fd_;
};

/// Makes a folder and those above it.
Result<void> make_folder(const std::string& path);

/// Writes a file under a temporary name beside it, then gives it its own: nobody ever sees half of it, not
/// after a loss of power either. On failure nothing is left behind.
Result<void> write_file(const std::string& path, std::string_view text);

/// Files that belong together: all are written under temporary names first, and get their own together or, on
/// failure, not at all: what was there before stays, and nothing else is left behind.
class FileSet {
 public:
  FileSet() = default;
  FileSet(const FileSet&) = delete;
  FileSet& operator=(const FileSet&) = delete;
  ~FileSet();
  Result<void> write(const std::string& path, std::string_view text);
  Result<void> commit();

 private:
  struct File {
    std::string path, temporary, kept;  ///< `kept`: a second name of what was there before
    bool in_place = false;
  };
  Result<void> take_back(const File& failed);

  std::vector<File> files_;
};

/// Writes all bytes to a descriptor; false, with errno, where that fails.
bool write_all(int descriptor, std::string_view text);

/// What errno says about writing, with what to do.
std::string write_error();

}  // namespace bedrail
