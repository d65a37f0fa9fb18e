#include <doctest/doctest.h>

#include "knowledge/recog/book.h"
#include "knowledge/recog/import.h"
#include "knowledge/recog/table.h"
#include "knowledge_folder.h"

namespace bedrail {
namespace {

std::string re2_of(std::string_view ruby, RubyFlags flags = {}) {
  const auto out = re2_of_ruby(ruby, flags);
  return out ? *out : "not: " + out.error().message;
}

std::string document(const std::string& fingerprints) {
  return "<?xml version=\"1.0\"?>\n<fingerprints matches=\"ssh.banner\">\n" + fingerprints +
         "</fingerprints>\n";
}

std::string error_of(const std::string& text) {
  const auto read = read_recog_document("d/f.xml", text, nullptr);
  return read ? "" : read.error().message;
}

RecogImport imported(const std::string& text) {
  RecogImporter importer;
  auto entries = read_recog_document("f.xml", text, nullptr);
  if (!entries) FAIL(entries.error().message);
  REQUIRE(importer.add("f.xml", std::move(*entries)));
  return importer.finish();
}

const std::string* field(const RecogFields& fields, std::string_view name) {
  for (const auto& [known, value] : fields) {
    if (known == name) return &value;
  }
  return nullptr;
}

constexpr const char* kBox =
    "<fingerprint pattern=\"^Box_(\\d+)(?:-(\\w+))?$\" flags=\"REG_ICASE\" "
    "certainty=\"0.9\">\n<description>A box</description>\n"
    "<example hw.version=\"7\">BOX_7</example>\n<example _encoding=\"base64\" hw.version=\"8\" "
    "os.version=\"x\">Qm94XzgteA==</example>\n"
    "<param pos=\"0\" name=\"hw.vendor\" value=\"Acme; \\$1\"/>\n<param pos=\"1\" "
    "name=\"hw.version\"/>\n<param pos=\"2\" name=\"os.version\"/>\n"
    "<param pos=\"0\" name=\"hw.product\" value=\"Box {hw.version}\"/>\n<param pos=\"0\" name=\"os.cpe23\" "
    "value=\"cpe:/o:acme:{os.version}\"/>\n"
    "<param pos=\"0\" name=\"os.product\" value=\"{os.version} Firmware\"/>\n</fingerprint>\n";

}  // namespace

TEST_CASE("recog: patterns of Ruby as RE2 takes them") {
  CHECK(re2_of("^a$") == "(?m-i)^a$");
  CHECK(re2_of("a", {true, true}) == "(?mis)a");
  CHECK(re2_of("(?mi:a.b)") == "(?m-i)(?si:a.b)");
  CHECK(re2_of("(?<n>a)") == "(?m-i)(?P<n>a)");
  CHECK(re2_of("a{,3}\\h\\Z") == "(?m-i)a{0,3}[0-9a-fA-F]\\n?\\z");
  CHECK(re2_of("[\\s_\\_]\\s") == "(?m-i)[\\s\\v__][\\s\\v]");
  CHECK(re2_of("(?# not)a") == "(?m-i)a");
  for (const auto& [ruby, why] : {std::pair{"a(?=b)", "lookahead"},
                                  {"a(?!b)", "lookahead"},
                                  {"(?<=b)a", "lookbehind"},
                                  {"(?<!b)a", "lookbehind"},
                                  {"(?>a)", "atomic group"},
                                  {"a*+", "possessive quantifier"},
                                  {"(a)\\1", "backreference"},
                                  {"(?x)a", "extended syntax"},
                                  {"[a&&b]", "set within a character class"},
                                  {"[a", "unfinished character class"},
                                  {"a\\", "backslash at the end"}})
    CHECK(re2_of(ruby) == std::string("not: ") + why);
}

TEST_CASE("recog: a fingerprint, its examples, and what comes out of a text") {
  const RecogImport import = imported(document(kBox));
  CHECK(import.examples == 2);
  CHECK(import.encoded == 1);
  CHECK(import.failed.empty());
  REQUIRE(import.fingerprints.size() == 1);
  CHECK(import.fingerprints[0].certainty == 0.9);
  RecogBook book;
  book.read(import.fingerprints, nullptr);
  CHECK(book.kinds().at("ssh.banner") == 1);
  CHECK(!book.match("ftp.banner", "Box_12"));
  CHECK(!book.match("ssh.banner", "Box_"));
  const auto hit = book.match("ssh.banner", "bOx_12");
  REQUIRE(hit);
  CHECK(*field(hit->fields, "hw.vendor") == "Acme; \\$1");
  CHECK(*field(hit->fields, "hw.product") == "Box 12");
  CHECK(*field(hit->fields, "os.cpe23") == "cpe:/o:acme:-");
  CHECK(field(hit->fields, "os.version") == nullptr);
  CHECK(field(hit->fields, "os.product") == nullptr);
  CHECK(hit->source == "recog f.xml: A box");
}

TEST_CASE("recog: of the fingerprints that fit the first counts, and bytes that are no UTF-8 are read") {
  const std::string rows =
      "<fingerprint pattern=\"^x.y\"><description>one</description><param pos=\"0\" name=\"hw.product\" "
      "value=\"1\"/></fingerprint>\n"
      "<fingerprint pattern=\"^x\"><description>two</description><param pos=\"0\" name=\"hw.product\" "
      "value=\"2\"/></fingerprint>\n";
  const RecogImport import = imported(document(rows));
  RecogBook book;
  book.read(import.fingerprints, nullptr);
  for (const char* text : {"xay", "x\xc2\xb7y", "x\xb7y"})
    CHECK(*field(book.match("ssh.banner", text)->fields, "hw.product") == "1");
  CHECK(*field(book.match("ssh.banner", "xy")->fields, "hw.product") == "2");
}

TEST_CASE("recog: a banner of several lines is known by the one line that is told of it") {
  const RecogImport import = imported(
      document("<fingerprint "
               "pattern=\"^Box(?:\\r|\\n)+Model[\\r\\n]+(\\w+)[[:space:]]*$\"><description>d</description>"
               "<param pos=\"1\" name=\"hw.product\"/></fingerprint>\n"));
  RecogBook book;
  book.read(import.fingerprints, nullptr);
  book.take_on_one_line({"ssh.banner", "none"});
  for (const char* text : {"Box\r\nModel\r\nX5\r\n", "Box  Model  X5", "Box\nModel\nX5"}) {
    const auto hit = book.match("ssh.banner", text);
    REQUIRE(hit);
    CHECK(*field(hit->fields, "hw.product") == "X5");
  }
  CHECK(!book.match("ssh.banner", "BoxModel X5"));
}

TEST_CASE("recog: an example that does not come out is told, and so is a pattern that cannot be taken") {
  const RecogImport import = imported(
      document("<fingerprint pattern=\"^a(\\d)\">\n<description>a</description>\n<example "
               "hw.version=\"2\">a1</example>\n<example>b</example>\n"
               "<example none=\"2\">a1</example>\n<param pos=\"1\" name=\"hw.version\"/></fingerprint>\n"
               "<fingerprint pattern=\"a(?=b)\"><description>b</description></fingerprint>\n<fingerprint "
               "pattern=\"a{2000}\"><description>c</description></fingerprint>\n"));
  REQUIRE(import.failed.size() == 3);
  CHECK(import.failed[0] == "f.xml:5: the example gives hw.version \"1\", not \"2\"");
  CHECK(import.failed[1] == "f.xml:6: the pattern does not match its example");
  CHECK(import.failed[2] == "f.xml:7: the example gives no none");
  REQUIRE(import.refused.size() == 2);
  CHECK(import.refused[0].where == "f.xml:9");
  CHECK(import.refused[0].why == "lookahead");
  CHECK(import.refused[1].why.find("repetition") != std::string::npos);
}

TEST_CASE("recog: broken files name the file and the line") {
  const std::string open = "<fingerprint pattern=\"a\">", close = "</fingerprint>\n";
  CHECK(error_of("").starts_with("d/f.xml:1: "));
  CHECK(error_of("<fingerprints>\n<fingerprint pattern=\"a\">\n").starts_with("d/f.xml:"));
  CHECK(error_of("<other/>") == "d/f.xml:1: the first element is not <fingerprints>");
  CHECK(error_of("<!DOCTYPE x [<!ENTITY a \"aa\"><!ENTITY b \"&a;&a;\">]>\n<fingerprints/>")
            .starts_with("d/f.xml:1: a document type is not read"));
  CHECK(error_of(document("<thing/>\n")) == "d/f.xml:3: <thing> stands where a fingerprint should");
  CHECK(error_of(document("\n<fingerprint/>\n")) == "d/f.xml:4: a fingerprint needs a pattern");
  CHECK(error_of(document("<fingerprint pattern=\"a\" flags=\"REG_X\"/>")) ==
        "d/f.xml:3: there is no flag \"REG_X\"");
  for (const char* certainty : {"2", "-1", "nan", "much"})
    CHECK(error_of(document(std::string("<fingerprint pattern=\"a\" certainty=\"") + certainty + "\"/>"))
              .find("the certainty") != std::string::npos);
  for (const char* param :
       {"<param pos=\"x\" name=\"a\"/>", "<param pos=\"-1\" name=\"a\"/>", "<param name=\"a\" value=\"v\"/>",
        "<param pos=\"99\" name=\"a\"/>", "<param pos=\"0\" value=\"v\"/>",
        "<param pos=\"0\" name=\"a b\" value=\"v\"/>", "<param pos=\"0\" name=\"a\"/>",
        "<param pos=\"1\" name=\"a\" value=\"v\"/>", "<example _encoding=\"base64\">***</example>",
        "<example _encoding=\"rot13\">a</example>", "<example><b/></example>", "<odd/>"})
    CHECK_MESSAGE(error_of(document(open + "\n" + param + close)).starts_with("d/f.xml:4: "), param);
  std::string deep;
  for (int i = 0; i < 20000; ++i) deep += "<a>";
  CHECK(error_of(deep).starts_with("d/f.xml:1: "));
  for (int i = 0; i < 20000; ++i) deep += "</a>";
  CHECK(error_of(document(open + "<example>" + deep + "</example>" + close)).starts_with("d/f.xml:3: "));
  RecogImporter importer;
  auto entries =
      read_recog_document("f.xml", document(open + "<param pos=\"1\" name=\"a\"/>" + close), nullptr);
  REQUIRE(entries);
  CHECK(importer.add("f.xml", std::move(*entries)).error().message ==
        "f.xml:3: a uses group 1, but the pattern has 0");
}

TEST_CASE("recog: the file that is written reads back the same") {
  RecogFingerprint odd;
  odd.id = "x";
  odd.kind = "k";
  odd.pattern = "(?m-i)a\tb\nc ";
  odd.source = "s";
  odd.certainty = 0.85;
  odd.params = {{"a", 0, " b; c=$1\\\t\n "}, {"b", 2, ""}, {"c", 0, ""}, {"d", 0, "x"}};
  const auto table = Tsv::parse("t", recog_table({odd}, "note"), recog_columns());
  REQUIRE(table);
  REQUIRE(table->size() == 1);
  const auto back = recog_of_row(table->row(0));
  REQUIRE(back);
  REQUIRE(back->params.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(back->params[i].name == odd.params[i].name);
    CHECK(back->params[i].group == odd.params[i].group);
    CHECK(back->params[i].value == odd.params[i].value);
  }
  CHECK(back->pattern == "(?m-i)a\\tb\\nc\\x20");
  for (const char* cell : {"a", "a=$x", "a=$0", "a=\\q", "=b", "a=b\\"}) {
    const auto broken = Tsv::parse(
        "t", std::string("id\tkind\tpattern\tcertainty\tparams\tsource\nx\tk\tp\t1\t") + cell + "\ts\n", {});
    CHECK_MESSAGE(!recog_of_row(broken->row(0)), cell);
  }
}

TEST_CASE("recog: control characters in a file reach no table (found by fuzzing)") {
  const RecogImport import =
      imported(document("<fingerprint pattern=\"^\x17x\x01\"><description>d</description>"
                        "<param pos=\"0\" name=\"hw.product\" value=\"\x17y\x01\"/></fingerprint>\n"));
  REQUIRE(import.fingerprints.size() == 1);
  CHECK(import.fingerprints[0].params[0].value == "y");
  const std::string table = recog_table(import.fingerprints, "note");
  CHECK(table.find('\x17') == std::string::npos);
  CHECK(table.find("^\\x17x\\x01") != std::string::npos);
}

TEST_CASE("recog: what an import changes") {
  RecogFingerprint a, b, c;
  a.id = "a", b.id = "b", c.id = "c";
  RecogFingerprint b2 = b;
  b2.params.push_back({"x", 0, "y"});
  const RecogChanges changes =
      compare_recog({a, b, c}, {a, b2, RecogFingerprint{"d", "", "", "", "", 0, {}}});
  CHECK(changes.same == 1);
  CHECK(changes.changed == 1);
  CHECK(changes.withdrawn == 1);
  CHECK(changes.added == 1);
}

TEST_CASE("recog: which kinds a text is given to, as recog expects it") {
  const RecogKinds& kinds = test::small_knowledge().recog_kinds();
  const auto ssh = kinds.uses("clue ssh.banner", Role::kServer, "SSH-2.0-Box_1");
  REQUIRE(ssh.size() == 1);
  CHECK(ssh[0].kind == "ssh.banner");
  CHECK(ssh[0].text == "Box_1");
  CHECK(kinds.uses("clue ssh.banner", Role::kClient, "SSH-2.0-Box_1").empty());
  CHECK(kinds.uses("clue ssh.banner", Role::kServer, "nonsense").empty());
  CHECK(kinds.uses("clue http.realm", Role::kServer, "Pump")[0].text == "Basic realm=\"Pump\"");
  CHECK(kinds.heard_as("html_title") == "clue http.title");
  CHECK(kinds.heard_as("tls.jarm").empty());
}

TEST_CASE("recog: what the site imported is read with the knowledge, and its faults are told") {
  const test::KnowledgeFolder folder;
  const RecogImport import = imported(document(kBox));
  folder.put_site("recog.tsv", recog_table(import.fingerprints, "note"));
  auto loaded = folder.load();
  REQUIRE(loaded);
  CHECK((*loaded)->recog().size() == 1);
  CHECK((*loaded)->recog().find(import.fingerprints[0].id));
  const std::string head = "id\tkind\tpattern\tcertainty\tparams\tsource\n";
  for (const char* row : {"x\tssh.banner\t(\t1\ta=b\ts\n", "x\tssh.banner\ta\t1\ta=$1\ts\n",
                          "x\tssh.banner\ta\t1\ta\ts\n", "x\tssh.banner\ta\t3\ta=b\ts\n"}) {
    folder.put_site("recog.tsv", head + row);
    loaded = folder.load();
    REQUIRE(!loaded);
    CHECK_MESSAGE(loaded.error().message.starts_with(folder.site() + "/recog.tsv:2: "),
                  loaded.error().message);
  }
  folder.put_site("recog.tsv", head + "x\tssh.banner\t(\t1\ta=b\ts\n");
  loaded = load_knowledge(folder.path(), Patterns::kOnFirstUse);
  REQUIRE(loaded);
  CHECK(!(*loaded)->recog().match("ssh.banner", "x"));
  CHECK((*loaded)->fault().starts_with(folder.site() + "/recog.tsv:2: "));
}

}  // namespace bedrail
