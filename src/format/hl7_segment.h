#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace bedrail {

/// The delimiters that a message declares in its header (HL7 v2, chapter 2.5.4): never assumed.
struct Hl7Separators {
  char field = '|', component = '^', repetition = '~', escape = '\\', subcomponent = '&';

  /// From a header segment ("MSH|^~\&|..."); nothing where no field separator follows its three letters.
  static std::optional<Hl7Separators> of(std::string_view header);
};

/// Part `number` (from 1) of `text` cut at `separator`; empty past the last one.
std::string_view hl7_part(std::string_view text, char separator, std::size_t number);

/// True where a field says something: more than delimiters, blanks and the explicit null `""`
/// (chapter 2.5.3).
bool hl7_says_something(std::string_view field, const Hl7Separators& separators);

/// True for "MSH", "FHS" and "BHS", whose first field is the separator itself.
bool is_hl7_header(std::string_view id);

/// Where a further segment hides in `text`, one segment's, behind its first four characters: what ended the
/// one before was neither CR nor LF (another control, "<CR>", a backslash and an "r" ...). npos where none
/// does. Fields from there on are not this segment's: those of a patient may stand where a name of a system
/// would.
std::size_t hl7_hidden_segment(std::string_view text, char separator);

/// `text` without such characters and marks at its end.
std::string_view hl7_without_end_marks(std::string_view text);

/// The forms of MSH-12 (version id, "2.5.1"), MSH-9.1 (message code, "ORU"; "ORU_R01" from some) and MSH-9.2
/// (trigger event, "R01", "Zxx").
bool is_hl7_version(std::string_view text);
bool is_hl7_message_code(std::string_view text);
bool is_hl7_trigger_event(std::string_view text);

/// One segment's fields, by their number in the standard; views into the message.
class Hl7Segment {
 public:
  /// `text` without its end. Segments cut short simply have fewer fields.
  Hl7Segment(std::string_view text, const Hl7Separators& separators) : text_(text), separators_(separators) {}

  /// "MSH", "PID", ...; empty where the text does not have the form of a segment (three characters, a
  /// separator).
  [[nodiscard]] std::string_view id() const;
  /// Field `number` (from 1), with all its repetitions.
  [[nodiscard]] std::string_view field(std::size_t number) const;
  [[nodiscard]] std::string_view repetition(std::string_view field, std::size_t number) const {
    return hl7_part(field, separators_.repetition, number);
  }
  /// Component `number` (from 1) of the field's first repetition.
  [[nodiscard]] std::string_view component(std::string_view field, std::size_t number) const {
    return hl7_part(repetition(field, 1), separators_.component, number);
  }
  [[nodiscard]] bool says_something(std::size_t number) const {
    return hl7_says_something(field(number), separators_);
  }
  /// `part` for people and rules: escapes resolved (chapter 2.7), delimiters shown as ^ ~ & whatever the
  /// message uses, no empty components at its end, the explicit null as nothing.
  [[nodiscard]] std::string text(std::string_view part) const;
  [[nodiscard]] const Hl7Separators& separators() const { return separators_; }

 private:
  std::string_view text_;
  Hl7Separators separators_;
};

}  // namespace bedrail
