// bench_feeds SITE KIND PATH...: imports a feed into a site's folder, opens the base and asks it, and tells
// what each took. bench/nvd_feed.py makes a feed as large as asked for.
#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>

#include "knowledge/feeds/import.h"
#include "knowledge/feeds/vulnerability_base.h"

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

long peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

int failed(const bedrail::Error& error) {
  fmt::print(stderr, "bench_feeds: {}\n", error.message);
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  const bedrail::FeedKind* kind = argc > 3 ? bedrail::feed_kind(argv[2]) : nullptr;
  if (kind == nullptr) return failed({"usage: bench_feeds SITE KIND PATH..."});
  auto start = Clock::now();
  auto import = bedrail::FeedImport::prepare({argv[1], kind, {argv + 3, argv + argc}, false, {}});
  if (!import) return failed(import.error());
  fmt::print("read {} records, {} new: {:.1f} s\n", (*import)->records(), (*import)->changes().added.size(),
             seconds_since(start));
  start = Clock::now();
  if (const auto applied = (*import)->apply(); !applied) return failed(applied.error());
  import->reset();
  fmt::print("applied: {:.1f} s; peak memory {} MiB\n", seconds_since(start), peak_mib());
  start = Clock::now();
  const auto base = bedrail::VulnerabilityBase::open(argv[1]);
  if (!base) return failed(base.error());
  const auto feeds = (*base)->feeds();
  fmt::print("opened, {} kinds counted: {:.3f} s\n", feeds.size(), seconds_since(start));
  start = Clock::now();
  std::size_t products = 0, statements = 0;
  for (int vendor = 0; vendor < 1000; ++vendor) {
    for (const bedrail::FeedProduct& product :
         (*base)->products_with({fmt::format("vendor{}", vendor), "pump"})) {
      ++products;
      statements += (*base)->statements_on(product.id).size();
    }
  }
  fmt::print("1000 searches: {} products, {} statements: {:.3f} s\n", products, statements,
             seconds_since(start));
  if (!(*base)->fault().empty()) return failed({(*base)->fault()});
  return 0;
}
