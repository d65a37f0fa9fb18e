#pragma once

#include <memory>
#include <string>

#include "base/bytes.h"

struct evp_md_ctx_st;

namespace bedrail {

/// SHA-256 over bytes handed over piece by piece.
class Sha256 {
 public:
  Sha256();
  void update(Bytes bytes);
  /// Lower-case hexadecimal of the digest; call once, at the end. Empty where the library refused.
  std::string finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace bedrail
