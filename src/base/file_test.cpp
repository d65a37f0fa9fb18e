#include "base/file.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace bedrail {
namespace {

namespace fs = std::filesystem;

std::string content(const fs::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Folder {
  fs::path path = fs::temp_directory_path() / ("bedrail-files-" + std::to_string(::getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  [[nodiscard]] std::string operator/(const char* name) const { return (path / name).string(); }
  [[nodiscard]] std::ptrdiff_t count() const { return std::distance(fs::directory_iterator(path), {}); }
};

}  // namespace

TEST_CASE("files that belong together are replaced together or not at all") {
  const Folder folder;
  REQUIRE(write_file(folder / "a", "old a"));
  {
    FileSet files;
    CHECK(files.write(folder / "a", "new a"));
    CHECK(files.write(folder / "b", "new b"));
    CHECK(content(folder / "a") == "old a");
    SUBCASE("all") {
      CHECK(files.commit());
      CHECK(content(folder / "a") == "new a");
      CHECK(content(folder / "b") == "new b");
    }
    SUBCASE("one cannot be written") {
      fs::create_directory(folder / "c");
      const auto written = files.write(folder / "c", "new c");
      REQUIRE(!written);
      CHECK(written.error().message.find("a folder has this name") != std::string::npos);
      fs::remove(folder / "c");
    }
    SUBCASE("one cannot be put in place") {
      fs::create_directories(folder / "b/full");
      CHECK(!files.commit());
      CHECK(content(folder / "a") == "old a");
      fs::remove_all(folder / "b");
    }
  }
  // Nothing else is left behind.
  CHECK(folder.count() == (fs::exists(folder / "b") ? 2 : 1));
}

}  // namespace bedrail
