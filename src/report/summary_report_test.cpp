#include "report/summary_report.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "report/terminal_text.h"
#include "sample_assessment.h"

namespace bedrail {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// Without the escapes that the summary itself writes.
std::string without_colours(std::string text) {
  for (std::size_t start; (start = text.find("\x1b[")) != std::string::npos;) {
    text.erase(start, text.find('m', start) - start + 1);
  }
  return text;
}

}  // namespace

TEST_CASE("summary: one screen at any width, with few devices and with many") {
  for (const std::size_t devices : {0U, 3000U}) {
    const Assessment assessment = test::large_assessment(devices);
    for (const int columns : {40, 60, 80, 120, 200}) {
      const std::vector<std::string> lines = lines_of(to_summary(assessment, columns));
      CHECK(lines.size() <= 24);
      CHECK(lines.size() > 10);
      for (const std::string& line : lines) CHECK(terminal::width(line) <= static_cast<std::size_t>(columns));
      CHECK(std::any_of(lines.begin(), lines.end(),
                        [](const std::string& line) { return line == "What could not be seen"; }));
    }
  }
}

TEST_CASE("summary: figures with their denominators, the worst first") {
  const std::string text = to_summary(test::sample_assessment(), 100);
  CHECK(has(text, "4 of 6  Devices identified"));
  CHECK(has(text, "1 of 1  Unsupported OS"));
  CHECK(has(text, "615,204 packets in 2 files"));
  CHECK(has(text, "  88  critical  The maker's published password was accepted over HTTP, PUMP-ICU-07"));
  CHECK(has(text, "  82  critical  PUMP-ICU-07"));
  CHECK(text.find("accepted over HTTP") < text.find("Windows 7"));
  CHECK(has(text, "Devices at most risk (4 of 7, 1 on the Internet)"));
  CHECK(has(text, "Of 615,204 packets 12 cut short, 3 malformed, 4,120 not decoded; 65.7 kB missing"));
  CHECK(has(to_summary(test::sample_assessment(), 300),
            "of 149 flows 19 of no known protocol. Not recognised, the largest: tcp/3200 (2.9 MB), "
            "udp/dynamic (8.0 kB). 3 notices in the report"));
}

TEST_CASE("summary: the same finding on many devices takes one line") {
  CHECK(has(to_summary(test::large_assessment(50), 120), " and 50 more"));
}

TEST_CASE("summary: a title gives way to its device no further than that needs") {
  Assessment assessment = test::large_assessment(50);
  assessment.findings.resize(2);
  for (Finding& finding : assessment.findings) {
    finding.kind = "unsupported-os";
    finding.title = "Windows Server 2008 R2 gets no updates";
  }
  const std::string text = to_summary(assessment, 80);
  CHECK(has(text, "Windows Server 2008 R2 gets no updates, "));
  CHECK(has(text, " and 1 more"));
}

TEST_CASE("summary: an empty assessment says what it is") {
  Assessment empty;
  empty.tool_version = "0.1.0";
  const std::string text = to_summary(empty, 80);
  CHECK(has(text, "No packet was read"));
  CHECK(has(text, "What to do first (0 findings)"));
  CHECK_FALSE(has(text, "Devices at most risk"));
  empty.source.packets = 8;
  empty.as_of = *parse_rfc3339("2026-10-01");
  CHECK(has(to_summary(empty, 80), "The packets carry no times; judged as of 2026-10-01"));
}

TEST_CASE("summary: nothing was lost only where all was read") {
  Assessment assessment;
  assessment.source.packets = 8;
  CHECK(has(to_summary(assessment, 80), "Nothing of what was recorded was lost"));
  assessment.notices.push_back({"knowledge-age", "old", 40});
  CHECK(has(to_summary(assessment, 80), "Nothing of what was recorded was lost"));
  for (const char* kind : {"file-cut", "file-skipped", "fragments-missing", "table-full"}) {
    assessment.notices = {{kind, "something", 1}};
    CHECK_FALSE(has(to_summary(assessment, 80), "Nothing of what"));
    CHECK(has(to_summary(assessment, 80), "Not all could be read. 1 notice in the report"));
  }
}

TEST_CASE("summary: captured text cannot move the cursor or show a secret") {
  Assessment assessment = test::sample_assessment();
  assessment.findings.resize(8);
  std::rotate(assessment.findings.begin(), assessment.findings.begin() + 6, assessment.findings.end());
  for (Finding& finding : assessment.findings) finding.risk = 90;
  assessment.devices.back().risk.score = 99;
  const std::string plain = to_summary(assessment, 80);
  CHECK(has(plain, "=cmd|"));
  CHECK(std::none_of(plain.begin(), plain.end(),
                     [](char c) { return (c >= 0 && c < 0x20 && c != '\n') || c == 0x7f; }));
  CHECK_FALSE(has(plain, "\u202e"));
  CHECK_FALSE(has(plain, "MUSTNOTAPPEAR"));
  const std::string coloured = to_summary(assessment, 80, true);
  CHECK(has(coloured, "\x1b[1;31m"));
  std::string bare = without_colours(coloured);
  CHECK_FALSE(has(bare, "\x1b"));
  for (const std::string& line : lines_of(bare)) CHECK(terminal::width(line) <= 80);
}

TEST_CASE("terminal text: columns, cutting and wrapping") {
  CHECK(terminal::width("Röntgen") == 7);
  CHECK(terminal::width("病院") == 4);
  CHECK(terminal::width("e\u0301") == 1);
  CHECK(terminal::fit("病院の", 5) == "病院…");
  CHECK(terminal::fit("abc", 3) == "abc");
  CHECK(terminal::padded("ab", 4) == "ab  ");
  CHECK(terminal::wrap("one two three four", 9, 2) ==
        std::vector<std::string>{"one two", "  three", "  four"});
  for (const std::string& line : terminal::wrap(std::string(100, 'x') + " y", 10, 2))
    CHECK(terminal::width(line) <= 10);
}

}  // namespace bedrail
