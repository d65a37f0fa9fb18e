#include <algorithm>

#include "base/text.h"
#include "dissect/http/connection.h"
#include "dissect/http/ntlm.h"
#include "dissect/http/page.h"
#include "format/product.h"

namespace bedrail::http {
namespace {

/// A flow that changes its mind more often than this is a proxy or a scanner: what it says first has to do.
constexpr std::uint8_t kDistinctLimit = 4;

template <std::size_t N>
std::uint8_t keep(std::string_view text, std::array<char, N>& room) {
  if (text.size() > room.size()) return 0;
  std::copy(text.begin(), text.end(), room.begin());
  return static_cast<std::uint8_t>(text.size());
}

Outcome outcome_of(const Attempt& login, std::uint16_t status) {
  if (status == 401 || status == 403 || status == 407) return Outcome::kRefused;
  // A form's failure often comes as a page with status 200, and a token may not be looked at: no claim.
  if (login.mechanism == "form" || login.mechanism == "token") return Outcome::kUnknown;
  return status >= 200 && status < 400 ? Outcome::kAccepted : Outcome::kUnknown;
}

/// "1.1 proxy7 (squid/5.7)": the product in the comment of the last Via.
Product product_of_via(std::string_view via) {
  const std::size_t open = via.rfind('(');
  const std::size_t close = via.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return {};
  return product_of_tokens(via.substr(open + 1, close - open - 1));
}

}  // namespace

bool Speaker::changed(std::uint64_t& last, std::uint8_t& count, std::string_view text) {
  if (text.empty() || count >= kDistinctLimit) return false;
  const std::uint64_t hash = hash64(text, 1) | 1;
  if (hash == last) return false;
  last = hash;
  ++count;
  return true;
}

void Speaker::anomaly(unsigned bit, std::string_view name, Observer& out) {
  if ((anomalies_ >> bit & 1) != 0) return;
  anomalies_ |= 1U << bit;
  out.anomaly(name);
}

Exchange& Speaker::push(Observer& out) {
  if (pending_ == exchanges_.size()) {
    settle(oldest()->login, Outcome::kUnknown, out);
    drop_oldest();
  }
  Exchange& slot = exchanges_[(first_ + pending_++) % exchanges_.size()];
  slot = {};
  return slot;
}

void Speaker::forget(Observer& out) {
  for (; pending_ > 0; drop_oldest()) settle(oldest()->login, Outcome::kUnknown, out);
}

void Speaker::request(const Head& head, Observer& out) {
  Exchange& exchange = push(out);
  const Target target = split_target(head.start.method, head.start.target);
  exchange.head = head.start.method == "HEAD";
  exchange.connect = head.start.method == "CONNECT";
  exchange.proxied = target.whole;
  exchange.front_page = head.start.method == "GET" && !target.whole && is_front_page(target);
  if (!target.whole) {
    exchange.path_size = keep(device_path(target.path), exchange.path);
    exchange.host_size = keep(host_name(head.host), exchange.host);
  }
  const Party client = sides.client(out);
  if (changed(last_agent_, agents_, head.user_agent))
    out.clue(client, "http.user-agent", head.user_agent, Role::kClient);
  // A proxy passes Authorization on to the origin: it is no login at the proxy.
  const std::string_view value = target.whole ? head.proxy_authorization : head.authorization;
  const Credentials credentials = split_credentials(value);
  bool bad = false;
  exchange.login = attempt_of(credentials, bad);
  if (bad) anomaly(0, "bad-basic", out);
  if (!exchange.login) exchange.login = read_ntlm(credentials, false, client, ntlm_said_, out);
  if (!exchange.login && !target.whole && !target.query.empty())
    exchange.login = attempt_of_form(target.query);
}

void Speaker::form(std::string_view body, Content content, Observer& out) {
  const Attempt login = content == Content::kForm         ? attempt_of_form(body)
                        : content == Content::kMultipart  ? attempt_of_multipart(body)
                        : content == Content::kXmlRequest ? attempt_of_xml(body)
                                                          : attempt_of_json(body);
  if (!login) return;
  if (pending_ == 0) return settle(login, Outcome::kUnknown, out);
  Exchange& exchange = exchanges_[(first_ + pending_ - 1) % exchanges_.size()];
  if (!exchange.login) exchange.login = login;
}

void Speaker::settle(const Attempt& login, Outcome outcome, Observer& out) {
  // The flow's ends are the wrong way round: a login would be laid at the client's door.
  if (!login || sides.swapped) return;
  // Basic comes again with each request: it is one login until something about it changes.
  if (login == last_login_ && outcome == last_outcome_) return;
  last_login_ = login;
  last_outcome_ = outcome;
  out.login(login.login(outcome));
  const std::string_view ntlm = ntlm_version(login);
  if (ntlm.empty() || ntlm_used_) return;
  ntlm_used_ = true;
  out.used(out.server(), "ntlm", ntlm, outcome == Outcome::kAccepted);
}

void Speaker::product(const Head& head, bool proxied, Observer& out) {
  const std::string_view said = proxied ? std::string_view{} : head.server;
  if (service_said_ && (product_said_ || said.empty())) return;
  const Product product = proxied ? product_of_via(head.via) : product_of_tokens(said);
  if (sides.swapped) {
    out.service_at(sides.server(out), {out.flow().key.transport, out.flow().key.client.port, "http",
                                       std::string(product.name), std::string(product.version), false});
  } else {
    out.service("http", product.name, product.version);
  }
  if (!said.empty()) out.clue(sides.server(out), "http.server", said, Role::kServer);
  service_said_ = true;
  product_said_ = product_said_ || !said.empty();
}

void Speaker::challenge(std::string_view value, Observer& out) {
  const Credentials credentials = split_credentials(value);
  const Party server = sides.server(out);
  const std::string_view realm = parameter(credentials.rest, "realm");
  if (changed(last_realm_, realms_, realm)) out.clue(server, "http.realm", realm, Role::kServer);
  (void)read_ntlm(credentials, true, server, ntlm_said_, out);
}

void Speaker::response(const Head& head, const Exchange* exchange, Observer& out) {
  const Party server = sides.server(out);
  const std::uint16_t status = head.start.status;
  const bool proxied = exchange != nullptr && exchange->proxied;
  product(head, proxied, out);
  if (!proxied) {
    if (!powered_said_ && !head.powered_by.empty())
      out.clue(server, "http.x-powered-by", head.powered_by, Role::kServer);
    powered_said_ = powered_said_ || !head.powered_by.empty();
    for (std::size_t i = 0; i < head.challenge_count; ++i) challenge(head.challenges[i], out);
  }
  if (exchange == nullptr) return;
  settle(exchange->login, outcome_of(exchange->login, status), out);
  const bool exists = status < 400 || status == 401 || status == 403;
  if (!exists) return;
  const std::string_view path(exchange->path.data(), exchange->path_size);
  if (changed(last_path_, paths_, path)) out.clue(server, "http.path", path, Role::kServer);
  const std::string_view host(exchange->host.data(), exchange->host_size);
  if (!name_said_ && !host.empty() && status < 400) {
    name_said_ = true;
    out.name(server, "http", host);
  }
}

void Speaker::page(std::string_view html, Observer& out) {
  if (title_said_) return;
  const std::string title = page_title(html);
  if (title.empty()) return;
  title_said_ = true;
  out.clue(sides.server(out), "http.title", title, Role::kServer);
}

void Speaker::description(std::string_view xml, Observer& out) {
  if (description_said_) return;
  description_said_ = describe_device(xml.substr(0, description_end(xml)), sides.server(out), out);
}

}  // namespace bedrail::http
