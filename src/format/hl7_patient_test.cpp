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

TEST_CASE("hl7 patient: what hides behind a segment is none of its fields") {
  const Hl7Separators separators;
  const auto sound = [&](std::string_view text) { return hl7_sound(text, separators); };
  CHECK(sound("OBX|1|TX|a\tb|RAPID|x").whole);
  CHECK(sound("OBX|1|TX|a\tb|RAPID|x").text == "OBX|1|TX|a\tb|RAPID|x");
  CHECK(sound("MSH|^~\\&|A\x1b(I|B").whole);
  CHECK(sound("MSH|^~\\&|A|B\x01|C").text == "MSH|^~\\&|A");
  const Hl7Sound glued = sound("SFT|Maker|1<CR>PID|1||4711||Doe<CR>NK1|1|Roe<CR>");
  CHECK(glued.text == "SFT|Maker");
  CHECK_FALSE(glued.whole);
  CHECK(hl7_patient_kinds(glued.patient) == "id,name,next-of-kin");
  // Such segments may use the usual separator, whatever the header declares.
  Hl7Separators declared;
  declared.field = '#';
  CHECK(hl7_patient_kinds(hl7_sound("SFT#Maker<CR>PID|1||4711", declared).patient) == "id");
}

}  // namespace bedrail
