#pragma once

#include <memory>
#include <optional>

#include "capture/byte_source.h"
#include "capture/raw_packet.h"

namespace bedrail {

/// The largest packet believed. Writers stop at 256 KiB; a larger number is a sign of damage.
inline constexpr std::uint32_t kMaxCapturedLength = 1024 * 1024;

/// What one look at the window gave.
struct Parsed {
  std::size_t packets = 0;      ///< written to the front of `out`
  std::size_t consumed = 0;     ///< bytes of the window dealt with
  std::uint64_t skip = 0;       ///< bytes to pass over after those, in view or not
  std::size_t wanted = 0;       ///< bytes the next record needs in view; 0: nothing is missing
  const char* unit = "packet";  ///< what that record is, for the account of a cut file
  bool optional = false;        ///< where the data end before `wanted`, look again all the same
  bool inside = false;          ///< the data may not end here, even where none are left
  std::string damage;           ///< why the bytes after `consumed` cannot be read; nothing follows
};

/// One file format: finds the packets in a window of bytes. Keeps what the format's headers said.
class CaptureFormat {
 public:
  virtual ~CaptureFormat() = default;
  /// Reads whole records from the front of `window`. Sets data, lengths, link and time of each packet; a
  /// packet without a time gets the one before. Nothing is kept about a record that was not consumed.
  virtual Parsed parse(Bytes window, std::span<RawPacket> out) = 0;
  /// Registry numbers of the link types of the packets so far, ascending.
  [[nodiscard]] const std::vector<std::uint16_t>& link_types() const { return link_types_; }
  /// Packets the capturing side says it lost.
  [[nodiscard]] virtual std::uint64_t drops() const { return 0; }

 protected:
  void note_link(std::uint16_t number);

 private:
  std::vector<std::uint16_t> link_types_;
};

/// The format that begins like `head` (12 bytes suffice); empty where it is none of ours.
std::unique_ptr<CaptureFormat> format_of(Bytes head);

std::unique_ptr<CaptureFormat> pcap_format();
std::unique_ptr<CaptureFormat> pcapng_format();
/// True where `head` begins a pcap, or a pcapng, file.
bool is_pcap(Bytes head);
bool is_pcapng(Bytes head);

/// The decoder's link type of a number of the LINKTYPE_ registry.
LinkType link_type(std::uint16_t number);

}  // namespace bedrail
