#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "advisory/range.h"

namespace bedrail {

/// What an advisory's version field says beside versions, cut out of the text in this order: remarks in
/// brackets, part and model numbers, dates, systems, options.
void take_remarks(std::string& text, std::vector<Condition>& conditions);
void take_model(std::string& text, std::vector<Condition>& conditions);
void take_dates(std::string& text, std::vector<Condition>& conditions);
void take_system(std::string& text, std::vector<Condition>& conditions);
void take_option(std::string& text, std::vector<Condition>& conditions);

/// The names of models that a text without versions lists: "MMT-515 / MMT-715 Paradigm x15"; empty where it
/// reads like running text.
std::vector<std::string> model_names(std::string_view text);

}  // namespace bedrail
