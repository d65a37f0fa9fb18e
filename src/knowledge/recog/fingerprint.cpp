#include "knowledge/recog/fingerprint.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace bedrail {
namespace {

/// Params may speak of one another; so much comes of it, whoever wrote them.
constexpr std::size_t kLongest = 4096;
constexpr std::string_view kScratch = "_tmp.";

const std::string* value_of(const RecogFields& fields, std::string_view name) {
  for (const auto& [known, value] : fields) {
    if (known == name) return &value;
  }
  return nullptr;
}

/// `text` with each {name} replaced; nullopt where one is not known.
std::optional<std::string> interpolated(std::string_view text, bool is_cpe, const RecogFields& fields) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t open = text.find('{', at), close = text.find('}', at);
    if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
      out.append(text.substr(at));
      break;
    }
    out.append(text.substr(at, open - at));
    const std::string_view name = text.substr(open + 1, close - open - 1);
    if (const std::string* value = value_of(fields, name))
      out.append(*value);
    else if (is_cpe && name.ends_with(".version"))
      out.push_back('-');
    else
      return std::nullopt;
    if (out.size() > kLongest) return std::nullopt;
    at = close + 1;
  }
  return out;
}

}  // namespace

RecogFields recog_fields(const std::vector<RecogParam>& params, const std::vector<std::string>& groups) {
  RecogFields out;
  for (const RecogParam& param : params) {
    const auto group = static_cast<std::size_t>(param.group);
    if (param.group == 0)
      out.emplace_back(param.name, param.value);
    else if (group < groups.size() && !groups[group].empty())
      out.emplace_back(param.name, groups[group]);
  }
  for (std::size_t i = 0; i < out.size();) {
    auto& [name, value] = out[i];
    if (value.find('{') == std::string::npos) {
      ++i;
      continue;
    }
    auto text = interpolated(value, name.ends_with(".cpe23"), out);
    if (text) {
      value = std::move(*text);
      ++i;
    } else {
      out.erase(out.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
  std::erase_if(out, [](const auto& field) { return field.first.starts_with(kScratch); });
  return out;
}

}  // namespace bedrail
