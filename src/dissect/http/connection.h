#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "dissect/dissector.h"
#include "dissect/http/call.h"
#include "dissect/http/credentials.h"
#include "dissect/http/head.h"
#include "dissect/http/medical.h"
#include "dissect/http/path.h"

namespace bedrail::http {

/// Largest head that is read; web servers themselves stop at 8 to 16 KiB.
inline constexpr std::uint32_t kHeadLimit = 16 * 1024;

/// Who sends requests and who answers; mostly the flow's client and server, swapped where the flow's start
/// was not captured and its ends were taken the wrong way round.
struct Sides {
  bool known = false;
  bool swapped = false;
  [[nodiscard]] bool is_requester(Direction d) const { return (d == Direction::kToServer) != swapped; }
  [[nodiscard]] Party client(const Observer& out) const { return swapped ? out.server() : out.client(); }
  [[nodiscard]] Party server(const Observer& out) const { return swapped ? out.client() : out.server(); }
};

/// What is remembered of a request until its answer: fixed size, no text but what `device_path` lets through.
struct Exchange {
  bool head = false;  ///< its answer has no body
  bool connect = false;
  bool proxied = false;     ///< the answer's product is the origin's, not this server's
  bool front_page = false;  ///< its title may be read
  bool form_pending = false;
  bool in_address = false;  ///< the login stood in the address
  std::uint8_t path_size = 0, host_size = 0;
  std::array<char, 64> path;
  std::array<char, 64> host;
  Attempt login;
  Call call;
};

/// What a flow says, once each: the meaning side of HTTP. Trivially destructible.
class Speaker {
 public:
  Sides sides;

  void request(const Head& head, Observer& out);
  /// Takes the exchange that this response answers (none after a gap or where one side only was captured).
  void response(const Head& head, const Exchange* exchange, Observer& out);
  /// A form's body, of the request heard last.
  void form(std::string_view body, Content content, Observer& out);
  /// The body of a medical interface's or a printer's message: of the request heard last, or of the answer
  /// heard last. `complete`: all of it is there. False where it is malformed.
  bool body(std::string_view body, Content content, bool request, bool complete, Observer& out);
  void page(std::string_view html, Observer& out);
  void description(std::string_view xml, Observer& out);
  void settle(const Attempt& login, Outcome outcome, Observer& out);
  /// True where a form's outcome waits for what the body of the answer heard last says.
  [[nodiscard]] bool awaits_answer() const { return static_cast<bool>(waiting_); }
  /// The body of that answer, or as much as came of it; empty where none is read.
  void answer(std::string_view text, Observer& out);
  void anomaly(unsigned bit, std::string_view name, Observer& out);

  /// The oldest request without an answer; none: nullptr.
  Exchange* oldest() { return pending_ == 0 ? nullptr : &exchanges_[first_]; }
  void drop_oldest() { first_ = static_cast<std::uint8_t>((first_ + 1) % exchanges_.size()), --pending_; }
  /// Nobody can tell any more which answer belongs to which request: logins end with an unknown outcome.
  void forget(Observer& out);

 private:
  Exchange& push(Observer& out);
  void offer(std::string_view protocol, std::string_view product, std::string_view version, Observer& out);
  void software(const Software& software, Observer& out);
  void called(const Call& call, const Head& head, Observer& out);
  void product(const Head& head, bool proxied, Observer& out);
  void challenge(std::string_view value, Observer& out);
  bool changed(std::uint64_t& last, std::uint8_t& count, std::string_view text);

  std::array<Exchange, 4> exchanges_{};
  std::uint8_t first_ = 0, pending_ = 0;
  std::uint8_t ntlm_said_ = 0;
  std::uint8_t agents_ = 0, realms_ = 0, paths_ = 0;
  bool service_said_ = false, product_said_ = false, powered_said_ = false, name_said_ = false,
       title_said_ = false, description_said_ = false;
  bool ntlm_used_ = false;
  std::uint32_t anomalies_ = 0;
  std::uint64_t last_agent_ = 0, last_realm_ = 0, last_path_ = 0;
  Attempt last_login_;
  Attempt waiting_;  ///< a form's, which was answered with a page
  Outcome last_outcome_ = Outcome::kUnknown;
  Call answered_;                ///< what the answer heard last is to
  std::uint8_t interfaces_ = 0;  ///< bits of those whose service was told
  Said said_;
};

}  // namespace bedrail::http
