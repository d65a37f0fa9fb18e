#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace bedrail {

/// A failure of the environment (a file, a feed, a flag): one sentence that says what happened and what to
/// do.
struct Error {
  std::string message;

  /// The same error with where it happened put in front: "FILE:LINE: message".
  [[nodiscard]] Error within(const std::string& where) const { return {where + ": " + message}; }
};

/// A value or the reason why there is none. Our code throws nothing; libraries' exceptions end where they
/// start.
template <typename T>
using Result = tl::expected<T, Error>;

/// `return failure("...")` from any function that gives a Result.
inline tl::unexpected<Error> failure(std::string message) {
  return tl::unexpected<Error>(Error{std::move(message)});
}

}  // namespace bedrail
