#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "dissect/dicom/data_set.h"
#include "dissect/dissector.h"

namespace bedrail::dicom {

/// Which clues about an equipment were already said in an association. A forwarder sends the images of many:
/// each new value is said, up to a bound, so that whoever judges can see that one sender speaks for several
/// machines.
class EquipmentMemory {
 public:
  static constexpr std::size_t kTags = 12;
  /// True where `value` differs from the last one of the same tag, as long as few were said.
  bool is_news(std::size_t tag_index, std::string_view value);

 private:
  static constexpr std::uint8_t kMost = 64;
  std::array<std::uint32_t, kTags> last_{};
  std::uint8_t said_ = 0;
};

/// Reads one data set's wanted elements: tells of the equipment where the sender is the equipment, and
/// remembers which kinds of patient data stand in it, never their values.
class DataSetReader final : public ElementSink {
 public:
  /// `equipment`: the sender of this data set made it. `latin1`: (0008,0005) of this data set said ISO_IR
  /// 100.
  DataSetReader(bool equipment, const Party& sender, Role role, EquipmentMemory& memory,
                std::uint8_t& patient, bool& latin1, Observer& out)
      : equipment_(equipment),
        sender_(&sender),
        role_(role),
        memory_(&memory),
        patient_(&patient),
        latin1_(&latin1),
        out_(&out) {}

  void element(Tag tag, std::string_view value) override;
  [[nodiscard]] bool wants(Tag tag) const override;

 private:
  bool equipment_;
  const Party* sender_;
  Role role_;
  EquipmentMemory* memory_;
  std::uint8_t* patient_;
  bool* latin1_;
  Observer* out_;
};

/// The names of a set of patient data kinds ("name,id,birth-date"); empty where nothing in it identifies
/// anybody.
std::string patient_fields(std::uint8_t kinds);

}  // namespace bedrail::dicom
