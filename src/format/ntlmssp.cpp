#include "format/ntlmssp.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/byte_reader.h"
#include "base/text.h"

namespace bedrail::ntlmssp {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kSignature = "NTLMSSP\0"sv;
/// NetBIOS names have 15 characters, DNS names 255; longer ones are not names.
constexpr std::size_t kNameLimit = 256;
constexpr unsigned kMostPairs = 32;
/// Seconds between 1601-01-01 (FILETIME) and 1970-01-01.
constexpr std::uint64_t kFiletimeEpochSeconds = 11'644'473'600ULL;
constexpr std::uint64_t kFiletimePerSecond = 10'000'000ULL;

/// A field's place in the message (MS-NLMP: Len, MaxLen, BufferOffset).
struct Field {
  std::uint16_t length = 0;
  std::uint32_t offset = 0;
};

Field read_field(ByteReader& reader) {
  Field field;
  field.length = reader.le16();
  reader.skip(2);
  field.offset = reader.le32();
  return field;
}

class Parser {
 public:
  explicit Parser(Bytes bytes) : bytes_(bytes), reader_(bytes) {}

  std::optional<Message> run() {
    if (reader_.text(kSignature.size()) != kSignature) return std::nullopt;
    const std::uint32_t type = reader_.le32();
    if (type < 1 || type > 3) return std::nullopt;
    message_.type = static_cast<MessageType>(type);
    const bool read = type == 1 ? negotiate() : type == 2 ? challenge() : authenticate();
    if (!read) return std::nullopt;
    return std::move(message_);
  }

 private:
  /// Domain and workstation are always in the OEM character set here (2.2.1.1).
  bool negotiate() {
    message_.flags = reader_.le32();
    if (!reader_.ok()) return false;
    // Old clients send the flags alone.
    if (reader_.remaining() < 16) return true;
    const Field domain = read_field(reader_);
    const Field workstation = read_field(reader_);
    version(lowest(domain, workstation));
    if ((message_.flags & kFlagOemDomainSupplied) != 0)
      message_.domain = clean_text(as_text(slice(domain)), kNameLimit);
    if ((message_.flags & kFlagOemWorkstationSupplied) != 0)
      message_.workstation = clean_text(as_text(slice(workstation)), kNameLimit);
    return true;
  }

  bool challenge() {
    const Field name = read_field(reader_);
    message_.flags = reader_.le32();
    reader_.skip(8);  // the challenge itself
    if (!reader_.ok()) return false;
    message_.target_name = text(name);
    if (reader_.remaining() < 16) return true;  // before Windows 2000 the message ended here
    reader_.skip(8);
    const Field info = read_field(reader_);
    version(lowest(name, info));
    if ((message_.flags & kFlagTargetInfo) != 0) pairs(slice(info));
    return true;
  }

  bool authenticate() {
    const Field lm = read_field(reader_);
    const Field nt = read_field(reader_);
    const Field domain = read_field(reader_);
    const Field user = read_field(reader_);
    const Field workstation = read_field(reader_);
    if (!reader_.ok()) return false;
    const std::size_t payload = std::min(lowest(domain, user), lowest(workstation, lm));
    // Windows 95 and NT 3 end here: without session key there are no flags either.
    if (reader_.remaining() >= 12 && payload >= reader_.position() + 12) {
      reader_.skip(8);
      message_.flags = reader_.le32();
      version(payload);
    } else {
      message_.flags = kFlagUnicode;
    }
    message_.domain = text(domain);
    message_.workstation = text(workstation);
    prove(lm, nt, user);
    return true;
  }

  void prove(const Field& lm, const Field& nt, const Field& user) {
    if (nt.length == 0 && (lm.length <= 1 || (message_.flags & kFlagAnonymous) != 0)) {
      if (user.length == 0 || (message_.flags & kFlagAnonymous) != 0) message_.proof = Proof::kAnonymous;
    } else if (nt.length > 24) {
      message_.proof = Proof::kNtlmV2;
      // 16 bytes of proof, then the client's challenge, whose pairs begin after 28 bytes (2.2.2.7).
      const Bytes response = slice(nt);
      if (response.size() > 44) pairs(response.subspan(44));
    } else if (nt.length == 24) {
      message_.proof =
          (message_.flags & kFlagExtendedSessionSecurity) != 0 ? Proof::kNtlmV1Extended : Proof::kNtlmV1;
    } else if (lm.length == 24) {
      message_.proof = Proof::kLmV1;
    }
    // Only the last character is judged; a person's account is never turned into text.
    const std::size_t unit = unicode() ? 2 : 1;
    const Bytes account = slice(user);
    if (account.size() > unit && static_cast<char>(account[account.size() - unit]) == '$')
      message_.machine_account = text(user);
  }

