#pragma once

#include <string_view>

namespace bedrail {

/// A word that says nothing about which product it is: "the", "system", "family". Left out.
bool is_noise_word(std::string_view word);
/// A word that many products have: "pump", "workstation". It tells products of a family apart, but makes none
/// the same.
bool is_weak_word(std::string_view word);
/// Of these the ones that only say what kind of device it is ("ultrasound", "infusion"): names leave them out
/// as often as not.
bool is_kind_word(std::string_view word);
/// A word that makes another model of the one without it: "plus", "pro".
bool is_variant_word(std::string_view word);

bool has_digit(std::string_view word);
/// A part or order number, which names leave out as often as not: five digits and more, or Philips' M8102A.
bool is_part_number(std::string_view word);
/// A model number that hardly two products of a maker share: MX40, VC150, CMS8000, but not T1, 360 or 4000.
bool is_strong_model(std::string_view word);
/// The letters at the front of "mx40".
std::string_view letters_of(std::string_view word);

}  // namespace bedrail
