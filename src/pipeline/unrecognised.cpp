#include "pipeline/unrecognised.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace bedrail {
namespace {

/// From here on a system chooses ports itself; a server's that is as high says as little.
constexpr std::uint16_t kDynamic = 32768;

/// Printable bytes as they are, others as \xNN.
std::string text_of(const Front& front) {
  std::string out;
  for (std::size_t i = 0; i < front.length; ++i) {
    const std::uint8_t byte = front.bytes[i];
    if (byte < 0x20 || byte > 0x7e || byte == '\\') {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += static_cast<char>(byte);
    }
  }
  return out;
}

bool more_bytes(const UnrecognisedTable::Rows::value_type* a, const UnrecognisedTable::Rows::value_type* b) {
  return std::tie(b->second.bytes, a->first) < std::tie(a->second.bytes, b->first);
}

template <typename To>
void add_to(To& to, const UnrecognisedTable::Row& row) {
  to.flows += row.flows;
  to.packets += row.packets;
  to.bytes += row.bytes;
}

}  // namespace

void UnrecognisedTable::add(const Flow& flow) {
  Key key{flow.key.transport, flow.server().port, {flow.front[0], flow.front[1]}};
  if (key.port >= kDynamic && flow.client().port >= kDynamic) key.port = 0;
  const auto [found, added] = rows_.try_emplace(key);
  Row& row = found->second;
  if (added || flow.first.sequence < row.example.sequence) row.example = flow.first;
  add_to(row, {1, flow.packets[0] + flow.packets[1], flow.bytes[0] + flow.bytes[1], {}});
  if (rows_.size() > limit_) prune();
}

void UnrecognisedTable::merge(const UnrecognisedTable& other) {
  for (const auto& [key, row] : other.rows_) {
    const auto [found, added] = rows_.try_emplace(key, row);
    if (added) continue;
    add_to(found->second, row);
    if (row.example.sequence < found->second.example.sequence) found->second.example = row.example;
  }
  rest_.flows += other.rest_.flows;
  rest_.packets += other.rest_.packets;
  rest_.bytes += other.rest_.bytes;
}

/// Half of the rows go at once, so that a row costs the same however many there are.
void UnrecognisedTable::prune() {
  std::vector<Rows::value_type*> order;
  order.reserve(rows_.size());
  for (auto& row : rows_) order.push_back(&row);
  const auto kept = order.begin() + static_cast<std::ptrdiff_t>(limit_ / 2);
  std::nth_element(order.begin(), kept, order.end(), more_bytes);
  for (auto row = kept; row != order.end(); ++row) {
    add_to(rest_, (*row)->second);
    (*row)->second.dropped = true;
  }
  absl::erase_if(rows_, [](const Rows::value_type& row) { return row.second.dropped; });
}

std::vector<UnrecognisedTraffic> UnrecognisedTable::largest(std::size_t most, ProtocolTotals& rest) const {
  rest.flows += rest_.flows;
  rest.packets += rest_.packets;
  rest.bytes += rest_.bytes;
  std::vector<UnrecognisedTraffic> out;
  std::vector<const Rows::value_type*> order;
  order.reserve(rows_.size());
  for (const auto& row : rows_) order.push_back(&row);
  std::sort(order.begin(), order.end(), more_bytes);
  for (const auto* each : order) {
    const auto& [key, row] = *each;
    if (out.size() == most) {
      add_to(rest, row);
      continue;
    }
    UnrecognisedTraffic& to = out.emplace_back();
    to.transport = to_string(key.transport);
    if (key.port != 0) to.port = key.port;
    to.client_bytes = text_of(key.first[0]);
    to.server_bytes = text_of(key.first[1]);
    add_to(to, row);
    to.file = row.example.file;
    to.frame = row.example.frame;
  }
  return out;
}

}  // namespace bedrail
