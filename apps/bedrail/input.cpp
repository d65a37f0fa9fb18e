#include "input.h"

#include <fmt/format.h>

#include <algorithm>

#include "capture/capture_format.h"
#include "output.h"

namespace bedrail::app {
namespace {

/// Names of the link types that people know; others by their number in the registry.
std::string link_type_name(std::uint16_t number) {
  switch (number) {
    case 0:
      return "NULL";
    case 1:
      return "EN10MB";
    case 12:
    case 14:
    case 101:
      return "RAW";
    case 105:
      return "IEEE802_11";
    case 108:
      return "LOOP";
    case 113:
      return "LINUX_SLL";
    case 127:
      return "IEEE802_11_RADIO";
    case 228:
      return "IPV4";
    case 229:
      return "IPV6";
    case 276:
      return "LINUX_SLL2";
    default:
      return fmt::format("LINKTYPE_{}", number);
  }
}

}  // namespace

Result<std::unique_ptr<Input>> Input::open(const CaptureArguments& arguments) {
  std::vector<std::string> good;
  std::vector<MergedReader::Skipped> missing;
  for (const std::string& given : arguments.captures) {
    if (auto found = find_captures({given})) {
      good.push_back(given);
    } else {
      missing.push_back({given, found.error()});
    }
  }
  // Where nothing is left, the last is the error; the others are told here.
  for (std::size_t i = 0; good.empty() && i + 1 < missing.size(); ++i) complain(missing[i].why.message);
  if (good.empty()) return tl::unexpected(missing.back().why);
  // All at once: a file that is met by two ways counts once.
  const auto paths = find_captures(good);
  if (!paths) return tl::unexpected(paths.error());
  auto reader = MergedReader::open(
      *paths, {.since = arguments.since, .until = arguments.until, .hash = arguments.hash});
  if (!reader) {
    for (const MergedReader::Skipped& path : missing) complain(path.why.message);
    return tl::unexpected(reader.error());
  }
  std::unique_ptr<Input> input(new Input(std::move(*reader), arguments.since || arguments.until));
  input->missing_ = std::move(missing);
  return input;
}

std::size_t Input::read(std::span<RawPacket> out) {
  const std::size_t count = reader_->read(out);
  progress_.update(count, reader_->position(), reader_->size());
  read_ += count;
  for (std::size_t i = 0; windowed_ && i < count; ++i) {
    first_ = std::min(first_.value_or(out[i].time), out[i].time);
    last_ = std::max(last_.value_or(out[i].time), out[i].time);
  }
  return count;
}

std::vector<Notice> Input::problems() const {
  std::vector<Notice> out;
  for (const auto* list : {&missing_, &reader_->skipped()}) {
    for (const MergedReader::Skipped& skipped : *list)
      out.push_back({"file-skipped", "Not read: " + skipped.why.message, 1});
  }
  for (const CaptureSummary& file : reader_->summaries()) {
    if (file.fault.empty()) continue;
    const std::string_view how = file.packets == 0 ? "Not read" : "Read in part";
    out.push_back({file.packets == 0 ? "file-skipped" : "file-cut",
                   fmt::format("{}: {}: {}", how, file.name, file.fault), file.packets});
  }
  for (const Notice& notice : out) complain(notice.text);
  return out;
}

std::vector<Notice> Input::unknown_links() const {
  std::vector<Notice> out;
  for (const CaptureSummary& file : reader_->summaries()) {
    for (const std::uint16_t number : file.link_types) {
      if (link_type(number) != LinkType::kOther) continue;
      out.push_back({"undecoded",
                     fmt::format("{}: packets of the link type {} are counted only; what they carry is not "
                                 "in the assessment. Record on an "
                                 "Ethernet, Wi-Fi (monitor mode) or \"any\" interface.",
                                 file.name, link_type_name(number)),
                     1});
    }
  }
  for (const Notice& notice : out) complain(notice.text);
  return out;
}

bool Input::nothing_read() const {
  const std::vector<CaptureSummary> files = reader_->summaries();
  return std::all_of(files.begin(), files.end(),
                     [](const CaptureSummary& file) { return file.packets == 0 && !file.fault.empty(); });
}

std::string Input::all_outside() const {
  Source stored;
  describe(stored);
  std::uint64_t count = 0;
  for (const SourceFile& file : stored.files) count += file.packets;
  if (count == 0) return {};
  constexpr std::string_view kNothing = "nothing can be said of the network";
  if (!stored.first || !stored.last)
    return fmt::format("The {} packets carry no times, so that none lies within --since and --until: {}.",
                       count, kNothing);
  return fmt::format("All {} packets lie outside --since and --until: {}. The capture lasts from {} to {}.",
                     count, kNothing, format_rfc3339(*stored.first), format_rfc3339(*stored.last));
}

std::vector<Notice> Input::window() const {
  std::uint64_t stored = 0;
  for (const CaptureSummary& file : reader_->summaries()) stored += file.packets;
  // Where nothing is left, `all_outside` says so.
  if (!windowed_ || read_ == 0 || stored <= read_) return {};
  return {{"window",
           fmt::format("Only the {} packets within --since and --until were read; {} others of the captures "
                       "were left out.",
                       read_, stored - read_),
           stored - read_}};
}

void Input::describe(Source& source) const {
  for (const CaptureSummary& file : reader_->summaries()) {
    SourceFile& to = source.files.emplace_back();
    to.name = file.name;
    to.sha256 = file.sha256;
    to.bytes = file.size;
    to.packets = file.packets;
    for (const std::uint16_t number : file.link_types) to.link_types.push_back(link_type_name(number));
    to.first = file.first;
    to.last = file.last;
    source.losses.truncated_packets += file.truncated_packets;
    source.losses.capture_drops += file.capture_drops;
    if (file.first && (!source.first || *file.first < *source.first)) source.first = file.first;
    if (file.last && (!source.last || *file.last > *source.last)) source.last = file.last;
  }
  // What was read of them, where that is less.
  if (read_ > 0 && windowed_) source.first = first_, source.last = last_;
}

}  // namespace bedrail::app
