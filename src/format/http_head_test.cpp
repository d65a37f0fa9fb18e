#include "format/http_head.h"

#include <doctest/doctest.h>

#include <string>

namespace bedrail {

TEST_CASE("http head: request and status lines") {
  const HttpStartLine get = http_start_line("GET /index.html HTTP/1.0");
  CHECK(get.kind == HttpStartLine::Kind::kRequest);
  CHECK(get.method == "GET");
  CHECK(get.target == "/index.html");
  CHECK(get.minor == 0);
  CHECK(http_start_line("M-SEARCH * HTTP/1.1").target == "*");
  CHECK(http_start_line("RPC_IN_DATA /rpc HTTP/1.1").kind == HttpStartLine::Kind::kRequest);
  CHECK(http_start_line("GET /a b HTTP/1.1").target == "/a b");
  CHECK(http_start_line("HTTP/1.1 200 OK").status == 200);
  CHECK(http_start_line("HTTP/1.1 401").status == 401);
  for (const char* wrong : {"HTTP/1.1 20", "HTTP/1.1 2000 OK", "HTTP/2.0 200 OK", "HTTP/1.1 999 x",
                            "GET / HTTP/2.0", "get / HTTP/1.1", "GET  HTTP/1.1", "OPTIONS rtsp://a RTSP/1.0",
                            "INVITE sip:a SIP/2.0", "", "GET /", "HTTP/1.x 200 OK"}) {
    CAPTURE(wrong);
    CHECK(http_start_line(wrong).kind == HttpStartLine::Kind::kNone);
  }
}

TEST_CASE("http head: a prefix is sure only when it has to be") {
  CHECK(http_prefix("GET / HTTP/1.1\r\n") == HttpPrefix::kRequest);
  CHECK(http_prefix("HTTP/1.1 200") == HttpPrefix::kResponse);
  for (const char* more :
       {"", "G", "GET ", "GET /index", "H", "HTTP/1.", "HTTP/1.1 20", "HEAD /", "GET / HTTP/1.1"})
    CHECK(http_prefix(more) == HttpPrefix::kMore);
  for (const char* wrong : {"USER x\r\n", "SSH-2.0-x\r\n", "HTTP/1.1 2x0", "OPTIONS rtsp://a RTSP/1.0\r\n",
                            "\x16\x03", "get /", "GET /\x01", "HTTP/2.0"}) {
    CAPTURE(wrong);
    CHECK(http_prefix(wrong) == HttpPrefix::kNo);
  }
}

TEST_CASE("http head: its end, and its fields") {
  const std::string head = "GET / HTTP/1.1\r\nHost: a\r\n folded: no\r\nnonsense\r\nX-Y :  b \r\n\r\n";
  CHECK(http_head_size(head + "rest") == head.size());
  CHECK(http_head_size(head.substr(0, head.size() - 1)) == 0);
  CHECK(http_head_size("GET / HTTP/1.0\n\nx") == 16);
  HttpFields fields(head);
  CHECK(fields.next());
  CHECK(fields.is("HOST"));
  CHECK(fields.value() == "a\r\n folded: no");
  CHECK(fields.next());
  CHECK(fields.name() == "X-Y");
  CHECK(fields.value() == "b");
  CHECK(fields.malformed());
  CHECK_FALSE(fields.next());
}

}  // namespace bedrail
