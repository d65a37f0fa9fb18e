// CISA's Known Exploited Vulnerabilities catalog (JSON). Which products it names is not read: it names no
// versions, and so says of no device that it is affected.
#include "knowledge/feeds/feed_kinds.h"
#include "knowledge/feeds/json_feed.h"

namespace bedrail {

Result<void> read_kev(FeedSource& source, FeedSink& sink) {
  const auto one = [&](const JsonValue& entry) -> Result<void> {
    FeedRecord record;
    record.key = name_of(entry.required("cveID"));
    KnownExploited& known = record.exploited.emplace();
    known.added = date_text(entry.required("dateAdded").text());
    known.due = date_text(entry["dueDate"].text());
    known.ransomware = entry["knownRansomwareCampaignUse"].text() == "Known";
    known.name = name_of(entry["vulnerabilityName"]);
    known.action = without_secrets(text_of(entry["requiredAction"]));
    return sink.put(record);
  };
  return read_json_items(source, "vulnerabilities", one, [&](const JsonValue& rest) -> Result<void> {
    sink.dated(time_of(rest.required("dateReleased")));
    return {};
  });
}

}  // namespace bedrail
