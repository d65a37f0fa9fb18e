#pragma once

#include <functional>
#include <memory>

#include "arguments.h"
#include "capture/merged_reader.h"
#include "model/assessment.h"
#include "pipeline/pipeline.h"
#include "progress.h"

namespace bedrail::app {

/// The captures of a command line as one source of packets, with an account of what could not be read.
class Input final : public PacketSource {
 public:
  /// Opens all that can be opened. Error where nothing could.
  static Result<std::unique_ptr<Input>> open(const CaptureArguments& arguments);

  std::size_t read(std::span<RawPacket> out) override;
  [[nodiscard]] std::shared_ptr<const void> hold() const override { return reader_->hold(); }

  /// After the end: files skipped and cut, as notices; complains about each on standard error.
  std::vector<Notice> problems() const;
  /// After the end: true where every file was damaged before its first packet.
  [[nodiscard]] bool nothing_read() const;
  /// Link types that are read past: nothing was skipped of the files, but what these packets carry is not
  /// known.
  std::vector<Notice> unknown_links() const;
  /// After the end, where no packet was handed out: the sentence that says so of packets that all lie outside
  /// `since` and `until`; empty where there are none at all.
  [[nodiscard]] std::string all_outside() const;
  /// After the end: that a window left packets out, where it did.
  [[nodiscard]] std::vector<Notice> window() const;
  /// The files' part of the assessment's source, with what the reader alone knows of the losses.
  void describe(Source& source) const;

 private:
  Input(std::unique_ptr<MergedReader> reader, bool windowed)
      : reader_(std::move(reader)), windowed_(windowed) {}

  std::unique_ptr<MergedReader> reader_;
  std::vector<MergedReader::Skipped> missing_;  ///< paths that led to no capture
  Progress progress_;
  bool windowed_;                          ///< with `since` or `until`
  std::uint64_t read_ = 0;                 ///< packets within
  std::optional<Timestamp> first_, last_;  ///< of them; kept with a window only
};

}  // namespace bedrail::app
