#include "identify/votes.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "identify/behaviour.h"
#include "identify/recog_votes.h"
#include "identify/relays.h"

namespace bedrail {
namespace {

/// Below what is stated (Ballot::kThreshold).
constexpr double kPrefixAlone = 0.45;

/// What a relay passes on is not stated of it either.
constexpr double kForOthers = 0.4;

/// A storage class that a device sends, and one that it only asked for.
constexpr double kStores = 0.6, kProposes = 0.4;
/// A name or a service that says so much of a kind is believed where images say another.
constexpr double kNamed = 0.5;

/// "snmp" of "snmp.sysdescr": statements of one protocol are one source.
std::string group_of(std::string_view key) {
  const std::string_view protocol = key.substr(0, key.find('.'));
  // NTLM comes in the same messages as SMB's own words, from the same software.
  return std::string(protocol == "smb" ? "ntlm" : protocol);
}

class Collector {
 public:
  Collector(const DeviceFacts& facts, const Knowledge& knowledge) : facts_(facts), knowledge_(knowledge) {}

  Ballots run() {
    Relay relay = relay_of(facts_);
    for (const ClueRecord& clue : facts_.clues) {
      if (!describes_equipment(clue) && !is_passed_on(relay, clue)) read_clue(clue);
    }
    for (const NameRecord& name : facts_.names) {
      if (is_passed_on(relay, name)) continue;
      const Evidence evidence = evidence_of(name.first, name.protocol, "name", name.name);
      // A name is one source however often protocols repeat it.
      apply("name *", Role::kSelf, name.name, "name", evidence);
      apply("name " + name.kind, Role::kSelf, name.name, "name", evidence);
    }
    for (const ServiceRecord& service : facts_.services) {
      const std::string text = std::string(trim(service.product + " " + service.version));
      apply("service " + service.protocol, Role::kServer, text, service.protocol,
            evidence_of(
                service.first, service.protocol, "service",
                text.empty() ? fmt::format("{}/{}", to_string(service.transport), service.port) : text));
    }
    for (const MessageRecord& message : facts_.messages) {
      apply("message " + message.protocol, message.sent ? Role::kClient : Role::kServer, message.message,
            message.protocol, evidence_of(message.first, message.protocol, "message", message.message));
    }
    for (const CertificateRecord& certificate : facts_.certificates) {
      const std::string text = fmt::format("{} {} {}", certificate.certificate.subject,
                                           certificate.certificate.issuer, certificate.certificate.names);
      apply("certificate", Role::kServer, text, "tls",
            evidence_of(certificate.first, "tls", "certificate", certificate.certificate.subject));
    }
    organisations();
    equipment(relay);
    models();
    gateway(relay);
    imported();
    add_behaviour_votes(facts_, knowledge_, out_);
    doubt();
    return std::move(out_);
  }

 private:
  void add(Trait trait, std::string value, double confidence, std::string group, std::string rule,
           std::string source, const Evidence& evidence) {
    if (!value.empty())
      out_[trait].add(
          {std::move(value), confidence, std::move(group), std::move(rule), std::move(source), evidence});
  }

  void apply(const std::string& on, Role role, std::string_view text, const std::string& group,
             const Evidence& heard) {
    hits_.clear();
    knowledge_.rules().match(on, role, text, hits_);
    for (const RuleHit& hit : hits_) {
      Evidence evidence = heard;
      // A page's title is free text: of it no more is shown than what names the product.
      if (evidence.field == "http.title") evidence.value = hit.matched;
      for (const auto& [trait, value] : hit.values) {
        const Vendor* vendor = trait == Trait::kVendor ? knowledge_.vendor_in(value) : nullptr;
        add(trait, vendor != nullptr ? vendor->name : value, hit.rule->confidence, group, hit.rule->id,
            hit.rule->source, evidence);
      }
      // A rule that tells a build of Windows leaves the product to the table of builds.
      const std::string_view version = value_of(hit, Trait::kOsVersion),
                             build = value_of(hit, Trait::kOsBuild);
      if (!version.empty() && !build.empty() && value_of(hit, Trait::kOsProduct).empty() &&
          value_of(hit, Trait::kOsFamily) == "Windows")
        windows_products(version, build, hit.rule->confidence, group, hit.rule->id, hit.rule->source,
                         evidence);
    }
  }

