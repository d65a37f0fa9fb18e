#include <algorithm>
#include <string>
#include <utility>

#include "base/text.h"
#include "dissect/http/connection.h"
#include "dissect/http/ipp.h"
#include "dissect/http/ntlm.h"
#include "dissect/http/page.h"
#include "dissect/http/patient.h"
#include "dissect/http/refusal.h"
#include "dissect/http/title.h"
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

Outcome outcome_of(const Attempt& login, const Head& head) {
  const std::uint16_t status = head.start.status;
  if (status == 401 || status == 403 || status == 407) return Outcome::kRefused;
  if (login.mechanism == "form") {
    // What was sent was not taken, or the way leads to an error. A page with status 200 has to say so itself.
    const bool refused = status == 400 || status == 422 || status == 423 || status == 429 ||
                         (status >= 300 && status < 400 && leads_to_refusal(head.location));
    return refused ? Outcome::kRefused : Outcome::kUnknown;
  }
  // A token may not be looked at: no claim.
  if (login.mechanism == "token") return Outcome::kUnknown;
  return status >= 200 && status < 400 ? Outcome::kAccepted : Outcome::kUnknown;
}

/// Scanners try addresses that there are not: nobody there takes a login.
bool reads_logins(std::uint16_t status) { return status < 400 || status == 401 || status == 403; }

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
  answer({}, out);
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
  exchange.call = call_of(head, target);
  if (exchange.call.interface == Interface::kWsMan) {
    const std::string_view version = powershell_version(target);
    if (!version.empty() && said_.insert(hash64(version)))
      out.clue(client, "winrm.powershell", version, Role::kClient);
  }
  if (exchange.call.patient != 0)
    out.patient_data(client, sides.server(out), exchange.call.label(), kinds_text(exchange.call.patient));
  if (changed(last_agent_, agents_, head.user_agent))
    out.clue(client, "http.user-agent", head.user_agent, Role::kClient);
  // A proxy passes Authorization on to the origin: it is no login at the proxy.
  const std::string_view value = target.whole ? head.proxy_authorization : head.authorization;
  const Credentials credentials = split_credentials(value);
  bool bad = false;
  exchange.login = attempt_of(credentials, bad);
  if (bad) anomaly(0, "bad-basic", out);
  if (!exchange.login) exchange.login = read_ntlm(credentials, false, client, ntlm_said_, out);
  if (!exchange.login && !target.whole && !target.query.empty()) {
    exchange.login = attempt_of_query(target.path, target.query);
    exchange.in_address = static_cast<bool>(exchange.login);
  }
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

void Speaker::answer(std::string_view text, Observer& out) {
  if (!waiting_) return;
  const Attempt login = std::exchange(waiting_, {});
  settle(login, says_refused(text) ? Outcome::kRefused : Outcome::kUnknown, out);
}

void Speaker::product(const Head& head, bool proxied, Observer& out) {
  const std::string_view said = proxied ? std::string_view{} : head.server;
  if (service_said_ && (product_said_ || said.empty())) return;
  const Product product = proxied ? product_of_via(head.via) : product_of_tokens(said);
  offer("http", product.name, product.version, out);
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
  const bool page = !exchange->head && status != 204 && !head.encoded && (head.chunked || head.length != 0U);
  if (exchange->login.mechanism == "form" && status >= 200 && status < 300 && page)
    waiting_ = exchange->login;
  else if (!exchange->in_address || reads_logins(status))
    settle(exchange->login, outcome_of(exchange->login, head), out);
  if (!proxied) called(exchange->call, head, out);
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

void Speaker::called(const Call& call, const Head& head, Observer& out) {
  answered_ = call;
  const std::uint16_t status = head.start.status;
  if (call.interface == Interface::kNone) return;
  if (call.interface == Interface::kFhir || call.interface == Interface::kDicomWeb)
    out.message(sides.client(out), sides.server(out), call.label(), std::to_string(status));
  if (call.interface == Interface::kWsMan && head.content == Content::kSealed && !sides.swapped &&
      said_.insert(hash64("sealed")))
    out.session({"winrm", SessionSeen::Authentication::kPresent, true});
  // A refused login is one at the interface all the same: WinRM answers so first.
  const bool page = call.interface == Interface::kFhir && head.content == Content::kHtml;
  const bool there = (status < 300 && !page) || (status == 401 && call.interface == Interface::kWsMan);
  const unsigned bit = 1U << static_cast<unsigned>(call.interface);
  if (!there || (interfaces_ & bit) != 0) return;
  interfaces_ = static_cast<std::uint8_t>(interfaces_ | bit);
  offer(service_of(call.interface), "", "", out);
}

void Speaker::offer(std::string_view protocol, std::string_view product, std::string_view version,
                    Observer& out) {
  if (!sides.swapped) return out.service(protocol, product, version);
  out.service_at(sides.server(out), {out.flow().key.transport, out.flow().key.client.port, protocol,
                                     std::string(product), std::string(version), false});
}

void Speaker::software(const Software& software, Observer& out) {
  if (software.name.empty() || !said_.insert(hash64(software.name))) return;
  out.clue(sides.server(out), "fhir.software", software.name + " " + software.version, Role::kServer);
  offer("fhir", software.name, software.version, out);
}

bool Speaker::body(std::string_view body, Content content, bool request, bool complete, Observer& out) {
  const Party client = sides.client(out), server = sides.server(out);
  const Way way = request ? Way{client, server, Role::kClient} : Way{server, client, Role::kServer};
  Call call = answered_;
  if (request) call = pending_ == 0 ? Call() : exchanges_[(first_ + pending_ - 1) % exchanges_.size()].call;
  switch (content) {
    case Content::kFhir:
      software(read_fhir(body, call, way, out), out);
      return true;
    case Content::kDicom:
    case Content::kDicomJson:
      read_dicom(body, content, call, way, out);
      return true;
    case Content::kHl7:
      return read_hl7(body, way, said_, out);
    case Content::kIpp:
      if (description_said_) return true;
      description_said_ = true;
      return describe_printer(body, complete, call.printer, server, out);
    default:
      return true;
  }
}

void Speaker::page(std::string_view html, Observer& out) {
  if (title_said_) return;
  const std::string title = page_title(html);
  if (title.empty()) return;
  title_said_ = true;
  out.clue(sides.server(out), "http.title", public_title(title), Role::kServer);
}

void Speaker::description(std::string_view xml, Observer& out) {
  if (description_said_) return;
  description_said_ = describe_device(xml.substr(0, description_end(xml)), sides.server(out), out);
}

}  // namespace bedrail::http
