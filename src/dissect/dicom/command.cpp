#include "dissect/dicom/command.h"

#include "base/byte_reader.h"
#include "base/text.h"
#include "dissect/dicom/uid_pool.h"

namespace bedrail::dicom {
namespace {

struct Name {
  std::uint16_t field;
  std::string_view request, response;
};

constexpr Name kNames[] = {
    {0x0001, "C-STORE-RQ", "C-STORE-RSP"},   {0x0010, "C-GET-RQ", "C-GET-RSP"},
    {0x0020, "C-FIND-RQ", "C-FIND-RSP"},     {0x0021, "C-MOVE-RQ", "C-MOVE-RSP"},
    {0x0030, "C-ECHO-RQ", "C-ECHO-RSP"},     {0x0100, "N-EVENT-REPORT-RQ", "N-EVENT-REPORT-RSP"},
    {0x0110, "N-GET-RQ", "N-GET-RSP"},       {0x0120, "N-SET-RQ", "N-SET-RSP"},
    {0x0130, "N-ACTION-RQ", "N-ACTION-RSP"}, {0x0140, "N-CREATE-RQ", "N-CREATE-RSP"},
    {0x0150, "N-DELETE-RQ", "N-DELETE-RSP"}, {0x0fff, "C-CANCEL-RQ", ""},
};
constexpr unsigned kCount = std::size(kNames);

unsigned index_of(std::uint16_t field) {
  unsigned i = 0;
  while (i < kCount && kNames[i].field != (field & 0x7fff)) ++i;
  return i;
}

std::uint16_t number(std::string_view value) {
  ByteReader reader(as_bytes(value));
  return reader.le16();
}

}  // namespace

bool parse_command(Bytes bytes, Command& out) {
  ByteReader reader(bytes);
  bool has_field = false;
  while (!reader.empty()) {
    const std::uint16_t group = reader.le16();
    const std::uint16_t element = reader.le16();
    const std::string_view value = reader.text(reader.le32());
    if (!reader.ok() || group != 0) return has_field;
    switch (element) {
      case 0x0002:
        out.sop_class = clean_uid(value);
        break;
      case 0x0003:
        if (out.sop_class.empty()) out.sop_class = clean_uid(value);
        break;
      case 0x0100:
        has_field = value.size() == 2;
        out.field = number(value);
        break;
      case 0x0600:
        out.move_destination = trim(value);
        break;
      case 0x0800:
        out.has_data_set = number(value) != 0x0101;
        break;
      case 0x0900:
        out.status = number(value);
        break;
      case 0x1030:
        out.has_move_originator = !trim(value).empty();
        break;
      default:
        break;
    }
  }
  return has_field;
}

std::string_view command_name(std::uint16_t field) {
  const unsigned index = index_of(field);
  if (index == kCount) return {};
  return (field & 0x8000) != 0 ? kNames[index].response : kNames[index].request;
}

unsigned command_kind(const Command& command) {
  const unsigned index = index_of(command.field);
  if (!command.is_response()) return index;
  const unsigned outcome = command.status == 0 ? 0 : (command.status & 0xfffe) == 0xff00 ? 1 : 2;
  return (kCount + 1) * (1 + outcome) + index;
}

}  // namespace bedrail::dicom
