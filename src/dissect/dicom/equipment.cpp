#include "dissect/dicom/equipment.h"

#include <algorithm>

#include "base/hash.h"
#include "base/text.h"

namespace bedrail::dicom {
namespace {

struct EquipmentTag {
  Tag tag;
  std::string_view clue;
};

constexpr EquipmentTag kEquipment[] = {
    {0x00080060, "dicom.modality"}, {0x00080070, "dicom.manufacturer"},  {0x00080080, "dicom.institution"},
    {0x00081010, "dicom.station"},  {0x00081040, "dicom.department"},    {0x00081090, "dicom.model"},
    {0x00181000, "dicom.serial"},   {0x00181002, "dicom.device-uid"},    {0x00181008, "dicom.gantry-id"},
    {0x00181020, "dicom.software"}, {DataSetScanner::kUdi, "dicom.udi"},
};
static_assert(std::size(kEquipment) <= EquipmentMemory::kTags);

struct PatientTag {
  Tag tag;
  std::uint8_t kind;  ///< bit in the set
};

constexpr std::string_view kKinds[] = {"name", "id", "birth-date", "sex", "address", "phone"};
constexpr std::uint8_t kSexBit = 1 << 3;
constexpr PatientTag kPatient[] = {
    {0x00100010, 1 << 0}, {0x00100020, 1 << 1}, {0x00100030, 1 << 2}, {0x00100040, kSexBit},
    {0x00101000, 1 << 1}, {0x00101001, 1 << 0}, {0x00101040, 1 << 4}, {0x00102154, 1 << 5},
};
constexpr Tag kCharacterSet = 0x00080005;

template <typename Table>
auto find_tag(const Table& table, Tag tag) {
  return std::find_if(std::begin(table), std::end(table), [tag](const auto& row) { return row.tag == tag; });
}

bool is_alphanumeric(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/// Latin-1 as UTF-8.
std::string from_latin1(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80) out.push_back(static_cast<char>(0xc0 | byte >> 6));
    out.push_back(byte >= 0x80 ? static_cast<char>(0x80 | (byte & 0x3f)) : c);
  }
  return out;
}

}  // namespace

bool EquipmentMemory::is_news(std::size_t tag_index, std::string_view value) {
  const auto digest = static_cast<std::uint32_t>(hash64(value)) | 1;
  if (last_[tag_index] == digest || said_ == kMost) return false;
  last_[tag_index] = digest;
  ++said_;
  return true;
}

bool DataSetReader::wants(Tag tag) const {
  if (find_tag(kPatient, tag) != std::end(kPatient)) return true;
  return equipment_ && (tag == kCharacterSet || find_tag(kEquipment, tag) != std::end(kEquipment));
}

void DataSetReader::element(Tag tag, std::string_view value) {
  if (tag == kCharacterSet) {
    *latin1_ = trim(value) == "ISO_IR 100";
    return;
  }
  if (const auto* row = find_tag(kPatient, tag); row != std::end(kPatient)) {
    // An empty value or a query's wildcard is nobody's.
    if (std::any_of(value.begin(), value.end(), is_alphanumeric)) *patient_ |= row->kind;
    return;
  }
  const auto* row = find_tag(kEquipment, tag);
  if (!equipment_ || row == std::end(kEquipment)) return;
  value = trim(value);
  if (value.empty() || !memory_->is_news(static_cast<std::size_t>(row - std::begin(kEquipment)), value))
    return;
  out_->clue(*sender_, row->clue, *latin1_ ? from_latin1(value) : std::string(value), role_);
}

std::string patient_fields(std::uint8_t kinds) {
  std::string text;
  if ((kinds & ~kSexBit) == 0) return text;
  for (std::size_t i = 0; i < std::size(kKinds); ++i) {
    if ((kinds >> i & 1) == 0) continue;
    if (!text.empty()) text += ',';
    text += kKinds[i];
  }
  return text;
}

}  // namespace bedrail::dicom
