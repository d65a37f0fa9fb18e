// The only file that knows the XML library.
#include "knowledge/recog/document.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <pugixml.hpp>
#include <span>

#include "base/bytes.h"
#include "base/text.h"
#include "format/base64.h"
#include "knowledge/tsv.h"

namespace bedrail {
namespace {

constexpr std::size_t kFingerprints = 50000, kParams = 128, kExamples = 1000;
constexpr int kGroups = 32;
constexpr double kUsualCertainty = 0.85;

class Reader {
 public:
  Reader(const std::string& name, std::string_view text, const RecogAttachments* attachments)
      : name_(name), text_(text), attachments_(attachments) {}

  Result<std::vector<RecogEntry>> read() {
    pugi::xml_document document;
    const pugi::xml_parse_result parsed = document.load_buffer(
        text_.data(), text_.size(), pugi::parse_default | pugi::parse_doctype | pugi::parse_ws_pcdata_single,
        pugi::encoding_utf8);
    if (!parsed) return failure(at(parsed.offset, parsed.description()));
    for (const pugi::xml_node node : document) {
      // Entities of one's own can be made to grow without end, and the format has none.
      if (node.type() == pugi::node_doctype) return failure(at(node, "a document type is not read"));
    }
    const pugi::xml_node root = document.document_element();
    if (std::string_view(root.name()) != "fingerprints")
      return failure(at(root, "the first element is not <fingerprints>"));
    kind_ = clean_text(root.attribute("matches").as_string(), 80);
    if (kind_.empty()) kind_ = clean_text(stem(), 80);
    for (const pugi::xml_node node : root) {
      if (node.type() == pugi::node_pcdata && !trim(node.value()).empty())
        return failure(at(node, "text between the fingerprints"));
      if (node.type() != pugi::node_element) continue;
      if (out_.size() == kFingerprints) return failure(at(node, "too many fingerprints"));
      if (auto done = fingerprint(node); !done) return tl::unexpected(done.error());
    }
    return std::move(out_);
  }

 private:
  /// "ssh_banners" of "feeds/ssh_banners.xml".
  [[nodiscard]] std::string stem() const {
    const std::string file = name_.substr(name_.find_last_of('/') + 1);
    return file.substr(0, file.rfind('.'));
  }