  void pairs(Bytes bytes) {
    ByteReader reader(bytes);
    for (unsigned i = 0; i < kMostPairs && reader.remaining() >= 4; ++i) {
      const std::uint16_t id = reader.le16();
      const std::uint16_t length = reader.le16();
      const Bytes value = reader.bytes(length);
      if (!reader.ok()) {
        message_.truncated = true;
        return;
      }
      TargetInfo& t = message_.target;
      switch (id) {
        case 0:
          return;
        case 1:
          t.netbios_computer = utf16le_to_utf8(value, kNameLimit);
          break;
        case 2:
          t.netbios_domain = utf16le_to_utf8(value, kNameLimit);
          break;
        case 3:
          t.dns_computer = utf16le_to_utf8(value, kNameLimit);
          break;
        case 4:
          t.dns_domain = utf16le_to_utf8(value, kNameLimit);
          break;
        case 5:
          t.dns_forest = utf16le_to_utf8(value, kNameLimit);
          break;
        case 7:
          t.server_time = filetime(value);
          break;
        case 9:
          t.service = utf16le_to_utf8(value, kNameLimit);
          break;
        default:
          break;
      }
    }
  }

  static std::optional<Timestamp> filetime(Bytes value) {
    ByteReader reader(value);
    const std::uint64_t ticks = reader.le64();
    const std::uint64_t seconds = ticks / kFiletimePerSecond;
    // What 64 bits of nanoseconds since 1970 can hold ends in 2262.
    if (!reader.ok() || seconds < kFiletimeEpochSeconds || seconds - kFiletimeEpochSeconds > 9'000'000'000ULL)
      return std::nullopt;
    const auto nanoseconds = static_cast<std::int64_t>((seconds - kFiletimeEpochSeconds) * 1'000'000'000ULL +
                                                       ticks % kFiletimePerSecond * 100);
    return Timestamp{nanoseconds};
  }

  /// Present where the flag says so and no field's content already lies there.
  void version(std::size_t payload) {
    if ((message_.flags & kFlagVersion) == 0 || reader_.remaining() < 8 || payload < reader_.position() + 8)
      return;
    Version v;
    v.major = reader_.u8();
    v.minor = reader_.u8();
    v.build = reader_.le16();
    reader_.skip(4);
    if (v.major != 0) message_.version = v;
  }

  static std::size_t lowest(const Field& a, const Field& b) {
    const std::size_t x = a.length > 0 ? a.offset : ~std::size_t{0};
    return std::min(x, b.length > 0 ? std::size_t{b.offset} : ~std::size_t{0});
  }
  [[nodiscard]] bool unicode() const { return (message_.flags & kFlagUnicode) != 0; }

  Bytes slice(const Field& field) {
    if (field.length == 0) return {};
    ByteReader reader(bytes_);
    reader.seek(field.offset);
    const Bytes found = reader.bytes(field.length);
    if (!reader.ok()) message_.truncated = true;
    return found;
  }
  std::string text(const Field& field) {
    const Bytes raw = slice(field);
    return unicode() ? utf16le_to_utf8(raw, kNameLimit) : clean_text(as_text(raw), kNameLimit);
  }

  Bytes bytes_;
  ByteReader reader_;
  Message message_;
};

}  // namespace

std::string Version::text() const { return fmt::format("{}.{}.{}", major, minor, build); }

Bytes find(Bytes bytes) {
  const std::string_view text = as_text(bytes);
  for (std::size_t at = text.find(kSignature); at != std::string_view::npos;
       at = text.find(kSignature, at + 1)) {
    ByteReader reader(bytes.subspan(at + kSignature.size()));
    const std::uint32_t type = reader.le32();
    if (reader.ok() && type >= 1 && type <= 3) return bytes.subspan(at);
  }
  return {};
}

std::optional<Message> parse(Bytes bytes) { return Parser(bytes).run(); }

std::optional<Message> find_and_parse(Bytes bytes) {
  const Bytes found = find(bytes);
  if (found.empty()) return std::nullopt;
  return parse(found);
}

std::string_view mechanism(Proof proof) {
  switch (proof) {
    case Proof::kAnonymous:
      return "anonymous";
    case Proof::kLmV1:
      return "lmv1";
    case Proof::kNtlmV1:
    case Proof::kNtlmV1Extended:
      return "ntlmv1";
    case Proof::kNtlmV2:
      return "ntlmv2";
    case Proof::kNone:
      break;
  }
  return "";
}

}  // namespace bedrail::ntlmssp
