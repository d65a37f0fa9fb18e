#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "commands.h"
#include "correction_bond.h"
#include "knowledge_place.h"
#include "output.h"
#include "report/assessment_reader.h"
#include "report/explain.h"
#include "report/wording.h"

namespace bedrail::app {
namespace {

constexpr std::string_view kNote =
    "What this site knows better, written by bedrail knowledge correct. No newer knowledge touches this "
    "file.";
constexpr std::string_view kExportNote =
    "Corrections that hold for all devices alike, with no address and no name of the network that they come "
    "from. As corrections.tsv in a site's folder they are in use.";

int failed(const Error& error) {
  complain(error.message);
  return kFailed;
}

int told(const std::string& text) {
  if (const auto written = write_stdout(text); !written) return failed(written.error());
  return kComplete;
}

/// Where the corrections are, and the knowledge that they correct.
struct Place {
  std::string folder, site;
  [[nodiscard]] std::string file() const { return site + "/" + kCorrectionsFile; }
};

Result<Place> place_of(const CorrectionArguments& arguments) {
  const auto folder = knowledge_folder(arguments.knowledge);
  if (!folder) return tl::unexpected(folder.error());
  return Place{*folder, arguments.site.empty() ? site_folder(*folder) : arguments.site};
}

Result<void> write_corrections(const Place& place, const std::vector<Correction>& corrections) {
  if (auto made = make_folder(place.site); !made) return made;
  return write_file(place.file(), corrections_table(corrections, kNote));
}

Result<Assessment> assessment_in(const std::string& path) {
  constexpr std::size_t kLimit = std::size_t{1} << 30;
  const auto text = read_file(path, kLimit);
  if (!text) return tl::unexpected(text.error());
  auto out = read_assessment(*text);
  if (!out)
    return failure(
        fmt::format("cannot use {}: {}; give a document that bedrail assess --format json has written", path,
                    out.error().message));
  return out;
}

/// The list of what a device has in common with its like, each with how many show it.
std::string bonds_text(const std::vector<Bond>& bonds, const Assessment& assessment) {
  std::string out;
  for (const Bond& bond : bonds) {
    const auto count = std::count_if(assessment.devices.begin(), assessment.devices.end(),
                                     [&](const AssessedDevice& device) { return bond.fits(device); });
    out += fmt::format("  {}: {}\n", wording::shown(bond.text(), 400),
                       wording::counted(static_cast<std::uint64_t>(count), "device"));
  }
  return out;
}

Result<Bond> choose_bond(const CorrectionArguments& arguments, const AssessedDevice& device,
                         const Assessment& assessment, const Knowledge& knowledge) {
  if (!arguments.siblings) return own_bond(device);
  const std::vector<Bond> all = sibling_bonds(device, assessment, knowledge);
  if (all.empty())
    return failure(
        "the assessment tells nothing that this device has in common with its like; correct it alone, "
        "without --siblings");
  const std::string wanted = arguments.by.empty() ? "model" : arguments.by;
  std::vector<Bond> found;
  std::copy_if(all.begin(), all.end(), std::back_inserter(found),
               [&](const Bond& bond) { return bond.answers_to(wanted); });
  if (found.size() == 1) return found.front();
  constexpr std::size_t kShown = 3;
  std::string choices;
  for (std::size_t i = 0; i < std::min(all.size(), kShown); ++i)
    choices += (i == 0 ? "" : "; ") + wording::shown(all[i].text(), 60);
  if (all.size() > kShown)
    choices += fmt::format("; and {} more, which --preview lists", all.size() - kShown);
  return failure(fmt::format("{}; say by what its siblings are known with --by, one of: {}",
                             arguments.by.empty()
                                 ? std::string("vendor and model of this device are not both known")
                                 : fmt::format("{} mean{} \"{}\"", found.empty() ? "none" : "several",
                                               found.empty() ? "s" : "", arguments.by),
                             choices));
}

std::string before(const AssessedDevice& device, const std::string& attribute) {
  if (attribute == "os")
    return device.os ? fmt::format("{} ({})", wording::value_text(device.os->value),
                                   wording::percent(device.os->confidence))
                     : "nothing";
  const std::pair<std::string_view, const std::optional<Attribute>*> all[] = {
      {"type", &device.type},         {"vendor", &device.vendor},         {"model", &device.model},
      {"firmware", &device.firmware}, {"department", &device.department}, {"location", &device.location}};
  for (const auto& [name, value] : all) {
    if (name == attribute && *value)
      return fmt::format("{} ({})", wording::shown((*value)->value), wording::percent((*value)->confidence));
  }
  return "nothing";
}

/// "linux" as the tables write it: "Linux".
std::string spelled(const std::string& attribute, std::string_view value, const Knowledge& knowledge) {
  if (attribute != "os" && attribute != "type") return std::string(value);
  for (std::string& known : attribute == "os" ? knowledge.systems() : knowledge.type_ids()) {
    if (equals_ignoring_case(known, value)) return std::move(known);
  }
  return std::string(value);
}

Result<std::vector<Correction>> corrections_from(const CorrectionArguments& arguments, const Bond& bond,
                                                 const Assessment& assessment, const Knowledge& knowledge) {
  std::vector<Correction> out;
  for (const std::string& setting : arguments.settings) {
    const std::size_t equals = setting.find('=');
    Correction each;
    each.on = bond.on;
    each.key = bond.key;
    each.is = bond.is;
    each.attribute = to_lower(trim(setting.substr(0, equals)));
    each.value = spelled(each.attribute, trim(std::string_view(setting).substr(equals + 1)), knowledge);
    each.because = trim(arguments.because);
    each.date = arguments.date.empty() ? format_date(assessment.as_of) : arguments.date;
    each.names_site = tells_of_site(each.because, assessment);
    each.id = correction_id(each);
    if (each.because.empty()) return failure("--because is empty; say how it is known");
    if (auto held = check_correction(each, knowledge); !held) return tl::unexpected(held.error());
    if (each.for_siblings() && holds_address(each.value))
      return failure(
          fmt::format("\"{}\" holds an address or a host's name, which its siblings do not share; "
                      "correct the device alone, without --siblings",
                      each.value));
    out.push_back(std::move(each));
  }
  return out;
}

int correct(const CorrectionArguments& arguments) {
  if (!arguments.by.empty() && !arguments.siblings)
    return failed({"--by says what siblings have in common; give --siblings, too"});
  const auto place = place_of(arguments);
  if (!place) return failed(place.error());
  const auto knowledge = load_knowledge(place->folder, Patterns::kOnFirstUse, place->site);
  if (!knowledge) return failed(knowledge.error());
  const auto assessment = assessment_in(arguments.assessment);
  if (!assessment) return failed(assessment.error());
  const auto device = find_device(*assessment, arguments.device);
  if (!device) return failed(device.error());
  const std::vector<Bond> common = sibling_bonds(**device, *assessment, **knowledge);
  const auto bond = choose_bond(arguments, **device, *assessment, **knowledge);
  if (!bond) return failed(bond.error());
  auto made = corrections_from(arguments, *bond, *assessment, **knowledge);
  if (!made) return failed(made.error());
  std::string text = fmt::format("{}  {}\n", (*device)->id, wording::device_name(**device));
  std::vector<Correction> all = (*knowledge)->corrections();
  for (Correction& each : *made) {
    text += fmt::format("{}  {}: {}, before: {}\n", each.id, each.attribute, wording::shown(each.value),
                        before(**device, each.attribute));
    std::erase_if(all, [&](const Correction& known) { return known.id == each.id; });
    all.push_back(std::move(each));
  }
  text += "bound to\n" + bonds_text({*bond}, *assessment);
  if (arguments.preview) {
    if (!common.empty())
      text += "with --siblings --by it may be bound to\n" + bonds_text(common, *assessment);
    return told(text + "preview: nothing was written; it would go to " + place->file() + "\n");
  }
  if (auto written = write_corrections(*place, all); !written) return failed(written.error());
  return told(text + "written to " + place->file() + "; it counts from the next bedrail assess on\n");
}

int list(const Place& place) {
  const auto corrections = read_corrections(place.file());
  if (!corrections) return failed(corrections.error());
  if (corrections->empty()) return told("Nothing was corrected: there is nothing in " + place.file() + "\n");
  std::string text;
  for (const Correction& c : *corrections) {
    const Bond bond{c.on, c.key, c.is};
    text += fmt::format("{}\t{}\t{}={}\t{}\t{}\n", c.id, wording::shown(bond.text(), 400), c.attribute,
                        wording::shown(c.value, 400), c.date, wording::shown(c.because, 400));
  }
  return told(text);
}

int remove(const Place& place, const std::string& id) {
  auto corrections = read_corrections(place.file());
  if (!corrections) return failed(corrections.error());
  if (std::erase_if(*corrections, [&](const Correction& c) { return c.id == id; }) == 0)
    return failed(
        {fmt::format("there is no correction \"{}\" in {}; bedrail knowledge corrections list shows "
                     "those that there are",
                     id, place.file())});
  if (auto written = write_corrections(place, *corrections); !written) return failed(written.error());
  return told(
      fmt::format("{} was taken back; {} left\n", id, wording::counted(corrections->size(), "correction")));
}

int export_to(const CorrectionArguments& arguments, const Place& place) {
  auto corrections = read_corrections(place.file());
  if (!corrections) return failed(corrections.error());
  const std::size_t all = corrections->size();
  std::erase_if(*corrections, [](const Correction& c) { return !c.for_siblings(); });
  std::string telling;
  for (Correction& c : *corrections) {
    if (arguments.without_reasons) {
      c.because.clear();
      c.names_site = false;
    }
    if (holds_address(c.is) || holds_address(c.value))
      return failed(
          {fmt::format("{} holds an address or a host's name in what it is bound to or says; take it "
                       "back (bedrail knowledge corrections remove {}) and correct anew",
                       c.id, c.id)});
    if (c.names_site || holds_address(c.because)) telling += (telling.empty() ? "" : ", ") + c.id;
  }
  if (!telling.empty())
    return failed(
        {fmt::format("nothing was written: the reasons of {} hold an address or a name of this network; "
                     "correct again with other words, or leave all reasons out with --without-reasons",
                     telling)});
  const std::string table = corrections_table(*corrections, kExportNote);
  if (arguments.file == "-") return told(table);
  if (auto written = write_file(arguments.file, table); !written) return failed(written.error());
  return told(fmt::format("{} of {} written to {}; the others are about single devices\n",
                          corrections->size(), wording::counted(all, "correction"), arguments.file));
}

}  // namespace

int run_corrections(const CorrectionArguments& arguments) {
  using What = CorrectionArguments::What;
  if (arguments.what == What::kCorrect) return correct(arguments);
  const auto place = place_of(arguments);
  if (!place) return failed(place.error());
  if (arguments.what == What::kList) return list(*place);
  if (arguments.what == What::kRemove) return remove(*place, arguments.id);
  return export_to(arguments, *place);
}

}  // namespace bedrail::app
