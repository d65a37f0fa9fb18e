#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstdint>
#include <vector>

#include "model/device_facts.h"

namespace bedrail {

/// Where a mirror shows both sides of a router, everything that crosses it is seen twice: in another VLAN, at
/// nearly the same time.
bool is_routed_copy(std::uint16_t vlan, Timestamp time, std::uint16_t vlan_again, Timestamp again);

/// What was said about one subject, each distinct fact once with its first packet and a count.
class FactBook {
 public:
  /// One number for what an observation says of its subject (`as_peer`: of its other end); the same statement
  /// has the same.
  static std::uint64_t key_of(const Observation& observation, bool as_peer);
  /// Takes a fact with that key about the subject. False where a limit kept it out.
  bool add(const Observation& observation, bool as_peer, std::uint64_t key, std::size_t limit);
  /// Brings nearer what `add` will need of that fact: first its place, a little later the record.
  void prefetch_place(std::uint64_t key) const { places_.prefetch(key); }
  void prefetch_record(const Observation& observation, std::uint64_t key) const;
  /// Takes over all of another's facts, adding up those that both have. Gives how many a limit kept out.
  std::uint64_t absorb(FactBook&& other, std::size_t limit);
  /// The facts become a device's; the book is empty then.
  void move_into(DeviceFacts& device);
  [[nodiscard]] const std::vector<ClueRecord>& clues() const { return clues_; }

 private:
  struct Keyer;
  struct Taker;
  struct Fetcher;
  template <typename Record, typename KeyOf>
  std::uint64_t absorb(std::vector<Record>& into, std::vector<Record>& from, std::size_t limit,
                       KeyOf key_of_record);

  /// Where a fact stands in its vector, and when and in which VLAN it was heard last.
  struct Kept {
    std::uint32_t place = 0;
    std::uint16_t vlan = 0;
    Timestamp heard;
  };
  absl::flat_hash_map<std::uint64_t, Kept> places_;  ///< by hash of the fact
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
