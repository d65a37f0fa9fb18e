#include "format/product.h"

#include <doctest/doctest.h>

#include <string>

namespace bedrail {
namespace {

std::string shown(Product product) { return std::string(product.name) + "|" + std::string(product.version); }

}  // namespace

TEST_CASE("product: tokens as HTTP and UPnP servers write them") {
  CHECK(shown(product_of_tokens("nginx/1.22.1")) == "nginx|1.22.1");
  CHECK(shown(product_of_tokens("Apache/2.2.3 (CentOS) PHP/5.1")) == "Apache|2.2.3");
  CHECK(shown(product_of_tokens("Rapid Logic/1.1")) == "Rapid Logic|1.1");
  CHECK(shown(product_of_tokens("Allegro-Software-RomPager/ 4.51")) == "Allegro-Software-RomPager|4.51");
  CHECK(shown(product_of_tokens("GoAhead-Webs")) == "GoAhead-Webs|");
  CHECK(shown(product_of_tokens("Jetty(9.4.z/x)")) == "Jetty|");
  CHECK(shown(product_of_tokens("Linux/3.14.0 UPnP/1.0 IpBridge/1.29.0")) == "IpBridge|1.29.0");
  CHECK(shown(product_of_tokens("Unspecified, UPnP/1.0, Unspecified")) == "Unspecified|");
  CHECK(shown(product_of_tokens("")) == "|");
}

TEST_CASE("product: one word of an SSH banner") {
  CHECK(shown(product_of_word("OpenSSH_7.4p1")) == "OpenSSH|7.4p1");
  CHECK(shown(product_of_word("OpenSSH_for_Windows_8.1")) == "OpenSSH_for_Windows|8.1");
  CHECK(shown(product_of_word("dropbear_2019.78")) == "dropbear|2019.78");
  CHECK(shown(product_of_word("Cisco-1.25")) == "Cisco|1.25");
  CHECK(shown(product_of_word("libssh-0.6.3-rc1")) == "libssh|0.6.3-rc1");
  CHECK(shown(product_of_word("Foo_1.2-3")) == "Foo|1.2-3");
  CHECK(shown(product_of_word("ROSSSH")) == "ROSSSH|");
  CHECK(shown(product_of_word("")) == "|");
}

TEST_CASE("product: running text names a product only where a name stands before a version") {
  CHECK(shown(product_of_text("(vsFTPd 3.0.3)")) == "vsFTPd|3.0.3");
  CHECK(shown(product_of_text("ProFTPD 1.3.5 Server (Debian)")) == "ProFTPD|1.3.5");
  CHECK(shown(product_of_text("FileZilla Server version 0.9.41 beta")) == "FileZilla|0.9.41");
  CHECK(shown(product_of_text("Serv-U FTP Server v6.4 for WinSock ready...")) == "Serv-U|6.4");
  CHECK(shown(product_of_text("VxWorks FTP server (VxWorks 5.4.2) ready.")) == "VxWorks|5.4.2");
  CHECK(shown(product_of_text("VxWorks (5.4) FTP server ready")) == "VxWorks|5.4");
  CHECK(shown(product_of_text("ward7 FTP server (Version 6.4/OpenBSD/Linux-ftpd-0.17) ready.")) == "|");
  CHECK(shown(product_of_text("Welcome, your address is 10.0.0.5")) == "|");
  CHECK(shown(product_of_text("Microsoft FTP Service")) == "|");
}

}  // namespace bedrail