  static std::string_view value_of(const RuleHit& hit, Trait wanted) {
    for (const auto& [trait, value] : hit.values) {
      if (trait == wanted) return value;
    }
    return {};
  }

  void read_clue(const ClueRecord& clue) {
    const Evidence evidence = evidence_of(clue.first, clue.protocol, clue.key, clue.value);
    apply("clue " + clue.key, clue.role, clue.value, group_of(clue.key), evidence);
    if (clue.key == "ntlm.version") windows_build(clue, evidence);
    if (clue.key == "dicom.implementation-uid") dicom_implementation(clue);
    static constexpr std::string_view kMakers[] = {"dicom.manufacturer", "upnp.manufacturer",
                                                   "snmp.entity-manufacturer", "lldp-med.manufacturer",
                                                   "hl7.equipment-maker"};
    if (std::find(std::begin(kMakers), std::end(kMakers), clue.key) != std::end(kMakers))
      maker(clue, evidence);
  }

  /// What imported fingerprints say. Ours come first: where they state an attribute, an imported one may
  /// agree with them and never contradict.
  void imported() {
    if (knowledge_.recog().size() == 0) return;
    std::vector<std::pair<Trait, Vote>> said;
    const auto read = [&](const std::string& on, Role role, std::string_view text, const std::string& group,
                          const Evidence& evidence) {
      for (const RecogKinds::Use& use : knowledge_.recog_kinds().uses(on, role, text)) {
        const auto hit = knowledge_.recog().match(use.kind, use.text);
        if (!hit) continue;
        for (RecogStatement& statement : recog_statements(*hit, knowledge_))
          said.emplace_back(statement.trait, Vote{std::move(statement.value), statement.confidence, group,
                                                  hit->id, hit->source, evidence});
      }
    };
    for (const ClueRecord& clue : facts_.clues)
      read("clue " + clue.key, clue.role, clue.value, group_of(clue.key),
           evidence_of(clue.first, clue.protocol, clue.key, clue.value));
    for (const CertificateRecord& record : facts_.certificates) {
      const CertificateSeen& shown = record.certificate;
      const Evidence evidence = evidence_of(record.first, "tls", "certificate", shown.subject);
      read("certificate subject", Role::kServer, shown.subject, "tls", evidence);
      read("certificate issuer", Role::kServer, shown.issuer, "tls", evidence);
    }
    std::array<std::string, kTraits> stated;
    for (std::size_t i = 0; i < kTraits; ++i) {
      const auto candidates = out_.of[i].count();
      if (!candidates.empty() && candidates.front().confidence >= Ballot::kThreshold)
        stated[i] = candidates.front().value;
    }
    for (auto& [trait, vote] : said) {
      const std::string& ours = stated[static_cast<std::size_t>(trait)];
      if (ours.empty() || equals_ignoring_case(ours, vote.value)) out_[trait].add(std::move(vote));
    }
  }

  void maker(const ClueRecord& clue, const Evidence& evidence) {
    const Vendor* vendor = knowledge_.vendor_in(clue.value);
    // Software that serves media or pages often names its author there.
    add(Trait::kVendor, vendor != nullptr ? vendor->name : clue.value, vendor != nullptr ? 0.9 : 0.55,
        group_of(clue.key), fmt::format("declared {}", clue.key), "the device's own words", evidence);
    if (vendor != nullptr && !vendor->category.empty())
      add(Trait::kCategory, vendor->category, 0.6, group_of(clue.key), "vendor " + vendor->name,
          vendor->source, evidence);
  }

