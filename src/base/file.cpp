#include "base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace bedrail {
bool Descriptor::close() {
  const int fd = fd_;
  fd_ = -1;
  return fd < 0 || ::close(fd) == 0;
}

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

std::string write_error() {
  if (errno == ENOSPC || errno == EDQUOT) return "the disk is full; make room or choose another folder";
  if (errno == EACCES || errno == EPERM || errno == EROFS)
    return std::string(std::strerror(errno)) + "; choose a folder that you may write to";
  return std::strerror(errno);
}

Result<void> make_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (!error && std::filesystem::is_directory(path, error)) return {};
  errno = error ? error.value() : ENOTDIR;
  return failure("cannot make the folder " + path + ": " + write_error());
}

FileSet::~FileSet() {
  for (const File& file : files_) {
    if (!file.in_place) (void)::unlink(file.temporary.c_str());
    if (!file.kept.empty()) (void)::unlink(file.kept.c_str());
  }
}

Result<void> FileSet::write(const std::string& path, std::string_view text) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error))
    return failure("cannot write " + path +
                   ": a folder has this name; move it away or choose another folder");
  files_.push_back({path, fmt::format("{}.{}.tmp", path, ::getpid()), {}, false});
  Descriptor file(::open(files_.back().temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (file.get() >= 0 && write_all(file.get(), text) && ::fsync(file.get()) == 0 && file.close()) return {};
  return failure("cannot write " + path + ": " + write_error());
}

Result<void> FileSet::commit() {
  for (File& file : files_) {
    // Where no second name can be given, what was there cannot be brought back; it is replaced all the same.
    const std::string kept = fmt::format("{}.{}.old", file.path, ::getpid());
    if (files_.size() > 1 && ::link(file.path.c_str(), kept.c_str()) == 0) file.kept = kept;
    if (::rename(file.temporary.c_str(), file.path.c_str()) != 0) return take_back(file);
    file.in_place = true;
  }
  return {};
}

Result<void> FileSet::take_back(const File& failed) {
  const std::string why = write_error();
  for (File& file : files_) {
    if (!file.in_place) continue;
    if (file.kept.empty()) {
      (void)::unlink(file.path.c_str());
    } else if (::rename(file.kept.c_str(), file.path.c_str()) == 0) {
      file.kept.clear();
    }
  }
  return failure("cannot write " + failed.path + ": " + why);
}

Result<void> write_file(const std::string& path, std::string_view text) {
  FileSet file;
  if (auto written = file.write(path, text); !written) return written;
  return file.commit();
}

}  // namespace bedrail
