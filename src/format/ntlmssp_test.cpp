#include "format/ntlmssp.h"

#include <doctest/doctest.h>

#include "ntlmssp_builder.h"

namespace bedrail {

using ntlmssp::Proof;
using test::le;
using test::NtlmsspBuilder;
using test::wide;

TEST_CASE("ntlmssp: a negotiate message gives flags, version and the OEM names") {
  const std::string text = NtlmsspBuilder(1)
                               .raw(le(0xe2083297, 4))
                               .field("WARD")
                               .field("PC-7")
                               .raw(NtlmsspBuilder::version(10, 0, 19041))
                               .build();
  const auto m = ntlmssp::parse(as_bytes(text));
  REQUIRE(m);
  CHECK(m->type == ntlmssp::MessageType::kNegotiate);
  CHECK(m->flags == 0xe2083297);
  REQUIRE(m->version);
  CHECK(m->version->text() == "10.0.19041");
  CHECK(m->domain == "WARD");
  CHECK(m->workstation == "PC-7");
  CHECK_FALSE(m->truncated);
}

TEST_CASE("ntlmssp: names are ignored where their flags are not set") {
  const std::string text = NtlmsspBuilder(1)
                               .raw(le(0xe2080297, 4))
                               .field("WARD")
                               .field("PC-7")
                               .raw(NtlmsspBuilder::version(10, 0, 19041))
                               .build();
  const auto m = ntlmssp::parse(as_bytes(text));
  REQUIRE(m);
  CHECK(m->domain.empty());
  CHECK(m->workstation.empty());
}

TEST_CASE("ntlmssp: a challenge gives the server's names, time and version, also within a token") {
  const auto m = ntlmssp::find_and_parse(as_bytes(
      "\x60\x30NTLMSSP\x01 not yet" + test::ntlm_challenge("PACS01", "CLINIC", 10, 0, 17763) + "tail"));
  REQUIRE(m);
  CHECK(m->type == ntlmssp::MessageType::kChallenge);
  CHECK(m->version->text() == "10.0.17763");
  CHECK(m->target_name == "CLINIC");
  CHECK(m->target.netbios_computer == "PACS01");
  CHECK(m->target.netbios_domain == "CLINIC");
  CHECK(m->target.dns_computer == "PACS01.CLINIC.example");
  CHECK(m->target.dns_domain == "CLINIC.example");
  CHECK(m->target.dns_forest.empty());
  REQUIRE(m->target.server_time);
  CHECK(format_date(*m->target.server_time) == "2026-06-19");
  CHECK_FALSE(m->truncated);
}

TEST_CASE("ntlmssp: what proves the account is told by the responses' lengths") {
  const auto proof = [](const std::string& nt, const std::string& lm, std::uint32_t flags,
                        std::string_view user = "nurse") {
    const auto m = ntlmssp::parse(as_bytes(test::ntlm_authenticate("CLINIC", user, "PC-7", nt, lm, flags)));
    REQUIRE(m);
    CHECK(m->machine_account.empty());
    CHECK(m->workstation == "PC-7");
    CHECK(m->domain == "CLINIC");
    return m->proof;
  };
  CHECK(proof(std::string(24, 'n'), std::string(24, 'l'), 0x02000201) == Proof::kNtlmV1);
  CHECK(proof(std::string(24, 'n'), std::string(24, 'l'), 0x02080201) == Proof::kNtlmV1Extended);
  CHECK(proof("", std::string(24, 'l'), 0x02000201) == Proof::kLmV1);
  CHECK(proof(std::string(60, 'n'), std::string(24, 'l'), 0x02080201) == Proof::kNtlmV2);
  CHECK(proof("", std::string(1, '\0'), 0x02080a01, "") == Proof::kAnonymous);
  CHECK(proof("", "", 0x02080201, "") == Proof::kAnonymous);
  CHECK(proof("", "", 0x02080201) == Proof::kNone);
}

TEST_CASE("ntlmssp: a machine's account is kept, a person's never") {
  const auto m = ntlmssp::parse(
      as_bytes(test::ntlm_authenticate("CLINIC", "CT-ROOM2$", "", std::string(60, 'n'), "", 0x02080201)));
  REQUIRE(m);
  CHECK(m->machine_account == "CT-ROOM2$");
  CHECK(m->workstation.empty());
}

TEST_CASE("ntlmssp: an NTLMv2 response repeats the server's names and says which service was meant") {
  const std::string blob = std::string(16, 'p') + std::string("\1\1", 2) + std::string(26, '\0') +
                           NtlmsspBuilder::pair(1, wide("PACS01")) +
                           NtlmsspBuilder::pair(9, wide("cifs/10.0.0.5")) + NtlmsspBuilder::pair(0, "");
  const auto m = ntlmssp::parse(as_bytes(test::ntlm_authenticate("", "x", "PC-7", blob, "")));
  REQUIRE(m);
  CHECK(m->proof == Proof::kNtlmV2);
  CHECK(m->target.netbios_computer == "PACS01");
  CHECK(m->target.service == "cifs/10.0.0.5");
}

TEST_CASE("ntlmssp: every cut and every wrong offset is survived; what is not there is not invented") {
  for (const std::string& whole :
       {test::ntlm_challenge("PACS01", "CLINIC", 6, 1, 7601),
        test::ntlm_authenticate("CLINIC", "CT$", "PC-7", std::string(60, 'n'), std::string(24, 'l'))}) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const auto m = ntlmssp::parse(as_bytes(std::string_view(whole).substr(0, size)));
      if (m && size < whole.size() - 1) CHECK((m->truncated || m->target_name.empty()));
    }
    for (std::size_t i = 12; i < whole.size(); ++i) {
      std::string bent = whole;
      bent[i] = static_cast<char>(0xff);
      (void)ntlmssp::parse(as_bytes(bent));
    }
  }
  CHECK_FALSE(ntlmssp::parse(as_bytes(NtlmsspBuilder(4).raw(std::string(60, '\0')).build())));
  CHECK_FALSE(ntlmssp::find_and_parse(as_bytes("no token here")));
}

}  // namespace bedrail