  /// "6.1.7601": one build may be that of several products; all of them are candidates.
  void windows_build(const ClueRecord& clue, const Evidence& evidence) {
    const std::size_t last = clue.value.rfind('.');
    if (last == std::string::npos) return;
    const std::string version = clue.value.substr(0, last), build = clue.value.substr(last + 1);
    // A client chooses its words freely, and tools that attack lie; who answers others' logins is rarely one
    // of them.
    const double confidence = clue.role == Role::kServer ? 0.9 : 0.75;
    const std::string rule = "windows-build " + clue.value, source = "windows_builds.tsv";
    if (!windows_products(version, build, confidence, "ntlm", rule, source, evidence)) return;
    add(Trait::kOsFamily, "Windows", confidence, "ntlm", rule, source, evidence);
    add(Trait::kOsVersion, version, confidence, "ntlm", rule, source, evidence);
    add(Trait::kOsBuild, build, confidence, "ntlm", rule, source, evidence);
  }

  /// The products of a build as one set: "Windows 7 or Windows Server 2008 R2".
  bool windows_products(std::string_view version, std::string_view build, double confidence,
                        const std::string& group, const std::string& rule, const std::string& source,
                        const Evidence& evidence) {
    const std::vector<std::string>* products = knowledge_.windows_products(version, build);
    if (products == nullptr || products->empty()) return false;
    add(Trait::kOsProduct, fmt::format("{}", fmt::join(*products, " or ")), confidence, group, rule, source,
        evidence);
    return true;
  }

  /// Whose prefix a MAC has.
  void organisation(const MacAddress& mac, const Evidence& evidence) {
    const std::string_view organisation = knowledge_.organisation(mac);
    if (organisation.empty()) return;
    apply("organisation", Role::kSelf, organisation, "oui", evidence);
    const Vendor* vendor = knowledge_.vendor_in(organisation);
    if (vendor == nullptr) {
      add(Trait::kVendor, std::string(organisation), 0.55, "oui", "ieee-organisation", "IEEE registry",
          evidence);
      return;
    }
    if (vendor->module_maker) return;
    // The MAC of network gear that nothing declared may be a hop's that others' frames came through.
    const bool hop = vendor->category == "network" && !owns_mac();
    add(Trait::kVendor, vendor->name, hop ? 0.4 : 0.6, "oui", "ieee-organisation", "IEEE registry", evidence);
    if (vendor->category.empty() || hop) return;
    // The prefix names a maker, not a kind; only where a maker makes but one kind is it a hint.
    const double confidence = vendor->category == "medical" ? 0.7 : 0.5;
    add(Trait::kCategory, vendor->category, confidence, "oui", "vendor " + vendor->name, vendor->source,
        evidence);
  }

  void organisations() {
    for (std::size_t i = 0; i < std::min(facts_.macs.size(), facts_.macs_seen.size()); ++i)
      organisation(facts_.macs[i],
                   evidence_of(facts_.macs_seen[i], "ethernet", "mac", to_string(facts_.macs[i])));
    // The MAC that a device is said to have has its maker's prefix, too.
    for (const DeclarationRecord& told : facts_.declared_by) {
      if (facts_.heard) break;
      for (const MacAddress& mac : told.macs)
        organisation(mac, evidence_of(told.first, told.protocol, "declared", to_string(mac)));
    }
    // A maker's pumps, cameras and gateways share its prefixes: they support a kind that something else says
    // and never state one alone.
    out_[Trait::kType].limit([](const Vote& vote) { return vote.group == "oui"; }, kPrefixAlone);
    if (!owns_mac()) {
      // Said of the MAC; whether the MAC is this device's own is not sure enough to call it network gear.
      out_[Trait::kCategory].scale(
          [](const Vote& vote) { return vote.group == "oui" && vote.value == "network"; }, 0.6);
      out_[Trait::kType].scale(
          [&](const Vote& vote) {
            const DeviceType* type = knowledge_.type(vote.value);
            return vote.group == "oui" && type != nullptr && type->category == "network";
          },
          0.6);
    }
  }

  /// An address was declared for its MAC, or it spoke on the link itself.
  [[nodiscard]] bool owns_mac() const {
    return facts_.addresses.empty() || std::any_of(facts_.addresses.begin(), facts_.addresses.end(),
                                                   [](const AddressRecord& a) { return a.how != "traffic"; });
  }

