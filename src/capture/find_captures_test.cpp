#include <doctest/doctest.h>

#include "capture/capture_builder.h"
#include "capture/test_folder.h"

namespace bedrail {
using namespace test;

TEST_CASE("find: captures at any depth, told by content, sorted by path") {
  const TestFolder folder;
  const std::string deep = folder.write("b/c/d/no-extension", Pcapng().bytes);
  const std::string packed = folder.write("b/a.gz", gzip(Pcap().packet(1, 0, "x").bytes));
  const std::string first = folder.write("a.pcap", Pcap().bytes);
  const std::string zst = folder.write("z.zst", zstd(Pcapng(true).bytes));
  folder.write("notes.txt", "no capture");
  folder.write("b/text.gz", gzip("some text, packed"));
  folder.write("b/empty", "");
  CHECK(find_captures({folder.root()}).value() == std::vector<std::string>{first, packed, deep, zst});
}

TEST_CASE("find: what is named like a capture is given, so that it is told why it cannot be read") {
  const TestFolder folder;
  std::vector<std::string> named;
  for (const char* name : {"a.pcap", "b.PCAPNG", "c.cap", "d.dmp", "e.pcap.gz", "f.pcapng.zst"})
    named.push_back(folder.write(name, "no capture"));
  named.push_back(folder.write("g.pcap", ""));
  for (const char* name : {"h.pcap.txt", "i.gz", "pcap"}) folder.write(name, "no capture");
  CHECK(find_captures({folder.root()}).value() == named);
  CHECK(open_capture(named[0], 0).error().message.find(named[0] + " is not a capture") == 0);
}

TEST_CASE("find: files are taken as given, standard input too") {
  const TestFolder folder;
  const std::string text = folder.write("notes.txt", "text");
  CHECK(find_captures({"-", text, "-"}).value() == std::vector<std::string>{"-", text});
}

TEST_CASE("find: links that lead in a circle or nowhere end; a file of two names counts once") {
  const TestFolder folder;
  const std::string file = folder.write("sub/a.pcap", Pcap().bytes);
  std::filesystem::create_directory_symlink(folder.root(), folder.path("sub/up"));
  std::filesystem::create_symlink(file, folder.path("z.pcap"));
  std::filesystem::create_symlink("nowhere", folder.path("dead"));
  CHECK(find_captures({folder.root()}).value() == std::vector<std::string>{file});
  CHECK(find_captures({file, folder.root(), file}).value() == std::vector<std::string>{file});
}

TEST_CASE("find: a link to a capture that is gone is named, so that opening it says so") {
  const TestFolder folder;
  const std::string file = folder.write("a.pcap", Pcap().bytes);
  std::filesystem::create_symlink("nowhere", folder.path("friday.pcap"));
  std::filesystem::create_symlink("friday2.pcap", folder.path("friday2.pcap"));
  CHECK(find_captures({folder.root()}).value() ==
        std::vector<std::string>{file, folder.path("friday.pcap"), folder.path("friday2.pcap")});
}

TEST_CASE("find: a folder without captures and a missing path are errors that name it") {
  const TestFolder folder;
  folder.write("notes.txt", "text");
  const auto none = find_captures({folder.root()});
  REQUIRE(!none);
  CHECK(none.error().message.find(folder.root() + " holds no capture") == 0);
  const auto missing = find_captures({folder.path("gone")});
  REQUIRE(!missing);
  CHECK(missing.error().message.find("cannot find " + folder.path("gone")) == 0);
}

}  // namespace bedrail
