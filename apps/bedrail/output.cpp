#include "output.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/text.h"

namespace bedrail::app {
void complain(std::string_view text, std::string_view advice) {
  constexpr std::size_t kLongest = 4096;
  fmt::print(stderr, "bedrail: {}\n{}", clean_text(text, kLongest), advice);
}

Result<void> write_stdout(std::string_view text) {
  if (write_all(STDOUT_FILENO, text)) return {};
  if (errno == EPIPE)
    return failure(
        "standard output was closed before all was written; nothing is missing but what was to be shown");
  return failure("cannot write to standard output: " + write_error());
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
