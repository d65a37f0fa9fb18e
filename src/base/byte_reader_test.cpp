#include "base/byte_reader.h"

#include <doctest/doctest.h>

#include <array>

using namespace bedrail;

namespace {
const std::array<std::byte, 16> kData = [] {
  std::array<std::byte, 16> data;
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::byte>(0xf0 + i);
  return data;
}();
}  // namespace

TEST_CASE("numbers are read in both byte orders") {
  ByteReader big(kData);
  CHECK(big.u8() == 0xf0);
  CHECK(big.be16() == 0xf1f2);
  CHECK(big.be24() == 0xf3f4f5);
  CHECK(big.be32() == 0xf6f7f8f9U);
  CHECK(big.remaining() == 6);
  CHECK(big.be64() == 0);
  CHECK_FALSE(big.ok());
  ByteReader little(kData);
  CHECK(little.le16() == 0xf1f0);
  CHECK(little.le24() == 0xf4f3f2);
  CHECK(little.le32() == 0xf8f7f6f5U);
  little.seek(8);
  CHECK(little.le64() == 0xfffefdfcfbfaf9f8ULL);
  CHECK(little.ok());
  little.seek(0);
  CHECK(little.be64() == 0xf0f1f2f3f4f5f6f7ULL);
}

TEST_CASE("a read past the end fails, gives zeros from then on and stays failed") {
  ByteReader reader(Bytes(kData).first(3));
  CHECK(reader.be16() == 0xf0f1);
  CHECK(reader.be24() == 0);
  CHECK_FALSE(reader.ok());
  CHECK(reader.u8() == 0);
  CHECK(reader.bytes(1).empty());
  reader.seek(0);
  CHECK_FALSE(reader.ok());
  CHECK(reader.remaining() == 0);
}

TEST_CASE("a fixed header is read by place, and is zero where it is cut") {
  ByteReader reader(kData);
  const auto header = reader.fixed<12>();
  CHECK(reader.position() == 12);
  CHECK(header.u8<0>() == 0xf0);
  CHECK(header.be16<1>() == 0xf1f2);
  CHECK(header.be32<8>() == 0xf8f9fafbU);
  CHECK(header.le16<10>() == 0xfbfa);
  CHECK(header.le32<0>() == 0xf3f2f1f0U);
  CHECK(header.bytes<4, 2>().size() == 2);
  const auto cut = reader.fixed<5>();
  CHECK_FALSE(reader.ok());
  CHECK(cut.be32<0>() == 0);
}
