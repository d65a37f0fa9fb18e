#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>

#include "base/text.h"
#include "capture/capture_format.h"
#include "capture/capture_reader.h"

namespace bedrail {
namespace {

using FileId = std::pair<dev_t, ino_t>;

/// True for a name that promises a capture, packed or not.
bool named_like_capture(std::string_view path) {
  const auto drop = [&](std::string_view ending) {
    const bool has =
        path.size() > ending.size() && equals_ignoring_case(path.substr(path.size() - ending.size()), ending);
    if (has) path.remove_suffix(ending.size());
    return has;
  };
  if (!drop(".gz")) drop(".zst");
  return drop(".pcap") || drop(".pcapng") || drop(".cap") || drop(".dmp");
}

/// Enough to unpack what a format is told by.
constexpr std::size_t kHeadBuffer = 4096;

/// True for a file that begins like a capture or is named like one, and for one that cannot be opened: where
/// it is none, opening it will say why, and nobody believes that it was read.
bool looks_like_capture(const std::string& path) {
  if (named_like_capture(path)) return true;
  auto source = open_source(path, false, kHeadBuffer);
  if (!source) return true;
  (*source)->refill(12);
  return format_of((*source)->window()) != nullptr;
}

class Search {
 public:
  /// Adds the captures of a folder and those below.
  Result<std::vector<std::string>> folder(const std::string& top) {
    std::vector<std::string> found, waiting{top};
    top_ = top;
    while (!waiting.empty()) {
      const std::string path = std::move(waiting.back());
      waiting.pop_back();
      if (auto listed = list(path, waiting); !listed) return tl::unexpected(listed.error());
    }
    // Sorted before files are told apart, so that of two names of one file the first in order stands.
    std::sort(files_.begin(), files_.end());
    bool any = false;
    for (const auto& [name, id] : files_) {
      if (!seen_.contains(id) && looks_like_capture(name)) found.push_back(name);
      if (!found.empty() && found.back() == name) seen_.insert(id);
      any = any || seen_.contains(id);
    }
    files_.clear();
    if (!any) return failure(top + " holds no capture; name a folder with pcap or pcapng files");
    return found;
  }
  /// True the first time a file is met: named twice, its packets must not count twice.
  bool first_time(const struct stat& status) { return seen_.insert({status.st_dev, status.st_ino}).second; }

 private:
  Result<bool> list(const std::string& path, std::vector<std::string>& waiting) {
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0 && !folders_.insert({status.st_dev, status.st_ino}).second)
      return true;
    DIR* directory = ::opendir(path.c_str());
    if (directory == nullptr && path != top_) {
      // What lies beside it can be read; opening it will say why it cannot.
      files_.push_back({path, {status.st_dev, status.st_ino}});
      return true;
    }
    if (directory == nullptr) {
      return failure("cannot search " + path + ": " + std::strerror(errno) +
                     "; give the right to read it, or name the folders to search");
    }
    while (const dirent* entry = ::readdir(directory)) {
      const std::string name = entry->d_name;
      if (name == "." || name == "..") continue;
      const std::string child = path.ends_with('/') ? path + name : path + "/" + name;
      if (::stat(child.c_str(), &status) != 0) {
        // A link that leads nowhere: where its name promises a capture, opening it will say so.
        if (named_like_capture(child) && ::lstat(child.c_str(), &status) == 0)
          files_.push_back({child, {status.st_dev, status.st_ino}});
        continue;
      }
      if (S_ISDIR(status.st_mode)) waiting.push_back(child);
      if (S_ISREG(status.st_mode)) files_.push_back({child, {status.st_dev, status.st_ino}});
    }
    ::closedir(directory);
    return true;
  }

  std::string top_;
  std::vector<std::pair<std::string, FileId>> files_;
  std::set<FileId> folders_;  ///< of this folder and those below, met already
  std::set<FileId> seen_;     ///< files taken
};

}  // namespace

Result<std::vector<std::string>> find_captures(const std::vector<std::string>& paths) {
  std::vector<std::string> all;
  Search search;
  for (const std::string& path : paths) {
    struct stat status {};
    if (path == "-") {
      // Standard input can be read once.
      if (std::find(all.begin(), all.end(), path) == all.end()) all.push_back(path);
      continue;
    }
    if (::stat(path.c_str(), &status) != 0) {
      return failure("cannot find " + path + ": " + std::strerror(errno) + "; check the path");
    }
    if (!S_ISDIR(status.st_mode)) {
      if (search.first_time(status)) all.push_back(path);
      continue;
    }
    auto found = search.folder(path);
    if (!found) return tl::unexpected(found.error());
    all.insert(all.end(), found->begin(), found->end());
  }
  return all;
}

}  // namespace bedrail
