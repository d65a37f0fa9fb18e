#pragma once

#include <string>
#include <utility>

#include "identify/ballot.h"
#include "model/device_facts.h"
#include "observations.h"

// Devices' facts and votes for the tests of what is made of them.

namespace bedrail::test {

/// A device at 10.0.0.5 that was seen, and of which nothing else is known.
inline DeviceFacts some_device(std::string_view address = "10.0.0.5") {
  DeviceFacts out;
  out.id = "dev-0000000000000001";
  out.addresses.push_back({ip(address), ref(1).time, ref(9).time, ref(1), "arp"});
  out.first = ref(1);
  out.last = ref(9);
  out.is_internal = out.addresses.front().ip.is_private();
  return out;
}
inline DeviceFacts& with_mac(DeviceFacts& device, std::string_view text) {
  device.macs.push_back(mac(text));
  device.macs_seen.push_back(ref(1));
  return device;
}
inline void add_clue(DeviceFacts& device, std::uint64_t n, std::string key, std::string value,
                     Role role = Role::kSelf) {
  std::string protocol = key.substr(0, key.find('.'));
  device.clues.push_back(
      {std::move(key), std::move(value), role, std::move(protocol), ref(n), ref(n).time, 1});
}
inline void add_name(DeviceFacts& device, std::uint64_t n, std::string kind, std::string name) {
  std::string protocol = kind;
  device.names.push_back({std::move(kind), std::move(name), std::move(protocol), ref(n), 1});
}
inline void add_service(DeviceFacts& device, std::uint64_t n, std::string protocol, std::uint16_t port,
                        std::string product = "", std::string version = "") {
  device.services.push_back(
      {Transport::kTcp, port, std::move(protocol), std::move(product), std::move(version), false, 0, ref(n)});
}
inline void add_message(DeviceFacts& device, std::uint64_t n, std::string protocol, std::string message,
                        bool sent) {
  device.messages.push_back({std::move(protocol), std::move(message), "", sent, ref(n), 1});
}

inline Vote vote(std::string value, double confidence, std::string group, std::uint64_t frame = 1) {
  Vote out;
  out.value = std::move(value);
  out.confidence = confidence;
  out.rule = group + " says " + out.value;
  out.source = "test";
  out.evidence = evidence_of(ref(frame), group, "field", out.value);
  out.group = std::move(group);
  return out;
}
inline Ballot ballot_of(std::vector<Vote> votes) {
  Ballot out;
  for (Vote& one : votes) out.add(std::move(one));
  return out;
}

}  // namespace bedrail::test
