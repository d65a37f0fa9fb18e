#include "identify/operating_system.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"

namespace bedrail {
namespace {

std::vector<std::string> products_in(const std::string& set) {
  std::vector<std::string> out;
  std::size_t at = 0;
  // A captured text may hold any number of "or".
  constexpr std::size_t kProducts = 8;
  for (;;) {
    const std::size_t end = set.find(" or ", at);
    out.push_back(set.substr(at, end == std::string::npos ? end : end - at));
    if (end == std::string::npos || out.size() >= kProducts) return out;
    at = end + 4;
  }
}

/// "Windows 10 22H2" is a "Windows 10"; "Windows 7" is no "Windows 75".
bool is_kind_of(const std::string& special, const std::string& general) {
  return special.size() > general.size() && starts_with_ignoring_case(special, general) &&
         special[general.size()] == ' ';
}

/// A vote for a set speaks for each product in it, a vote for an edition for the product, a vote for a
/// product for its editions: it does not contradict them.
bool speaks_for(const std::string& vote, const std::string& product) {
  for (const std::string& one : products_in(vote)) {
    if (equals_ignoring_case(one, product) || is_kind_of(one, product) || is_kind_of(product, one))
      return true;
  }
  return false;
}

/// Weak signs that choose between the client's and the server's edition of one build.
void add_edition_votes(const DeviceFacts& facts, const std::vector<std::string>& products, Ballot& ballot) {
  const auto vote = [&](bool server, double confidence, const char* rule, const Evidence& evidence) {
    for (const std::string& product : products) {
      const bool is_server = product.find("Server") != std::string::npos;
      if (is_server == server)
        ballot.add({product, confidence, "role", rule, "what servers and workstations do", evidence});
    }
  };
  for (const ServiceRecord& service : facts.services) {
    static constexpr std::string_view kServices[] = {"dns", "kerberos", "ldap", "dhcp"};
    const bool serves =
        std::find(std::begin(kServices), std::end(kServices), service.protocol) != std::end(kServices);
    if (serves && service.clients > 0)
      vote(true, 0.7, "serves-domain",
           evidence_of(service.first, service.protocol, "service", service.protocol));
  }
  for (const ClueRecord& clue : facts.clues) {
    if (clue.key != "netbios.role") continue;
    if (clue.value == "domain-controller" || clue.value == "server-nt" ||
        clue.value == "domain-master-browser") {
      vote(true, 0.7, "netbios-server", evidence_of(clue.first, clue.protocol, clue.key, clue.value));
    }
  }
  for (const NameRecord& name : facts.names) {
    const std::string lower = to_lower(name.name);
    const Evidence evidence = evidence_of(name.first, name.protocol, "name", name.name);
    if (lower.starts_with("desktop-") || lower.starts_with("laptop-"))
      vote(false, 0.6, "default-name-client", evidence);
  }
}

std::string family_of(const std::string& product, const Knowledge& knowledge) {
  if (const Lifecycle* known = knowledge.lifecycle(products_in(product).front())) return known->family;
  return starts_with_ignoring_case(product, "windows") ? "Windows" : "";
}

struct Choice {
  std::string value;
  double confidence = 0;
  std::vector<const Vote*> votes;
  std::vector<Ballot::Candidate> others;
};

/// The single products that votes speak for, the surest first.
std::vector<Ballot::Candidate> single_products(const Ballot& ballot) {
  constexpr std::size_t kCandidates = 64;
  std::vector<Ballot::Candidate> out;
  for (const Vote& vote : ballot.votes()) {
    for (const std::string& product : products_in(vote.value)) {
      const bool known = std::any_of(out.begin(), out.end(),
                                     [&](const auto& c) { return equals_ignoring_case(c.value, product); });
      if (!known && !product.empty() && out.size() < kCandidates) out.push_back({product, 0, {}});
    }
  }
  for (Ballot::Candidate& candidate : out) {
    for (const Vote& vote : ballot.votes()) {
      if (speaks_for(vote.value, candidate.value)) candidate.votes.push_back(&vote);
    }
    candidate.confidence = combine(candidate.value, candidate.votes, ballot.votes(), speaks_for);
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.confidence > b.confidence; });
  // Of equals the most special: an edition is its product, too.
  std::size_t first = 0;
  for (std::size_t i = 1; i < out.size() && out[i].confidence == out[0].confidence; ++i) {
    if (is_kind_of(out[i].value, out[first].value)) first = i;
  }
  if (first != 0)
    std::rotate(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(first),
                out.begin() + static_cast<std::ptrdiff_t>(first) + 1);
  return out;
}

/// The surest vote that speaks for one product and not for the other.
double alone(const std::vector<const Vote*>& votes, const std::string& other) {
  double out = 0;
  for (const Vote* vote : votes) {
    if (!speaks_for(vote->value, other)) out = std::max(out, vote->confidence);
  }
  return out;
}

/// The product, or those that nobody can tell apart.
std::optional<Choice> choose_product(const Ballot& ballot) {
  const std::vector<Ballot::Candidate> candidates = single_products(ballot);
  if (candidates.empty() || candidates.front().confidence < Ballot::kThreshold) return std::nullopt;
  // What servers and workstations do chooses in what something else tells surely enough; alone it tells no
  // system.
  std::vector<const Vote*> told = candidates.front().votes;
  std::erase_if(told, [](const Vote* vote) { return vote->group == "role"; });
  if (combine(candidates.front().value, told, ballot.votes(), speaks_for) < Ballot::kThreshold)
    return std::nullopt;
  Choice out{candidates.front().value, candidates.front().confidence, candidates.front().votes, {}};
  std::vector<std::string> tied = {out.value};
  for (std::size_t i = 1; i < candidates.size(); ++i) {
    const Ballot::Candidate& other = candidates[i];
    if (is_kind_of(out.value, other.value) || is_kind_of(other.value, out.value)) continue;
    // Undecided between products that one statement names together: the set is the answer. Between others:
    // none.
    const bool together = std::any_of(out.votes.begin(), out.votes.end(), [&](const Vote* v) {
      return v->value.find(" or ") != std::string::npos && speaks_for(v->value, other.value);
    });
    // Sets add up for all that they name; a vote for the one alone still chooses.
    const bool chosen = alone(out.votes, other.value) - alone(other.votes, out.value) >= Ballot::kLead;
    if (candidates.front().confidence - other.confidence < 0.05 && together && !chosen) {
      tied.push_back(other.value);
    } else if (candidates.front().confidence - other.confidence < Ballot::kLead && !together) {
      return std::nullopt;
    } else {
      out.others.push_back(other);
    }
  }
  if (tied.size() > 3) return std::nullopt;
  out.value = fmt::format("{}", fmt::join(tied, " or "));
  return out;
}

}  // namespace

