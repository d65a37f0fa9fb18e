#include "format/hl7_patient.h"

#include <doctest/doctest.h>

namespace bedrail {

TEST_CASE("hl7 patient: kinds of what a segment says, never what") {
  const Hl7Separators separators;
  const auto kinds = [&](std::string_view text) {
    return hl7_patient_kinds(hl7_patient_bits(Hl7Segment(text, separators)));
  };
  CHECK(kinds("PID|1||4711^^^H||Doe^J||19700101|M|||S^^C||1|2||||9|88") ==
        "id,name,birth-date,address,phone,ssn,visit");
  CHECK(kinds("PID|1||\"\"||^^|").empty());
  CHECK(kinds("NK1|1|Doe") == "next-of-kin");
  CHECK(kinds("PV1||I|ICU^^7||||||||||||||||V1") == "visit");
  CHECK(kinds("OBX|1|||4711").empty());
}

}  // namespace bedrail
