#pragma once

#include <string>

namespace bedrail {

/// `text` up to where it tells a secret: banners, realms and agents are free words, and some hold
/// "password: x", "default password is x", "token=x". A prompt ("Password:") tells none and stays.
std::string without_secret(std::string text);

}  // namespace bedrail