std::string support_of(const std::string& product, const Knowledge& knowledge, Timestamp as_of,
                       std::string& end) {
  std::string common;
  for (const std::string& one : products_in(product)) {
    const Lifecycle* known = knowledge.lifecycle(one);
    std::string support = "unknown";
    if (known != nullptr && !known->end_of_support.empty()) {
      const auto ordinary = parse_rfc3339(known->end_of_support),
                 extended = parse_rfc3339(known->extended_end);
      support = as_of <= *ordinary               ? "supported"
                : extended && as_of <= *extended ? "extended"
                                                 : "unsupported";
      end = std::max(end, known->end_of_support);
    }
    if (common.empty()) common = support;
    if (common == support) continue;
    // Of a set whose ordinary updates have all ended, some may get paid ones; else nobody can say.
    const bool ended =
        common != "supported" && common != "unknown" && support != "supported" && support != "unknown";
    common = ended ? "extended" : "unknown";
  }
  return common;
}

namespace {

/// The products' votes with what tells the editions of one build apart.
Ballot product_votes(const Ballots& ballots, const DeviceFacts& facts) {
  Ballot products = ballots[Trait::kOsProduct];
  std::vector<std::string> named;
  for (const Vote& vote : products.votes()) {
    if (vote.value.find(" or ") == std::string::npos) continue;
    for (std::string& one : products_in(vote.value)) named.push_back(std::move(one));
  }
  std::sort(named.begin(), named.end());
  named.erase(std::unique(named.begin(), named.end()), named.end());
  if (!named.empty()) add_edition_votes(facts, named, products);
  return products;
}

/// The family's votes, and those that products imply.
std::optional<Attribute> decide_family(const Ballots& ballots, const Ballot& products,
                                       const Knowledge& knowledge) {
  Ballot families = ballots[Trait::kOsFamily];
  for (const Vote& vote : products.votes()) {
    std::string family = family_of(vote.value, knowledge);
    if (family.empty() || vote.group == "role") continue;
    Vote derived = vote;
    derived.value = std::move(family);
    families.add(std::move(derived));
  }
  return families.decide();
}

void state_family(const Attribute& family, AttributeOf<OperatingSystem>& out) {
  out.value.family = family.value;
  out.confidence = family.confidence;
  out.evidence = family.evidence;
  out.rules = family.rules;
  for (const auto& conflict : family.conflicts) {
    OperatingSystem other;
    other.family = conflict.value;
    other.support = "unknown";
    out.conflicts.push_back({other, conflict.confidence, conflict.evidence});
  }
}

void state_product(const Choice& product, const Knowledge& knowledge, Timestamp as_of,
                   AttributeOf<OperatingSystem>& out) {
  out.value.product = product.value;
  if (out.value.family.empty()) out.value.family = family_of(product.value, knowledge);
  out.confidence = rounded(product.confidence);
  out.evidence = evidence_of_votes(product.votes);
  out.rules = rules_of_votes(product.votes);
  out.value.support = support_of(product.value, knowledge, as_of, out.value.end_of_support);
  for (const Ballot::Candidate& other : product.others) {
    if (out.conflicts.size() >= 4) break;
    OperatingSystem value;
    value.product = other.value;
    value.family = family_of(other.value, knowledge);
    value.support = "unknown";
    out.conflicts.push_back({value, rounded(other.confidence), evidence_of_votes(other.votes)});
  }
}

}  // namespace

std::optional<AttributeOf<OperatingSystem>> decide_operating_system(const Ballots& ballots,
                                                                    const DeviceFacts& facts,
                                                                    const Knowledge& knowledge,
                                                                    Timestamp as_of) {
  const Ballot products = product_votes(ballots, facts);
  const std::optional<Choice> product = choose_product(products);
  const std::optional<Attribute> family = decide_family(ballots, products, knowledge);
  if (!family && !product) return std::nullopt;
  AttributeOf<OperatingSystem> out;
  out.value.support = "unknown";
  if (family) state_family(*family, out);
  // A version stands for itself where it names no product ("Linux 5.4").
  if (const auto version = ballots[Trait::kOsVersion].decide()) out.value.version = version->value;
  if (const auto build = ballots[Trait::kOsBuild].decide()) out.value.build = build->value;
  if (!product) return out;
  const std::string implied = family_of(product->value, knowledge);
  if (family && !implied.empty() && !equals_ignoring_case(family->value, implied)) return out;
  state_product(*product, knowledge, as_of, out);
  return out;
}

}  // namespace bedrail
