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

Result<void> write_file(const std::string& path, std::string_view text) {
  const std::string temporary = fmt::format("{}.{}.tmp", path, ::getpid());
  Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (file.get() < 0) return failure("cannot write " + path + ": " + write_error());
  if (write_all(file.get(), text) && ::fsync(file.get()) == 0 && file.close() &&
      ::rename(temporary.c_str(), path.c_str()) == 0)
    return {};
  const std::string why = write_error();
  (void)::unlink(temporary.c_str());
  return failure("cannot write " + path + ": " + why);
}

}  // namespace bedrail
