#include "advisory/product_words.h"

#include <algorithm>
#include <iterator>

namespace bedrail {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

constexpr std::string_view kNoise[] = {
    "a",       "all",      "and",  "any",   "based",   "by",       "device",   "devices",
    "family",  "families", "for",  "in",    "item",    "line",     "machine",  "model",
    "models",  "number",   "of",   "only",  "product", "products", "series",   "system",
    "systems", "the",      "type", "types", "used",    "version",  "versions", "with"};

// Sorted, for the search, like the next two.
constexpr std::string_view kWeak[] = {"anaesthesia",
                                      "android",
                                      "app",
                                      "application",
                                      "care",
                                      "center",
                                      "central",
                                      "centre",
                                      "client",
                                      "communication",
                                      "component",
                                      "computer",
                                      "configuration",
                                      "console",
                                      "control",
                                      "controller",
                                      "ct",
                                      "data",
                                      "database",
                                      "db",
                                      "dicom",
                                      "edition",
                                      "editor",
                                      "emr",
                                      "energy",
                                      "enterprise",
                                      "firmware",
                                      "gateway",
                                      "general",
                                      "health",
                                      "home",
                                      "hub",
                                      "image",
                                      "information",
                                      "interface",
                                      "ios",
                                      "iot",
                                      "kit",
                                      "laboratory",
                                      "license",
                                      "management",
                                      "manager",
                                      "mobile",
                                      "module",
                                      "modules",
                                      "mr",
                                      "mri",
                                      "multi",
                                      "network",
                                      "nm",
                                      "operating",
                                      "pacs",
                                      "pc",
                                      "pet",
                                      "platform",
                                      "portal",
                                      "processor",
                                      "programmer",
                                      "reader",
                                      "receiver",
                                      "recorder",
                                      "remote",
                                      "ris",
                                      "server",
                                      "service",
                                      "services",
                                      "smart",
                                      "software",
                                      "spect",
                                      "station",
                                      "suite",
                                      "telemetry",
                                      "test",
                                      "tool",
                                      "transport",
                                      "unit",
                                      "units",
                                      "upgrade",
                                      "viewer",
                                      "web",
                                      "workstation"};

constexpr std::string_view kKinds[] = {"analyzer",     "bed",
                                       "bedside",      "cardiograph",
                                       "cardiographs", "ccu",
                                       "clinical",     "defibrillator",
                                       "delivery",     "diagnostic",
                                       "digital",      "ecg",
                                       "eeg",          "electrocardiograph",
                                       "fetal",        "generator",
                                       "handheld",     "healthcare",
                                       "hemodialysis", "hospital",
                                       "icu",          "imaging",
                                       "infuser",      "infusion",
                                       "injector",     "insulin",
                                       "maternal",     "medical",
                                       "monitor",      "monitoring",
                                       "monitors",     "neonatal",
                                       "patient",      "portable",
                                       "pump",         "pumps",
                                       "resting",      "scanner",
                                       "sign",         "signs",
                                       "syringe",      "ultrasound",
                                       "ventilator",   "ventilators",
                                       "vital",        "wifi",
                                       "wireless",     "wlan",
                                       "worn",         "xray"};

constexpr std::string_view kVariants[] = {"elite", "light", "lite",  "max", "mini",
                                          "plus",  "pro",   "ultra", "xl"};

template <std::size_t N>
bool listed(const std::string_view (&words)[N], std::string_view word) {
  return std::binary_search(std::begin(words), std::end(words), word);
}
static_assert(std::is_sorted(std::begin(kKinds), std::end(kKinds)));
static_assert(std::is_sorted(std::begin(kVariants), std::end(kVariants)));
static_assert(std::is_sorted(std::begin(kWeak), std::end(kWeak)));

/// The longest run of digits.
std::size_t digits_of(std::string_view word) {
  std::size_t longest = 0, run = 0;
  for (const char c : word) {
    run = is_digit(c) ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

}  // namespace

bool is_noise_word(std::string_view word) {
  return std::find(std::begin(kNoise), std::end(kNoise), word) != std::end(kNoise);
}
bool is_kind_word(std::string_view word) { return listed(kKinds, word); }
bool is_weak_word(std::string_view word) { return listed(kWeak, word) || is_kind_word(word); }
bool is_variant_word(std::string_view word) { return listed(kVariants, word); }

bool has_digit(std::string_view word) { return std::any_of(word.begin(), word.end(), is_digit); }

bool is_part_number(std::string_view word) {
  const std::size_t digits = digits_of(word);
  return digits >= 5 || (word.front() == 'm' && digits == 4 && letters_of(word).size() == 1);
}

bool is_strong_model(std::string_view word) {
  const std::size_t digits = digits_of(word), letters = letters_of(word).size();
  if (digits == 0) return false;
  return letters >= 2 ? word.size() >= 4 : letters == 1 && digits >= 3;
}

std::string_view letters_of(std::string_view word) {
  std::size_t count = 0;
  while (count < word.size() && !is_digit(word[count])) ++count;
  return word.substr(0, count);
}

}  // namespace bedrail
