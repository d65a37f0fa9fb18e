#include "report/html_report.h"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

#include "sample_assessment.h"

namespace bedrail {
namespace {

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

/// Every value of an attribute of the page's own markup.
std::multiset<std::string> values_of(const std::string& page, const std::string& start) {
  std::multiset<std::string> values;
  for (std::size_t at = page.find(start); at != std::string::npos; at = page.find(start, at + 1)) {
    const std::size_t from = at + start.size();
    values.insert(page.substr(from, page.find('"', from) - from));
  }
  return values;
}

/// The tags of the page, without their attributes, "/" in front of an end.
std::vector<std::string> tags_of(const std::string& page) {
  std::vector<std::string> tags;
  for (std::size_t at = page.find('<'); at != std::string::npos; at = page.find('<', at + 1)) {
    tags.push_back(page.substr(at + 1, page.find_first_of(" >", at) - at - 1));
  }
  return tags;
}

const std::set<std::string> kVoid = {"!DOCTYPE", "meta"};
const std::set<std::string> kOwn = {
    "html", "head", "title", "style", "body",  "header", "main",  "nav", "section", "article", "div", "h1",
    "h2",   "h3",   "h4",    "p",     "a",     "b",      "code",  "q",   "cite",    "span",    "ul",  "ol",
    "li",   "dl",   "dt",    "dd",    "table", "thead",  "tbody", "tr",  "th",      "td"};

}  // namespace

TEST_CASE("HTML report: what none recognised stands with its port, shape, volume and a frame") {
  const std::string page = to_html(test::sample_assessment());
  CHECK(has(page, "<td>tcp/3200</td><td><code>\\x02\\x00AA&lt;</code></td><td><code></code></td>"));
  CHECK(has(page, "<td>udp/dynamic</td>"));
  CHECK(has(page, "1 flow of smaller kinds, 10.0 kB, are counted only"));
}

TEST_CASE("HTML report: a device that only others tell of has no address, and says who tells of it") {
  Assessment sample = test::sample_assessment();
  CHECK(!has(to_html(sample), "told by others"));
  AssessedDevice& device = sample.devices[1];
  device.heard = false;
  device.mac.clear(), device.ipv4.clear(), device.ipv6.clear();
  const std::string page = to_html(sample);
  CHECK(has(page, "<td>told by others</td>"));
  CHECK(has(page, "Its own traffic was not seen: it is known from what others say of it."));
  CHECK(has(page, device.declared_by.front().device + " in hl7, which gives it 00:00:5e:00:53:02"));
  CHECK(has(page, "Told of from "));
}

TEST_CASE("HTML report: tags are our own and nest, whatever the captures say") {
  std::vector<std::string> open;
  for (const std::string& tag : tags_of(to_html(test::sample_assessment()))) {
    if (kVoid.contains(tag)) continue;
    if (tag.front() != '/') {
      CHECK_MESSAGE(kOwn.contains(tag), tag);
      open.push_back(tag);
      continue;
    }
    REQUIRE_FALSE(open.empty());
    CHECK(open.back() == tag.substr(1));
    open.pop_back();
  }
  CHECK(open.empty());
}

TEST_CASE("HTML report: self-contained, without script or secret") {
  const std::string page = to_html(test::sample_assessment());
  for (const std::string_view part :
       {"<script", "src=\"", "url(", "@import", "<link", "<iframe", "MUSTNOTAPPEAR", "\x1b", "\u202e"}) {
    CHECK_FALSE(has(page, part));
  }
  CHECK(has(page, "&lt;script&gt;alert(1)&lt;/script&gt;"));
  CHECK(has(page, "password=<q>&lt;redacted&gt;</q>"));
  CHECK(page.size() < 200'000);
  for (const std::string& target : values_of(page, "href=\"")) CHECK(target.front() == '#');
}

TEST_CASE("HTML report: every link has a target, every id is there once") {
  const std::string page = to_html(test::large_assessment(1500));
  const std::multiset<std::string> ids = values_of(page, " id=\"");
  CHECK(std::set<std::string>(ids.begin(), ids.end()).size() == ids.size());
  CHECK(ids.size() > 600);
  for (const std::string& target : values_of(page, "href=\"#")) CHECK_MESSAGE(ids.contains(target), target);
}

TEST_CASE("HTML report: the sections stand in their order") {
  const std::string page = to_html(test::sample_assessment());
  std::size_t before = 0;
  for (const std::string_view title :
       {"<h2>Headline figures", "<h2>What to do first", "<h2>Devices", "<h2>Each device", "<h2>Connections",
        "<h2>What could not be seen", "<h2>Source files"}) {
    const std::size_t at = page.find(title);
    REQUIRE(at != std::string::npos);
    CHECK(at > before);
    before = at;
  }
}

TEST_CASE("HTML report: figures, evidence, the runner-up and what was lost") {
  const std::string page = to_html(test::sample_assessment());
  CHECK(has(page, "<b>4</b> of 6"));
  CHECK(
      has(page, "<code>ward-4.pcap:12</code>, 2026-10-14 06:00:00.492, dhcp, host_name=<q>PUMP-ICU-07</q>"));
  CHECK(has(page, "Also claimed: <b>ventilator</b>, 31 %"));
  CHECK(has(page, "<a href=\"#dev-0b3e5f6a91c20d47\">PUMP-ICU-07</a>"));
  CHECK(has(page, "12 of 615,204 packets"));
  CHECK(has(page, "Not recognised (unknown-tcp)"));
  CHECK(has(page, "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"));
  CHECK(has(page, "radiology &lt;east&gt;.pcapng"));
  CHECK(has(page, "Nothing that was recorded says what this is."));
}

TEST_CASE("HTML report: the most risk first, findings of one kind on one device together") {
  Assessment assessment = test::sample_assessment();
  CHECK(to_html(assessment).find("accepted over HTTP") < to_html(assessment).find("has had no fixes since"));
  for (int i = 0; i < 20; ++i) {
    Finding more = test::vulnerability();
    more.id = fmt::format("fnd-88880000aaaa{:04}", i);
    assessment.findings.push_back(more);
  }
  const std::string page = to_html(assessment);
  CHECK(has(page, "Vulnerability: 21 findings"));
  CHECK(has(page, "9 findings more not shown here; the JSON document has all 21."));
  CHECK(count(page, "Install version 5.2 or later.") == 1);
}

TEST_CASE("HTML report: long lists end at their limit and say what is left out") {
  const Assessment large = test::large_assessment(1500);
  HtmlLimits limits;
  limits.devices = 20, limits.device_sections = 5, limits.findings = 7, limits.connections = 9;
  const std::string page = to_html(large, limits);
  CHECK(count(page, "<section class=\"device\"") == 5);
  CHECK(count(page, "<div class=\"finding\"") == 7);
  CHECK(has(page, "1,487 devices more not shown here; the JSON document has all 1,507."));
  CHECK(has(page, "1,501 findings more not shown here"));
  CHECK(has(page, "1,497 connections more not shown here"));
}

TEST_CASE("HTML report: an empty assessment is a whole page") {
  const std::string page = to_html(Assessment{});
  CHECK(has(page, "Nothing was found."));
  CHECK(page.ends_with("</html>\n"));
}

}  // namespace bedrail