  /// Reasons to believe less of what was said.
  void doubt() {
    doubt_agents();
    // Who answers others' questions asks on for them: what it asks for says little of itself.
    const bool resolves = std::any_of(facts_.services.begin(), facts_.services.end(),
                                      [](const ServiceRecord& s) { return s.protocol == "dns"; });
    if (resolves) {
      for (Ballot& ballot : out_.of) {
        ballot.limit([](const Vote& vote) { return vote.group == "dns"; }, kForOthers);
      }
    }
    // Windows starts at a TTL of 128. Who says it is Windows and starts at 64 passes on others' words, or
    // lies.
    constexpr std::uint8_t kFrom64 = 2, kFrom128 = 4;
    if ((facts_.initial_ttls & (kFrom64 | kFrom128)) == kFrom64) weaken("Windows", "", 0.5);
    // One machine has one name: who logs in under another's relays it.
    std::set<std::string> names;
    for (const NameRecord& name : facts_.names) {
      if (name.kind == "ntlm" && name.name.find('.') == std::string::npos) names.insert(to_lower(name.name));
    }
    if (names.size() > 1 || facts_.borrows_names) weaken("Windows", "ntlm", 0.4);
  }

  /// Who shows user agents of systems that no machine runs together has others behind it (address
  /// translation, a proxy): none of them is said of it.
  void doubt_agents() {
    const auto by_agent = [](const Vote& vote) { return vote.evidence.field == "http.user-agent"; };
    // Browsers of tablets and phones call themselves those of desktops on demand.
    const auto world = [](const std::string& family) -> std::string_view {
      if (family == "macOS" || family == "iOS" || family == "iPadOS") return "Apple";
      if (family == "Linux" || family == "Android") return "Linux";
      return family == "Windows" ? "Windows" : "";
    };
    std::set<std::string_view> worlds;
    for (const Vote& vote : out_[Trait::kOsFamily].votes()) {
      if (by_agent(vote) && vote.confidence >= kNamed && !world(vote.value).empty())
        worlds.insert(world(vote.value));
    }
    if (worlds.size() < 2) return;
    for (Ballot& ballot : out_.of) ballot.limit(by_agent, kForOthers);
  }

  /// Votes for operating systems whose name starts so, in one group or in all, count for less.
  void weaken(std::string_view system, std::string_view group, double factor) {
    for (const Trait trait : {Trait::kOsFamily, Trait::kOsProduct}) {
      out_[trait].scale(
          [&](const Vote& vote) {
            return starts_with_ignoring_case(vote.value, system) && (group.empty() || vote.group == group);
          },
          factor);
    }
    for (const Trait trait : {Trait::kOsVersion, Trait::kOsBuild}) {
      out_[trait].scale([](const Vote& vote) { return vote.group == "ntlm"; }, factor);
    }
  }

  /// Who says which model it is says by it who made it and what it is: as sure as the model, from the same
  /// source. The first row that fits counts; its system is what the model is sold with, which may be
  /// replaced.
  void models() {
    constexpr double kFollows = 0.95, kSystem = 0.6;
    const std::vector<Vote> named = out_[Trait::kModel].votes();
    for (const Vote& vote : named) {
      const Model* model = nullptr;
      for (const Model* candidate : knowledge_.models_in(vote.value)) {
        if (model == nullptr && (!candidate->needs_vendor || made_by(candidate->vendor))) model = candidate;
      }
      if (model == nullptr) continue;
      const std::string rule = "model " + model->name;
      add(Trait::kVendor, model->vendor, vote.confidence * kFollows, vote.group, rule, model->source,
          vote.evidence);
      add(Trait::kType, model->type, vote.confidence * kFollows, vote.group, rule, model->source,
          vote.evidence);
      add(Trait::kOsFamily, model->os, vote.confidence * kSystem, vote.group, rule, model->source,
          vote.evidence);
    }
  }

