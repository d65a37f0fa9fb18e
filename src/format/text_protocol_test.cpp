#include "format/text_protocol.h"

#include <doctest/doctest.h>

namespace bedrail {

TEST_CASE("text protocol: first lines") {
  const TextStartLine request = text_start_line("REGISTER sip:example.com SIP/2.0", "SIP/2.0");
  CHECK(request.kind == TextStartLine::Kind::kRequest);
  CHECK(request.method == "REGISTER");
  CHECK(request.target == "sip:example.com");
  const TextStartLine response = text_start_line("RTSP/1.0 401 Unauthorized", "RTSP/1.0");
  CHECK(response.kind == TextStartLine::Kind::kResponse);
  CHECK(response.status == 401);
  for (const char* line : {"REGISTER sip:a SIP/3.0", "register sip:a SIP/2.0", "REGISTER SIP/2.0",
                           "SIP/2.0 20", "SIP/2.0 99 a", "SIP/2.0 200x", "GET / HTTP/1.1", ""})
    CHECK(text_start_line(line, "SIP/2.0").kind == TextStartLine::Kind::kNone);
}

TEST_CASE("text protocol: what first bytes may become") {
  CHECK(text_prefix("INVITE sip:a SIP/2.0\r\n", "SIP/2.0") == TextPrefix::kYes);
  CHECK(text_prefix("INV", "SIP/2.0") == TextPrefix::kMore);
  CHECK(text_prefix("SIP/2.0 200", "SIP/2.0") == TextPrefix::kMore);
  CHECK(text_prefix("GET / HTTP/1.1\r\n", "SIP/2.0") == TextPrefix::kNo);
  CHECK(text_prefix("\x16\x03\x01", "SIP/2.0") == TextPrefix::kNo);
  CHECK(text_prefix(std::string(1100, 'A'), "SIP/2.0") == TextPrefix::kNo);
}

TEST_CASE("text protocol: parameters of a field") {
  const std::string_view value = "Digest realm=\"a, stale=true\", nonce=abc,stale=false";
  CHECK(field_parameter(value, "realm") == "a, stale=true");
  CHECK(field_parameter(value, "NONCE") == "abc");
  CHECK(field_parameter(value, "stale") == "false");
  CHECK(field_parameter(value, "once").empty());
  CHECK(field_parameter("<sip:1@10.0.0.1>;+u.sip!model.ccm.cisco.com=\"435\"",
                        "+u.sip!model.ccm.cisco.com") == "435");
  CHECK(field_parameter("realm", "realm").empty());
  CHECK(field_parameter("realm=\"open", "realm") == "open");
  CHECK(field_number("042") == 42U);
  CHECK_FALSE(field_number("4x"));
  CHECK_FALSE(field_number("1234567890"));
}

TEST_CASE("text protocol: credentials leave as a digest") {
  const FieldCredentials basic = field_credentials("Basic YWRtaW46YWRtaW4=");
  CHECK(basic.mechanism == "basic");
  CHECK(basic.secret == digest_secret("admin", "admin"));
  CHECK(basic.is_account);
  CHECK(field_credentials("basic YWRtaW46").empty);
  CHECK(field_credentials("Basic !!!").malformed);
  CHECK(field_credentials("Basic").malformed);
  CHECK_FALSE(field_credentials("Basic " + std::string(400, 'A')).secret);
  CHECK(field_credentials("Digest username=\"a\"").mechanism == "digest");
  CHECK(field_credentials("NTLM abc").mechanism == "other");
}

}  // namespace bedrail
