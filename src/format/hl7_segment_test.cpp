#include <doctest/doctest.h>

#include "format/hl7_segment.h"

namespace bedrail {

TEST_CASE("hl7 segment: delimiters are the declared ones, fields count from one") {
  const std::string_view header = "MSH#*~\\&#APP*1#FAC";
  const auto separators = Hl7Separators::of(header);
  REQUIRE(separators.has_value());
  CHECK(separators->field == '#');
  CHECK(separators->component == '*');
  const Hl7Segment segment(header, *separators);
  CHECK(segment.id() == "MSH");
  CHECK(segment.field(3) == "APP*1");
  CHECK(segment.component(segment.field(3), 2) == "1");
  CHECK(segment.text(segment.field(3)) == "APP^1");
  CHECK(segment.field(9).empty());
  CHECK_FALSE(Hl7Separators::of("MSHx").has_value());
  CHECK_FALSE(Hl7Separators::of("MSH").has_value());
}

TEST_CASE("hl7 segment: escapes, repetitions, fields that say nothing") {
  const Hl7Segment segment("PID|1||\"\"|^^|A\\T\\B\\X41\\~second|x\\", {});
  CHECK(segment.text(segment.repetition(segment.field(5), 1)) == "A&BA");
  CHECK(segment.repetition(segment.field(5), 2) == "second");
  CHECK_FALSE(segment.says_something(3));
  CHECK_FALSE(segment.says_something(4));
  CHECK(segment.says_something(5));
  CHECK(segment.text(segment.field(6)) == "x\\");
  CHECK(Hl7Segment("pid|1", {}).id().empty());
}

}  // namespace bedrail
