#include "knowledge/feeds/product_tree.h"

#include <fmt/format.h>

#include <algorithm>

#include "knowledge/feeds/cpe.h"
#include "knowledge/feeds/json_feed.h"

namespace bedrail {
namespace {

/// Products of one document; a vendor's whole catalogue has some ten thousand.
constexpr std::size_t kLeaves = 100'000;
/// References to them in one document.
constexpr std::size_t kReferences = 5'000'000;

void also(std::string& texts, const std::string& text, std::string_view between = ", ") {
  if (text.empty()) return;
  if (!texts.empty()) texts += between;
  texts += text;
}

/// What a branch adds to what stands above it (CSAF 2.0, 3.1.2.2).
void describe(const std::string& category, const std::string& name, AffectedProduct& out) {
  if (category == "vendor") {
    out.vendor = name;
  } else if (category == "product_name") {
    out.product = name;
  } else if (category == "product_family") {
    // A family is the name where nothing below is one.
    if (out.product.empty()) out.product = name;
  } else if (category == "product_version" || category == "product_version_range") {
    out.versions.text = name;
    out.versions.range = category == "product_version_range";
  } else if (category != "host_name") {
    // Architecture, language, legacy, patch level, service pack, specification.
    std::string word = category;
    std::replace(word.begin(), word.end(), '_', ' ');
    also(out.condition, word + " " + name);
  }
}

void help(const JsonValue& helper, AffectedProduct& out) {
  out.cpe = name_of(helper["cpe"]);
  out.part = parse_cpe(out.cpe).part;
  out.purl = name_of(helper["purl"]);
  out.models.clear();
  helper["model_numbers"].each([&](const JsonValue& number) { also(out.models, name_of(number)); });
  helper["skus"].each([&](const JsonValue& sku) { also(out.models, name_of(sku)); });
}

}  // namespace

void ProductTree::read(const JsonValue& tree) {
  branches(tree["branches"], {});
  tree["full_product_names"].each([&](const JsonValue& full) {
    AffectedProduct as;
    as.product = name_of(full["name"]);
    product(full, std::move(as));
  });
  tree["relationships"].each([&](const JsonValue& one) { relationship(one); });
  tree["product_groups"].each([&](const JsonValue& group) {
    groups_[std::string(group.required("group_id").text())] = leaves(group["product_ids"]);
  });
}

// As deep as a document may be nested, which is bounded.
void ProductTree::branches(const JsonValue& list, const AffectedProduct& above) {
  list.each([&](const JsonValue& one) { branch(one, above); });
}

void ProductTree::branch(const JsonValue& one, const AffectedProduct& above) {
  AffectedProduct here = above;
  describe(name_of(one.required("category")), name_of(one.required("name")), here);
  if (const JsonValue full = one["product"]; full.there()) {
    AffectedProduct leaf = here;
    if (leaf.product.empty()) leaf.product = name_of(full["name"]);
    product(full, std::move(leaf));
  }
  branches(one["branches"], here);
}

void ProductTree::product(const JsonValue& full, AffectedProduct as) {
  const JsonValue id = full.required("product_id");
  help(full["product_identification_helper"], as);
  if (leaves_.size() >= kLeaves) return full.fault(fmt::format("is one product more than {}", kLeaves));
  as.leaf = static_cast<std::uint32_t>(leaves_.size());
  if (!ids_.emplace(id.text(), as.leaf).second) return id.fault("is another product's, too");
  leaves_.push_back(std::move(as));
}

const AffectedProduct* ProductTree::named(const JsonValue& id) const {
  const auto found = ids_.find(id.text());
  if (found != ids_.end()) return &leaves_[found->second];
  id.fault("is no product of the tree");
  return nullptr;
}

/// A product that another is a part of, or runs on (3.2.2.4): what is affected is the first, there.
void ProductTree::relationship(const JsonValue& one) {
  const AffectedProduct* part = named(one.required("product_reference"));
  const AffectedProduct* on = named(one.required("relates_to_product_reference"));
  if (part == nullptr || on == nullptr) return;
  related_.insert({part->leaf, on->leaf});
  AffectedProduct as = *part;
  as.relation = name_of(one.required("category"));
  as.on_vendor = on->vendor;
  as.on_product = on->product;
  as.on_versions = on->versions.text;
  const AffectedProduct part_help = *part;
  product(one.required("full_product_name"), std::move(as));
  if (leaves_.empty()) return;
  AffectedProduct& made = leaves_.back();
  // The whole's own marks are rare; the part's hold there, too.
  if (made.cpe.empty()) made.cpe = part_help.cpe, made.part = part_help.part;
  if (made.purl.empty()) made.purl = part_help.purl;
  if (made.models.empty()) made.models = part_help.models;
}

std::vector<std::uint32_t> ProductTree::ordered(std::vector<std::uint32_t> leaves,
                                                const JsonValue& of) const {
  references_ += leaves.size();
  if (references_ > kReferences) {
    of.fault(fmt::format("brings the references to products above {}", kReferences));
    return {};
  }
  std::sort(leaves.begin(), leaves.end());
  leaves.erase(std::unique(leaves.begin(), leaves.end()), leaves.end());
  return leaves;
}

std::vector<std::uint32_t> ProductTree::leaves(const JsonValue& ids) const {
  std::vector<std::uint32_t> out;
  ids.each([&](const JsonValue& id) {
    if (const AffectedProduct* product = named(id)) out.push_back(product->leaf);
  });
  return ordered(std::move(out), ids);
}

std::vector<std::uint32_t> ProductTree::leaves_and_groups(const JsonValue& of) const {
  std::vector<std::uint32_t> out = leaves(of["product_ids"]);
  of["group_ids"].each([&](const JsonValue& id) {
    const auto group = groups_.find(id.text());
    if (group == groups_.end()) return id.fault("is no group of the tree");
    if (out.size() <= kReferences) out.insert(out.end(), group->second.begin(), group->second.end());
  });
  return ordered(std::move(out), of);
}

}  // namespace bedrail
