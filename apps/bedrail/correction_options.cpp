#include "correction_options.h"

#include <CLI/CLI.hpp>

#include "place_options.h"

namespace bedrail::app {
namespace {

std::string check_day(const std::string& text) {
  return text.size() == 10 && parse_rfc3339(text) ? std::string()
                                                  : "\"" + text + "\" is no day; give it as 2026-11-01";
}

std::string check_setting(const std::string& text) {
  const std::size_t equals = text.find('=');
  const bool whole = equals != std::string::npos && equals > 0 && equals + 1 < text.size();
  return whole ? std::string() : "\"" + text + "\" corrects nothing; give it as type=infusion-pump";
}

}  // namespace

CorrectionOptions::CorrectionOptions(CLI::App& knowledge)
    : correct_(
          knowledge.add_subcommand("correct", "Say what a device is, where the program is wrong or silent")),
      corrections_(knowledge.add_subcommand("corrections", "List this site's corrections, or take one back")),
      list_(corrections_->add_subcommand("list", "List them, one line each")),
      remove_(corrections_->add_subcommand("remove", "Take one back")),
      export_(knowledge.add_subcommand("export-corrections",
                                       "Write those that hold for siblings, with nothing of this site")) {
  corrections_->require_subcommand(1);
  describe_correct();
  describe_others();
}

void CorrectionOptions::describe_correct() {
  correct_->add_option("DEVICE", given_.device, "A device's id, address or name")->required();
  correct_
      ->add_option("ATTRIBUTE=VALUE", given_.settings,
                   "What it is: type, vendor, model, firmware, os, department or location")
      ->required()
      ->check(check_setting);
  correct_->add_option("--because", given_.because, "How that is known; it becomes the evidence")
      ->type_name("TEXT")
      ->required();
  correct_
      ->add_option("--in", given_.assessment,
                   "The assessment that the device stands in, as bedrail assess has written it")
      ->type_name("FILE")
      ->required();
  correct_->add_flag("--siblings", given_.siblings, "Also for all that are like it: of its vendor and model");
  correct_
      ->add_option(
          "--by", given_.by,
          "With --siblings: what they have in common instead, a clue or a rule (--preview lists them)")
      ->type_name("WHAT");
  correct_->add_flag("--preview", given_.preview, "Tell what would be corrected, and write nothing");
  correct_->add_option("--date", given_.date, "The day of the correction (default: the assessment's)")
      ->type_name("DAY")
      ->check(check_day);
  add_places(*correct_, given_.knowledge, given_.site);
}

void CorrectionOptions::describe_others() {
  add_places(*list_, given_.knowledge, given_.site);
  remove_->add_option("ID", given_.id, "A correction's id, as the list tells it")->required();
  add_places(*remove_, given_.knowledge, given_.site);
  export_->add_option("FILE", given_.file, "Where they go; - for standard output")->required();
  export_->add_flag("--without-reasons", given_.without_reasons, "Leave out what --because said");
  add_places(*export_, given_.knowledge, given_.site);
}

bool CorrectionOptions::parsed() const {
  return correct_->parsed() || corrections_->parsed() || export_->parsed();
}

CorrectionArguments CorrectionOptions::arguments() const {
  using What = CorrectionArguments::What;
  CorrectionArguments out = given_;
  out.what = correct_->parsed()  ? What::kCorrect
             : export_->parsed() ? What::kExport
             : remove_->parsed() ? What::kRemove
                                 : What::kList;
  return out;
}

}  // namespace bedrail::app
