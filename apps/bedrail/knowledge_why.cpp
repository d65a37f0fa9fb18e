#include "knowledge_why.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "commands.h"
#include "input.h"
#include "output.h"

namespace bedrail::app {
namespace {

/// So many different texts are kept; what is beyond is counted.
constexpr std::size_t kTexts = 1000, kNear = 5;

/// A text that a rule may read.
struct Statement {
  std::string on;
  Role role;
  std::string text;
};

struct Statements {
  std::vector<Statement> operator()(const Clue& b) const {
    return {{fmt::format("clue {}", b.key), b.role, b.value}};
  }
  std::vector<Statement> operator()(const NameHeard& b) const {
    return {{"name *", Role::kSelf, b.name}, {fmt::format("name {}", b.kind), Role::kSelf, b.name}};
  }
  std::vector<Statement> operator()(const ServiceOffered& b) const {
    return {{fmt::format("service {}", b.protocol), Role::kServer,
             std::string(trim(b.product + " " + b.version))}};
  }
  std::vector<Statement> operator()(const MessageSeen& b) const {
    return {{fmt::format("message {}", b.protocol), Role::kClient, b.message}};
  }
  std::vector<Statement> operator()(const CertificateSeen& b) const {
    return {{"certificate", Role::kServer, fmt::format("{} {} {}", b.subject, b.issuer, b.names)},
            {"certificate subject", Role::kServer, b.subject},
            {"certificate issuer", Role::kServer, b.issuer}};
  }
  template <typename Other>
  std::vector<Statement> operator()(const Other&) const {
    return {};
  }
};

std::string party(const Party& who) {
  std::string out = who.ip ? to_string(*who.ip) : "-";
  if (who.mac) out += "/" + to_string(*who.mac);
  return out;
}

/// Watches what one rule does.
class Watch {
 public:
  Watch(const Knowledge& knowledge, std::string id) : knowledge_(knowledge), id_(std::move(id)) {
    for (const auto& [on, rule] : knowledge.rules().all()) {
      if (rule->id == id_) on_ = on;
    }
    if (on_.empty()) {
      if (const auto fingerprint = knowledge.recog().find(id_)) {
        kind_ = fingerprint->kind;
        on_ = knowledge.recog_kinds().heard_as(kind_);
        if (on_.empty()) on_ = "nothing that is heard";
      }
    }
  }

  [[nodiscard]] bool known() const { return !on_.empty(); }

  void see(const Observation& observation) {
    frame_ = observation.where.frame;
    for (const Statement& statement : std::visit(Statements{}, observation.body))
      read(observation, statement);
    if (on_ == "organisation" && observation.who.mac) {
      const std::string_view name = knowledge_.organisation(*observation.who.mac);
      if (!name.empty()) read(observation, {"organisation", Role::kSelf, std::string(name)});
    }
  }

  [[nodiscard]] std::string text() const {
    std::string out = lines_;
    if (times_ > 0) {
      return out + fmt::format("{} reads {}: it fired {} times, on {} different texts{}\n", id_, on_, times_,
                               seen_.size(), times_beyond_ > 0 ? " and more" : "");
    }
    out += fmt::format("{} reads {}: it did not fire; {} such texts were heard\n", id_, on_, heard_);
    for (const auto& [near, frame] : near_) out += fmt::format("  not: frame {} \"{}\"\n", frame, near);
    return out;
  }

 private:
  void read(const Observation& observation, const Statement& statement) {
    std::vector<std::pair<std::string, std::string>> values;
    if (kind_.empty() ? !ours(statement, values) : !imported(statement, values)) return;
    ++times_;
    const std::string who = party(observation.who);
    if (!seen_.insert({who + "\n" + statement.text, times_}).second) return;
    if (seen_.size() > kTexts) {
      ++times_beyond_;
      seen_.erase(who + "\n" + statement.text);
      return;
    }
    if (observation.where.file > 0) lines_ += fmt::format("{}:", observation.where.file);
    lines_ += fmt::format("{} {} {} \"{}\" says", observation.where.frame, who, statement.on, statement.text);
    for (const auto& [name, value] : values) lines_ += fmt::format(" {}=\"{}\"", name, clean_text(value));
    lines_ += "\n";
  }

  bool ours(const Statement& statement, std::vector<std::pair<std::string, std::string>>& values) {
    if (statement.on != on_) return false;
    ++heard_;
    hits_.clear();
    knowledge_.rules().match(statement.on, statement.role, statement.text, hits_);
    for (const RuleHit& hit : hits_) {
      if (hit.rule->id != id_) continue;
      for (const auto& [trait, value] : hit.values) values.emplace_back(to_string(trait), value);
      return true;
    }
    missed(statement);
    return false;
  }

  bool imported(const Statement& statement, std::vector<std::pair<std::string, std::string>>& values) {
    for (const RecogKinds::Use& use :
         knowledge_.recog_kinds().uses(statement.on, statement.role, statement.text)) {
      if (use.kind != kind_) continue;
      ++heard_;
      auto hit = knowledge_.recog().match(use.kind, use.text);
      if (hit && hit->id == id_) {
        values = std::move(hit->fields);
        return true;
      }
      missed(statement);
    }
    return false;
  }

  void missed(const Statement& statement) {
    if (near_.size() < kNear) near_.try_emplace(statement.text, frame_);
  }

  const Knowledge& knowledge_;
  std::string id_, on_, kind_, lines_;
  std::vector<RuleHit> hits_;
  std::map<std::string, std::uint64_t> seen_;
  std::map<std::string, std::uint64_t> near_;
  std::uint64_t times_ = 0, times_beyond_ = 0, heard_ = 0, frame_ = 0;
};

}  // namespace

int run_why(const KnowledgeArguments& arguments, const Knowledge& knowledge) {
  Watch watch(knowledge, arguments.rule);
  if (!watch.known()) {
    complain(
        fmt::format("there is no rule \"{}\"; bedrail knowledge list --rules names them", arguments.rule));
    return kFailed;
  }
  auto input = Input::open(arguments.input);
  if (!input) {
    complain(input.error().message);
    return kFailed;
  }
  const PipelineOptions options{
      .threads = arguments.input.threads, .limits = arguments.input.limits.pipeline, .dissectors = {}};
  run_pipeline(**input, options, [&](std::span<const Observation* const> observations) {
    for (const Observation* observation : observations) watch.see(*observation);
  });
  if (const std::string fault = knowledge.fault(); !fault.empty()) {
    complain(fault);
    return kFailed;
  }
  if (const auto written = write_stdout(watch.text()); !written) {
    complain(written.error().message);
    return kFailed;
  }
  if ((*input)->problems().empty()) return kComplete;
  return (*input)->nothing_read() ? kFailed : kIncomplete;
}

}  // namespace bedrail::app
