#include "knowledge/recog/import.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

#include "knowledge_folder.h"

namespace bedrail {

TEST_CASE("recog: all examples of the fingerprints at hand come out as given") {
  const char* shared = std::getenv("BEDRAIL_SHARED");
  const std::string folder =
      (shared != nullptr ? std::string(shared) : std::string(BEDRAIL_SOURCE_DIR) + "/../shared") +
      "/feeds/recog";
  if (!std::filesystem::is_directory(folder)) {
    MESSAGE("skipped: there are no fingerprints in " << folder);
    return;
  }
  const auto read = read_recog_folder(folder);
  if (!read) FAIL(read.error().message);
  MESSAGE(read->files << " files, " << read->fingerprints.size() << " fingerprints, " << read->refused.size()
                      << " not taken; " << read->examples << " examples, " << read->failed.size()
                      << " failed, " << read->encoded << " base64, " << read->attached << " attached, "
                      << read->earlier << " earlier");
  for (const auto& refused : read->refused)
    MESSAGE(refused.where << ": " << refused.why << ": " << refused.pattern);
  for (const std::string& failed : read->failed) MESSAGE(failed);
  CHECK(read->failed.empty());
  CHECK(read->earlier == 0);
  CHECK(read->examples > read->fingerprints.size());
}

TEST_CASE(
    "recog: a folder is read as a whole or not at all; examples in files of their own are read, none "
    "elsewhere") {
  const test::KnowledgeFolder folder;
  const auto put = [&](const std::string& name, const std::string& text) {
    std::filesystem::create_directories(
        std::filesystem::path(folder.path() + "/feed/xml/" + name).parent_path());
    folder.put("feed/xml/" + name, text);
  };
  const auto fingerprint = [](const std::string& example) {
    return "<fingerprints><fingerprint pattern=\"^box (.)\"><description>d</description>" + example +
           "<param pos=\"1\" name=\"hw.version\"/></fingerprint></fingerprints>";
  };
  CHECK(read_recog_folder(folder.path() + "/nowhere").error().message.find("nowhere") != std::string::npos);
  CHECK(read_recog_folder(folder.path()).error().message.find("no XML file") != std::string::npos);
  put("telnet_box.xml",
      fingerprint(
          "<example _filename=\"one.bin\" hw.version=\"1\"/><example hw.version=\"2\">box 2</example>"));
  put("telnet_box/one.bin", "box 1\r\n");
  auto read = read_recog_folder(folder.path() + "/feed");
  if (!read) FAIL(read.error().message);
  CHECK(read->examples == 2);
  CHECK(read->attached == 1);
  CHECK(read->failed.empty());
  CHECK(read->fingerprints[0].kind == "telnet_box");
  put("z.xml", fingerprint("<example _filename=\"../../../version.toml\"/>"));
  read = read_recog_folder(folder.path() + "/feed");
  REQUIRE(!read);
  CHECK(read.error().message.find("z.xml:1: \"z/../../../version.toml\" leads out of the folder") !=
        std::string::npos);
  put("z.xml", "<fingerprints>\n<fingerprint");
  read = read_recog_folder(folder.path() + "/feed/xml");
  REQUIRE(!read);
  CHECK(read.error().message.find("/z.xml:2: ") != std::string::npos);
}

}  // namespace bedrail
