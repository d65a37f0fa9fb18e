#pragma once

#include <string_view>

namespace bedrail {

/// A software's name and version as a banner states them; views into the banner, empty where not said.
struct Product {
  std::string_view name, version;
};

/// From a list of product tokens (RFC 9110, 10.2.4): "nginx/1.22.1", "Apache/2.2.3 (CentOS) PHP/5.1", "Rapid
/// Logic/1.1", "Boa". In the UPnP form "OS/version UPnP/1.0 product/version" it is what follows the UPnP
/// token.
Product product_of_tokens(std::string_view tokens);

/// From one word with a joined version: "OpenSSH_7.4p1", "dropbear_2019.78", "Cisco-1.25",
/// "OpenSSH_for_Windows_8.1".
Product product_of_word(std::string_view word);

/// From running text: "(vsFTPd 3.0.3)", "ProFTPD 1.3.5 Server", "FileZilla Server version 0.9.41 beta". Both
/// are empty where no name stands before a version: host names and greetings are not products.
Product product_of_text(std::string_view text);

}  // namespace bedrail
