#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstdint>
#include <vector>

#include "model/device_facts.h"

namespace bedrail {

/// What was said about one subject, each distinct fact once with its first packet and a count.
class FactBook {
 public:
  /// Takes a fact about the subject (`as_peer`: it is the observation's other end). False where a limit kept
  /// it out.
  bool add(const Observation& observation, bool as_peer, std::size_t limit);
  /// Takes over all of another's facts, adding up those that both have. Gives how many a limit kept out.
  std::uint64_t absorb(FactBook&& other, std::size_t limit);
  /// The facts become a device's; the book is empty then.
  void move_into(DeviceFacts& device);
  [[nodiscard]] const std::vector<ClueRecord>& clues() const { return clues_; }

 private:
  struct Taker;
  template <typename Record, typename Make>
  bool keep(std::vector<Record>& records, std::uint64_t key, std::size_t limit, const PacketRef& where,
            Make&& make);
  template <typename Record, typename KeyOf>
  std::uint64_t absorb(std::vector<Record>& into, std::vector<Record>& from, std::size_t limit,
                       KeyOf key_of_record);

  absl::flat_hash_map<std::uint64_t, std::uint32_t> places_;  ///< hash of a fact: its place in its vector
  std::vector<NameRecord> names_;
  std::vector<ClueRecord> clues_;
  std::vector<ServiceRecord> services_;
  std::vector<LoginRecord> logins_;
  std::vector<ProtocolRecord> protocols_;
  std::vector<SessionRecord> sessions_;
  std::vector<PatientDataRecord> patient_data_;
  std::vector<MessageRecord> messages_;
  std::vector<CertificateRecord> certificates_;
};

}  // namespace bedrail
