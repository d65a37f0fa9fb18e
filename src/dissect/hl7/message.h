#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "base/hash.h"
#include "base/recent_set.h"
#include "dissect/dissector.h"
#include "dissect/hl7/declared.h"
#include "dissect/hl7/equipment.h"
#include "format/hl7_segment.h"

namespace bedrail {

/// Text of at most `N` bytes without heap memory; longer text is cut.
template <std::size_t N>
class FixedText {
 public:
  FixedText& operator=(std::string_view text) {
    size_ = static_cast<std::uint8_t>(std::min(text.size(), N));
    std::copy_n(text.begin(), size_, bytes_.begin());
    return *this;
  }
  [[nodiscard]] std::string_view view() const { return {bytes_.data(), size_}; }
  [[nodiscard]] bool empty() const { return size_ == 0; }

 private:
  static_assert(N < 256);
  std::array<char, N> bytes_{};
  std::uint8_t size_ = 0;
};

/// What a flow has said already: systems that send a message a second tell the same of themselves in each.
using Hl7Said = RecentSet<128>;

/// Where a message is spoken: the flow's observer, the direction, and what was said before.
struct Hl7Speech {
  Observer& out;
  Direction direction;
  Hl7Said& said;

  [[nodiscard]] Party sender() const {
    return direction == Direction::kToServer ? out.client() : out.server();
  }
  [[nodiscard]] Party receiver() const {
    return direction == Direction::kToServer ? out.server() : out.client();
  }
  void sender_clue(std::string_view key, std::string_view value) const { clue(true, key, value); }
  void receiver_clue(std::string_view key, std::string_view value) const { clue(false, key, value); }
  void application(bool of_sender, std::string_view name) const;
  void version(std::string_view version) const;
  /// A message was taken (MSA-1, table 0008: AA or CA) though nobody had proved who sends it.
  void accepted() const;

 private:
  void clue(bool of_sender, std::string_view key, std::string_view value) const;
};

/// One message (or batch header) as its segments come by. Of fixed size: what waits for the message's end is
/// its type, its status, the kinds of patient data and the device's place.
class Hl7Message {
 public:
  [[nodiscard]] bool open() const { return open_; }
  /// The delimiters of the message; those of its batch before its own header.
  [[nodiscard]] const Hl7Separators& separators() const { return separators_; }
  /// A header segment: MSH opens a message, FHS and BHS only say who speaks. False where it is malformed.
  bool header(std::string_view text, const Hl7Speech& speech);
  /// A further segment of the open message. False where the text is no segment.
  bool segment(std::string_view text, const Hl7Speech& speech);
  /// Says what was gathered.
  void finish(const Hl7Speech& speech);

  /// True for segments that are read at all: others need not be kept.
  static bool is_read(std::string_view id);

 private:
  std::string_view sound(std::string_view text, const Hl7Speech& speech);
  void dispatch(const Hl7Segment& segment, const Hl7Speech& speech);
  void message_type(const Hl7Segment& header, const Hl7Speech& speech);
  void profiles(const Hl7Segment& header, const Hl7Speech& speech);
  void acknowledged(const Hl7Segment& segment, const Hl7Speech& speech);
  void software(const Hl7Segment& segment, const Hl7Speech& speech);
  void patient(const Hl7Segment& segment);
  void visit(const Hl7Segment& segment);
  void order(const Hl7Segment& segment, const Hl7Speech& speech);
  void observation(const Hl7Segment& segment, const Hl7Speech& speech);
  void participation(const Hl7Segment& segment, const Hl7Speech& speech);
  void equipment(const Hl7Segment& segment, std::string_view field, bool of_part, const Hl7Speech& speech);
  /// A statement about the equipment. False where it is the patient's number, and not said.
  bool device_clue(std::string_view key, std::string_view value, const Hl7Speech& speech);
  void another(std::string_view containment, std::string_view eui64, const Hl7Speech& speech);
  void declare(const Hl7Speech& speech);

  Hl7Separators separators_;
  bool open_ = false;
  bool device_ = false;          ///< a device reports of itself
  std::uint16_t patient_ = 0;    ///< bits of the kinds of patient data
  std::uint16_t clues_ = 0;      ///< said of equipment in this message
  std::uint64_t equipment_ = 0;  ///< hash of the equipment named last
  FixedText<24> type_;           ///< "ORU^R01"
  FixedText<8> status_;          ///< of an acknowledgement: "AA"
  FixedText<160> location_;
  Hl7Declared declared_;       ///< the device that the message is about
  Hl7PatientIds patient_ids_;  ///< of this message
  IpAddress device_ip_;        ///< the bedside device's own, where the message tells; unspecified otherwise
};

}  // namespace bedrail
