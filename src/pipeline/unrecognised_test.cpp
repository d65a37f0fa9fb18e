// What none recognises: by port and shape, with its volume.
#include "pipeline/unrecognised.h"

#include <doctest/doctest.h>

#include "pipeline/conversation_builder.h"

namespace bedrail {
namespace {

using namespace test;
using Lines = std::vector<std::string>;

std::string line(const UnrecognisedTraffic& row) {
  return row.transport + "/" + (row.port ? std::to_string(*row.port) : "dynamic") + " " + row.client_bytes +
         "|" + row.server_bytes + " flows=" + std::to_string(row.flows) +
         " packets=" + std::to_string(row.packets) + " frame=" + std::to_string(row.frame);
}

Lines rows_of(const Ran& ran) {
  Lines out;
  for (const UnrecognisedTraffic& row : ran.result.unrecognised) out.push_back(line(row));
  return out;
}

}  // namespace

TEST_CASE("unrecognised: conversations alike stand in one row, by bytes, with the first one's frame") {
  Frames frames;
  datagram(frames, true, 40000, 4000,
           "\x7f\x7f"
           "small");
  Talk(frames, 40001, 7999)
      .open()
      .up("\x7f"
          "Ab12-xyz")
      .down(
          "\x7e"
          "OK")
      .close();
  Talk(frames, 40002, 7999)
      .open()
      .up("\x7f"
          "Cd34-" +
          std::string(600, 'x'))
      .down(
          "\x7e"
          "NO")
      .close();
  Talk(frames, 40003, 80).open().up("GET / HTTP/1.1\r\n\r\n").close();
  Talk(frames, 40004, 7999).open().close();
  CHECK(rows_of(run(frames)) == Lines{"tcp/7999 \\x7fAa99-aa|~AA flows=2 packets=16 frame=2",
                                      "udp/4000 \\x7f\\x7faaaaa| flows=1 packets=1 frame=1"});
}

TEST_CASE("unrecognised: ports that a system chose are one") {
  Frames frames;
  for (std::uint16_t i = 0; i < 5; ++i)
    datagram(frames, true, static_cast<std::uint16_t>(40000 + i), static_cast<std::uint16_t>(50000 + i),
             "\x7f\x01");
  CHECK(rows_of(run(frames)) == Lines{"udp/dynamic \\x7f\\x01| flows=5 packets=5 frame=1"});
}

TEST_CASE("unrecognised: rows beyond the limit are counted, the largest stay") {
  Frames frames;
  for (std::uint16_t i = 0; i < 300; ++i)
    datagram(frames, true, 40000, static_cast<std::uint16_t>(4000 + i), "\x7f" + std::string(i, '\x01'));
  for (const unsigned most : {4U, 1024U}) {
    PipelineOptions options;
    options.limits.unrecognised = most;
    const Ran ran = run(frames, options);
    std::uint64_t flows = ran.result.unrecognised_rest.flows;
    for (const UnrecognisedTraffic& row : ran.result.unrecognised) flows += row.flows;
    CHECK(flows == 300);
    CHECK(ran.result.unrecognised.size() <= 100);
    CHECK(ran.result.unrecognised.front().port == 4299);
    const Lines expected = rows_of(ran);
    for (const unsigned threads : {2U, 4U}) {
      options.threads = threads;
      CHECK(rows_of(run(frames, options)) == expected);
    }
  }
}

}  // namespace bedrail
