#pragma once

#include <string_view>

namespace bedrail::telnet {

/// What the server's last line asks for, as far as it has come.
enum class Prompt {
  kNone,
  kAccount,
  kPassword,
  kCode,  ///< a PIN or a code: in a password's place, or a second secret after it
};
/// `line` up to and with its ':', '>' or '?'. English, German, French, Spanish, Portuguese and Italian.
Prompt prompt_of(std::string_view line);
/// A shell's or a device's own prompt: a short line that ends in one of "$#>%".
bool is_command_prompt(std::string_view line);

enum class Answer { kNone, kWelcome, kRefusal };
/// What a line after the password says of the login.
Answer answer_of(std::string_view line);

/// "Linux cm4116 2.6.30" of a line as `uname -a` prints it; empty where it is none.
std::string_view system_of(std::string_view line);

}  // namespace bedrail::telnet
