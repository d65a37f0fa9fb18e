#include "knowledge/check.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "knowledge_folder.h"

namespace bedrail {

TEST_CASE("check: the folder that ships has no fault") {
  const KnowledgeCheck found = check_knowledge(std::string(BEDRAIL_SOURCE_DIR) + "/knowledge", "/nowhere");
  for (const std::string& fault : found.faults) MESSAGE(fault);
  CHECK(found.faults.empty());
  CHECK(found.files > 20);
  CHECK(found.rows > 1000);
  CHECK(found.examples > 50);
}

TEST_CASE("check: every fault is noted, each with its file and line") {
  const test::KnowledgeFolder folder;
  folder.put("vendors.tsv", "vendor\tcategory\tnames\nA\tpets\ta\nB\t\t(\nC\t\tc\n");
  folder.put("rules/z.tsv",
             "id\ton\trole\tpattern\tset\tconfidence\tsource\nz1\tclue k\t\t(\tmodel=m\t1\ts\n"
             "z2\tclue k\t\tx\ttype=ufo\t1\ts\nz3\tclue k\t\tx\ttype=pump; category=it\t1\ts\nz4\tclue "
             "k\t\txy\tmodel=m\t1\ts\n");
  folder.put("rules/examples.tsv", "id\tmatches\tmatches_not\nz4\txx\t\nz4\t\txy\nnone\ta\t\nz4\txy\tx\n");
  folder.put("risk.toml", "");
  folder.put_site("recog.tsv",
                  "id\tkind\tpattern\tcertainty\tparams\tsource\nx\tk\t(\t1\ta=b\ts\nx\tk\ta\t1\ta=$2\ts\n");
  const KnowledgeCheck found = check_knowledge(folder.path());
  const auto told = [&](const std::string& start) {
    return std::any_of(found.faults.begin(), found.faults.end(),
                       [&](const std::string& f) { return f.find(start) != std::string::npos; });
  };
  for (const char* fault :
       {"/vendors.tsv:2: there is no category", "/vendors.tsv:3: \"(\"", "/rules/z.tsv:2: \"(\"",
        "/rules/z.tsv:3: there is no kind of device \"ufo\"", "/rules/z.tsv:4: a pump is medical, not it",
        "/rules/examples.tsv:2: z4 does not match \"xx\"",
        "/rules/examples.tsv:3: z4 matches \"xy\" and must not",
        "/rules/examples.tsv:4: there is no rule \"none\"", "/risk.toml: [weights]", "/recog.tsv:2: \"(\"",
        "/recog.tsv:3: the id \"x\" stands twice", "/recog.tsv:3: a uses a group"})
    CHECK_MESSAGE(told(fault), fault);
  CHECK(found.faults.size() == 12);
}

TEST_CASE("check: a file that is missing is one fault among others") {
  const test::KnowledgeFolder folder;
  folder.remove("oui.tsv");
  folder.remove("windows_builds.tsv");
  const KnowledgeCheck found = check_knowledge(folder.path());
  REQUIRE(found.faults.size() == 2);
  CHECK(found.faults[0].find("oui.tsv") != std::string::npos);
}

}  // namespace bedrail
