#include "output.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/text.h"

namespace bedrail::app {
namespace {

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { (void)close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return fd_; }
  bool close() {
    const int fd = fd_;
    fd_ = -1;
    return fd < 0 || ::close(fd) == 0;
  }

 private:
  int fd_;
};

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

std::string reason() {
  if (errno == ENOSPC || errno == EDQUOT) return "the disk is full; make room or choose another folder";
  if (errno == EACCES || errno == EPERM || errno == EROFS)
    return std::string(std::strerror(errno)) + "; choose a folder that you may write to";
  return std::strerror(errno);
}

}  // namespace

void complain(std::string_view text, std::string_view advice) {
  constexpr std::size_t kLongest = 4096;
  fmt::print(stderr, "bedrail: {}\n{}", clean_text(text, kLongest), advice);
}

Result<void> write_stdout(std::string_view text) {
  if (write_all(STDOUT_FILENO, text)) return {};
  if (errno == EPIPE)
    return failure(
        "standard output was closed before all was written; nothing is missing but what was to be shown");
  return failure("cannot write to standard output: " + reason());
}

Result<void> make_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (!error && std::filesystem::is_directory(path, error)) return {};
  errno = error ? error.value() : ENOTDIR;
  return failure("cannot make the folder " + path + ": " + reason());
}

Result<void> write_file(const std::string& path, std::string_view text) {
  const std::string temporary = fmt::format("{}.{}.tmp", path, ::getpid());
  Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (file.get() < 0) return failure("cannot write " + path + ": " + reason());
  if (write_all(file.get(), text) && ::fsync(file.get()) == 0 && file.close() &&
      ::rename(temporary.c_str(), path.c_str()) == 0)
    return {};
  const std::string why = reason();
  (void)::unlink(temporary.c_str());
  return failure("cannot write " + path + ": " + why);
}

Result<std::string> read_file(const std::string& path, std::size_t limit) {
  Descriptor file(path == "-" ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0)
    return failure(fmt::format("cannot open {}: {}; check the path", path, std::strerror(errno)));
  std::string out;
  char buffer[65536];
  for (;;) {
    const ssize_t count = ::read(file.get(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failure(fmt::format("cannot read {}: {}", path, std::strerror(errno)));
    if (count == 0) return out;
    out.append(buffer, static_cast<std::size_t>(count));
    if (out.size() > limit)
      return failure(fmt::format("{} is larger than {} MiB; is it an assessment?", path, limit >> 20));
  }
}

std::string program_folder() {
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::string(".") : program.parent_path().string();
}

}  // namespace bedrail::app