  [[nodiscard]] bool made_by(const std::string& vendor) const {
    const std::vector<Vote>& votes = out_[Trait::kVendor].votes();
    return std::any_of(votes.begin(), votes.end(), [&](const Vote& vote) {
      return starts_with_ignoring_case(vote.value, vendor) || starts_with_ignoring_case(vendor, vote.value);
    });
  }

  /// What a device's messages say of a machine, where that is the device itself.
  void equipment(Relay& relay) {
    // Who is known as an archive sends what others made.
    for (const Vote& vote : out_[Trait::kType].votes()) {
      if (vote.group != "dicom" && vote.confidence >= kNamed && forwards_images(vote.value))
        relay.images = true;
    }
    relay.images = relay.images || shows_no_own_images();
    for (const ClueRecord& clue : facts_.clues) {
      // What another says of this device is not what it passes on.
      if (!describes_equipment(clue) || (relay.covers(clue.key) && !clue.hearsay)) continue;
      read_clue(clue);
      storage_class(clue);
    }
  }

  /// An AE title, a host's name: that of the station which made the images.
  [[nodiscard]] bool is_the_station() const {
    return std::any_of(facts_.clues.begin(), facts_.clues.end(), [&](const ClueRecord& clue) {
      return clue.key == "dicom.station" &&
             std::any_of(facts_.names.begin(), facts_.names.end(), [&](const NameRecord& name) {
               return equals_ignoring_case(name.name.substr(0, name.name.find('.')), clue.value);
             });
    });
  }

  /// Its own name is that of the kind of machine that makes such images.
  [[nodiscard]] bool is_named_so() const {
    return std::any_of(facts_.clues.begin(), facts_.clues.end(), [&](const ClueRecord& clue) {
      const std::vector<Vote>& kinds = out_[Trait::kType].votes();
      return clue.key == "dicom.stores" && std::any_of(kinds.begin(), kinds.end(), [&](const Vote& vote) {
               return vote.group == "name" && vote.value == knowledge_.sender_of(clue.value);
             });
    });
  }

  /// The category of the maker that its MACs name; modules sit in everything.
  [[nodiscard]] std::string_view maker_category() const {
    for (const MacAddress& mac : facts_.macs) {
      const Vendor* vendor = knowledge_.vendor_in(knowledge_.organisation(mac));
      if (vendor != nullptr && !vendor->module_maker) return vendor->category;
    }
    return {};
  }

  /// It sends with a library that anybody may use.
  [[nodiscard]] bool sends_with_toolkit() const {
    bool toolkit = false;
    for (const ClueRecord& clue : facts_.clues) {
      if (clue.key != "dicom.implementation-uid" || clue.role != Role::kClient) continue;
      const DicomImplementation* known = knowledge_.dicom_implementation(clue.value, "");
      if (known == nullptr || !known->toolkit) return false;
      toolkit = true;
    }
    return toolkit;
  }

  /// Whether nothing but the images says that it made them: another device sends the same machine's, or it is
  /// an ordinary computer with a library that anybody may use.
  [[nodiscard]] bool shows_no_own_images() const {
    const std::string_view maker = maker_category();
    if (is_the_station() || maker == "medical") return false;
    return facts_.shares_numbers || (maker == "it" && sends_with_toolkit() && !is_named_so());
  }

  /// Who reports for several devices is a gateway. Where something says of which kind, that counts.
  void gateway(const Relay& relay) {
    const std::vector<Vote>& kinds = out_[Trait::kType].votes();
    const auto sure = [](const Vote& vote) { return vote.confidence >= kNamed && vote.group != "oui"; };
    if (std::any_of(kinds.begin(), kinds.end(), sure)) return;
    if (relay.engine != nullptr) {
      const ClueRecord& seen = *relay.engine;
      const Evidence evidence = evidence_of(seen.first, seen.protocol, seen.key, seen.value);
      add(Trait::kType, "hl7-engine", 0.6, "relay", "sends-as-several", "one sender, several applications",
          evidence);
      add(Trait::kCategory, "it", 0.6, "relay", "sends-as-several", "one sender, several applications",
          evidence);
      return;
    }
    if (relay.gateway == nullptr) return;
    const ClueRecord& seen = *relay.gateway;
    const Evidence evidence = evidence_of(seen.first, seen.protocol, seen.key, seen.value);
    add(Trait::kType, "medical-gateway", 0.6, "relay", "reports-for-several",
        "one sender, several devices and beds", evidence);
    add(Trait::kCategory, "medical", 0.6, "relay", "reports-for-several",
        "one sender, several devices and beds", evidence);
  }

