#pragma once

#include <cstdint>

namespace bedrail {

/// How one value stands to another. Unordered: they are counted in different ways and nothing follows.
enum class Order : std::uint8_t { kLess, kEqual, kGreater, kUnordered };

inline Order reversed(Order order) {
  if (order == Order::kLess) return Order::kGreater;
  return order == Order::kGreater ? Order::kLess : order;
}

}  // namespace bedrail
