#include "format/dcerpc.h"

#include <doctest/doctest.h>

namespace bedrail {

using namespace std::string_literals;

namespace {

dcerpc::Uuid samr() {
  return {0x12, 0x34, 0x57, 0x78, 0x12, 0x34, 0xab, 0xcd, 0xef, 0x00, 0x01, 0x23, 0x45, 0x67, 0x89, 0xac};
}

/// A tower of three floors: the interface, how it is encoded, a port.
std::string tower() {
  const std::string uuid = "\x78\x57\x34\x12\x34\x12\xcd\xab\xef\x00\x01\x23\x45\x67\x89\xac"s;
  const std::string octets = "\x03\x00"s + "\x13\x00\x0d"s + uuid + "\x01\x00\x02\x00\x00\x00"s +
                             "\x13\x00\x0d"s + uuid + "\x01\x00\x02\x00\x00\x00"s +
                             "\x01\x00\x07\x02\x00\xc0\x03"s;
  const std::string size = std::string(1, static_cast<char>(octets.size())) + std::string(3, '\0');
  return size + size + octets;
}

}  // namespace

TEST_CASE("dcerpc: interfaces by their UUID") {
  CHECK(dcerpc::to_text(samr()) == "12345778-1234-abcd-ef00-0123456789ac");
  const dcerpc::Interface* known = dcerpc::find_interface(samr());
  REQUIRE(known != nullptr);
  CHECK(known->name == "samr");
  CHECK(known->sensitive);
  CHECK(dcerpc::operation_name("samr", 13) == "EnumerateUsersInDomain");
  CHECK(dcerpc::operation_name("samr", 1).empty());
  dcerpc::Uuid other = samr();
  other[15] = 0;
  CHECK(dcerpc::find_interface(other) == nullptr);
}

TEST_CASE("dcerpc: towers are found among a mapper's results, and cut ones are not") {
  const dcerpc::Header header;
  const std::string stub = std::string(32, '\0') + tower() + "\0\0\0"s;
  std::size_t at = 0;
  const auto found = dcerpc::next_tower(header, as_bytes(stub), at);
  REQUIRE(found);
  CHECK(found->interface == samr());
  CHECK(found->tcp_port == 49155);
  CHECK(found->pipe.empty());
  CHECK_FALSE(dcerpc::next_tower(header, as_bytes(stub), at));
  at = 0;
  CHECK_FALSE(dcerpc::next_tower(header, as_bytes(tower().substr(0, 30)), at));
}

TEST_CASE("dcerpc: a host's bindings end with the last one") {
  const std::string stub = std::string(16, '\0') + "\x07\0C\0T\0\0\0\x07\0001\0\0\0\0\0\x09\0"s;
  std::size_t at = 0;
  CHECK(dcerpc::next_binding(as_bytes(stub), at) == "CT");
  CHECK(dcerpc::next_binding(as_bytes(stub), at) == "1");
  CHECK_FALSE(dcerpc::next_binding(as_bytes(stub), at));
  at = 0;
  CHECK_FALSE(dcerpc::next_binding(as_bytes(stub.substr(0, 20)), at));
}

TEST_CASE("dcerpc: lengths that do not fit are refused") {
  CHECK_FALSE(dcerpc::read_header({}));
  CHECK_FALSE(
      dcerpc::read_header(as_bytes("\x05\x00\x00\x03\x10\x00\x00\x00\x0f\x00\x00\x00\x00\x00\x00\x00"s)));
  CHECK_FALSE(
      dcerpc::read_header(as_bytes("\x05\x00\x00\x03\x20\x00\x00\x00\x1f\x00\x00\x00\x00\x00\x00\x00"s)));
  const std::string unit = "\x05\x00\x0b\x03\x10\x00\x00\x00\x18\x00\x08\x00\x00\x00\x00\x00"s;
  CHECK_FALSE(dcerpc::read_header(as_bytes(unit.substr(0, 8) + "\x17\x00\x08\x00\x00\x00\x00\x00"s)));
  const auto header = dcerpc::read_header(as_bytes(unit.substr(0, 8) + "\x20\x00\x08\x00\x00\x00\x00\x00"s));
  REQUIRE(header);
  CHECK_FALSE(dcerpc::read_security(*header, as_bytes(unit)));
}

}  // namespace bedrail