  /// A modality by what it stores. What an association only proposes is also proposed by who retrieves, and
  /// by who tries.
  void storage_class(const ClueRecord& clue) {
    const bool stores = clue.key == "dicom.stores";
    if (!stores && (clue.key != "dicom.abstract-syntax" || retrieves())) return;
    add(Trait::kType, std::string(knowledge_.sender_of(clue.value)), stores ? kStores : kProposes, "dicom",
        fmt::format("dicom-storage {}", clue.value), "DICOM PS3.4",
        evidence_of(clue.first, clue.protocol, clue.key, clue.value));
  }

  [[nodiscard]] bool retrieves() const {
    return std::any_of(facts_.messages.begin(), facts_.messages.end(), [](const MessageRecord& m) {
      return m.sent && m.protocol == "dicom" && m.message == "C-GET-RQ";
    });
  }

  void dicom_implementation(const ClueRecord& uid) {
    // A device may call with one software and be called on another: each has its own version's name.
    std::string version_name;
    for (const ClueRecord& clue : facts_.clues) {
      if (clue.key == "dicom.implementation-version" && clue.role == uid.role) version_name = clue.value;
    }
    const DicomImplementation* known = knowledge_.dicom_implementation(uid.value, version_name);
    if (known == nullptr) return;
    const Evidence evidence = evidence_of(uid.first, uid.protocol, uid.key, uid.value);
    const std::string rule = "dicom-implementation " + known->uid;
    add(Trait::kVendor, known->vendor, known->confidence, "dicom", rule, known->source, evidence);
    add(Trait::kModel, known->model, known->confidence, "dicom", rule, known->source, evidence);
    add(Trait::kType, known->type, known->confidence, "dicom", rule, known->source, evidence);
  }

  const DeviceFacts& facts_;
  const Knowledge& knowledge_;
  Ballots out_;
  std::vector<RuleHit> hits_;
};

}  // namespace

Ballots collect_votes(const DeviceFacts& facts, const Knowledge& knowledge) {
  return Collector(facts, knowledge).run();
}

void add_derived_votes(const std::optional<Attribute>& type,
                       const std::optional<AttributeOf<OperatingSystem>>& os, const DeviceFacts& facts,
                       const Knowledge& knowledge, Ballot& category) {
  if (type && !type->evidence.empty()) {
    if (const DeviceType* known = knowledge.type(type->value)) {
      category.add({known->category, type->confidence, "type", "kind " + known->id, known->source,
                    type->evidence.front()});
    }
  }
  if (os && !os->evidence.empty()) {
    const std::string& family = os->value.family;
    const bool desktop = family == "Windows" || family == "macOS";
    const bool mobile = family == "iOS" || family == "iPadOS" || family == "Android";
    // Embedded systems run Windows, too: enough to say what a device is until it says otherwise.
    if (desktop)
      category.add({"it", 0.55 * os->confidence + 0.05, "os", "os-family " + family,
                    "general-purpose operating system", os->evidence.front()});
    if (mobile)
      category.add({"mobile", 0.6 * os->confidence, "os", "os-family " + family,
                    "operating system of phones and tablets", os->evidence.front()});
  }
  if (facts.carried) {
    category.add({"network", 0.6, "topology", "carries others' addresses", "inventory",
                  evidence_of(facts.carried->first, "ip", "another's address from its MAC",
                              to_string(facts.carried->ip))});
  }
}

}  // namespace bedrail