  [[nodiscard]] std::size_t line_at(std::ptrdiff_t offset) const {
    const std::size_t end =
        std::min(text_.size(), static_cast<std::size_t>(std::max<std::ptrdiff_t>(offset, 0)));
    return 1 + static_cast<std::size_t>(
                   std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
  }
  /// Offsets of nodes ascend, so that lines are counted once.
  [[nodiscard]] std::size_t line_of(pugi::xml_node node) {
    const auto offset = static_cast<std::size_t>(std::max<std::ptrdiff_t>(node.offset_debug(), 0));
    if (offset < counted_to_ || offset > text_.size()) return line_at(node.offset_debug());
    line_ += static_cast<std::size_t>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(counted_to_),
                                                 text_.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
    counted_to_ = offset;
    return line_;
  }
  [[nodiscard]] std::string at(std::ptrdiff_t offset, std::string_view what) const {
    return fmt::format("{}:{}: {}", name_, line_at(offset), what);
  }
  [[nodiscard]] std::string at(pugi::xml_node node, std::string_view what) const {
    return at(node.offset_debug(), what);
  }

  Result<void> fingerprint(pugi::xml_node node) {
    if (std::string_view(node.name()) != "fingerprint")
      return failure(
          at(node, fmt::format("<{}> stands where a fingerprint should", clean_text(node.name(), 40))));
    RecogEntry entry;
    entry.line = line_of(node);
    entry.ruby = node.attribute("pattern").as_string();
    if (entry.ruby.empty()) return failure(at(node, "a fingerprint needs a pattern"));
    if (auto done = flags(node, entry.flags); !done) return done;
    RecogFingerprint& to = entry.fingerprint;
    to.kind = kind_;
    to.certainty = kUsualCertainty;
    if (const pugi::xml_attribute certainty = node.attribute("certainty")) {
      const auto number = number_of(certainty.value());
      if (!number || *number < 0 || *number > 1)
        return failure(at(node, fmt::format("the certainty \"{}\" is no number from 0 to 1",
                                            clean_text(certainty.value(), 40))));
      to.certainty = *number;
    }
    for (const pugi::xml_node child : node) {
      if (child.type() != pugi::node_element) continue;
      const std::string_view name = child.name();
      Result<void> done;
      if (name == "description") {
        to.description = clean_text(child.text().get(), 300);
      } else if (name == "param") {
        done = param(child, to);
      } else if (name == "example") {
        done = example(child, entry);
      } else {
        done = failure(at(child, fmt::format("a fingerprint has no <{}>", clean_text(name, 40))));
      }
      if (!done) return done;
    }
    to.source = fmt::format("recog {}.xml: {}", stem(), to.description);
    out_.push_back(std::move(entry));
    return {};
  }

  Result<void> flags(pugi::xml_node node, RubyFlags& to) {
    for (const std::string_view flag : split_list(node.attribute("flags").as_string(), ',')) {
      if (flag == "REG_ICASE")
        to.ignore_case = true;
      else if (flag == "REG_DOT_NEWLINE" || flag == "REG_MULTILINE" || flag == "REG_LINE_ANY_CRLF")
        to.dot_newline = true;
      else
        return failure(at(node, fmt::format("there is no flag \"{}\"", clean_text(flag, 40))));
    }
    return {};
  }

  Result<void> param(pugi::xml_node node, RecogFingerprint& to) {
    RecogParam out{node.attribute("name").as_string(), 0, node.attribute("value").as_string()};
    if (out.name.empty() || !is_printable_ascii(out.name) ||
        out.name.find_first_of(" =;{}\\") != std::string::npos)
      return failure(at(node, "a param needs a name without spaces"));
    const auto group = integer_of(node.attribute("pos").as_string("none"));
    if (!group || *group < 0 || *group > kGroups)
      return failure(at(node, fmt::format("the pos of a param is a number from 0 to {}", kGroups)));
    out.group = *group;
    if (out.group > 0 && !out.value.empty())
      return failure(at(node, fmt::format("{} has both a group and a value", out.name)));
    if (out.group == 0 && !node.attribute("value"))
      return failure(at(node, fmt::format("{} has neither a group nor a value", out.name)));
    if (out.value.size() > 1024)
      return failure(at(node, fmt::format("the value of {} is too long", out.name)));
    out.value = clean_text(out.value, 1024);
    if (to.params.size() == kParams) return failure(at(node, "too many params"));
    // Of two of one name recog keeps the later.
    std::erase_if(to.params, [&](const RecogParam& other) { return other.name == out.name; });
    to.params.push_back(std::move(out));
    return {};
  }

  Result<void> example(pugi::xml_node node, RecogEntry& to) {
    if (to.examples.size() == kExamples) return failure(at(node, "too many examples"));
    RecogExample out;
    out.line = line_of(node);
    std::string encoding, file;
    for (const pugi::xml_attribute attribute : node.attributes()) {
      const std::string_view name = attribute.name();
      if (name == "_encoding")
        encoding = attribute.value();
      else if (name == "_filename")
        file = attribute.value();
      else
        out.fields.emplace_back(name, attribute.value());
    }
    for (const pugi::xml_node part : node) {
      if (part.type() == pugi::node_element) return failure(at(part, "an example holds text alone"));
      if (part.type() == pugi::node_pcdata || part.type() == pugi::node_cdata) out.text += part.value();
    }
    if (!file.empty()) {
      if (attachments_ == nullptr) return {};
      auto text = attachments_->read(stem() + "/" + file);
      if (!text) return failure(at(node, text.error().message));
      out.text = std::move(*text);
      out.attached = true;
    }
    if (encoding == "base64") {
      out.encoded = true;
      if (auto done = decode(node, out.text); !done) return done;
    } else if (!encoding.empty()) {
      return failure(at(node, fmt::format("there is no encoding \"{}\"", clean_text(encoding, 40))));
    }
    to.examples.push_back(std::move(out));
    return {};
  }

  Result<void> decode(pugi::xml_node node, std::string& text) {
    std::string packed;
    std::copy_if(text.begin(), text.end(), std::back_inserter(packed),
                 [](char c) { return static_cast<unsigned char>(c) > ' '; });
    std::string out(packed.size(), '\0');
    const auto decoded = decode_base64(packed, std::as_writable_bytes(std::span(out)));
    if (!decoded) return failure(at(node, "the example is no base64"));
    out.resize(decoded->size());
    text = std::move(out);
    return {};
  }

  static std::optional<int> integer_of(std::string_view text) {
    int out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return out;
  }
  static std::optional<double> number_of(std::string_view text) {
    double out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(out)) return std::nullopt;
    return out;
  }

  const std::string& name_;
  std::string_view text_;
  const RecogAttachments* attachments_;
  std::string kind_;
  std::vector<RecogEntry> out_;
  std::size_t line_ = 1, counted_to_ = 0;
};

}  // namespace

Result<std::vector<RecogEntry>> read_recog_document(const std::string& name, std::string_view text,
                                                    const RecogAttachments* attachments) {
  return Reader(name, text, attachments).read();
}

}  // namespace bedrail
