#include "identify/ballot.h"

#include <doctest/doctest.h>

#include "facts.h"

namespace bedrail {

using namespace test;  // NOLINT(google-build-using-namespace): the builders are the language of these tests

TEST_CASE("ballot: no vote, no value") {
  CHECK(!Ballot().decide());
  CHECK(Ballot().count().empty());
}

TEST_CASE("ballot: independent groups add up, a group counts once") {
  CHECK(ballot_of({vote("a", 0.6, "dhcp")}).decide()->confidence == 0.6);
  CHECK(ballot_of({vote("a", 0.6, "dhcp"), vote("a", 0.5, "http")}).decide()->confidence == 0.8);
  CHECK(ballot_of({vote("a", 0.6, "dhcp"), vote("a", 0.5, "dhcp")}).decide()->confidence == 0.6);
  CHECK(ballot_of({vote("a", 0.5, "dhcp"), vote("a", 0.5, "http"), vote("a", 0.5, "smb")})
            .decide()
            ->confidence == 0.88);
}

TEST_CASE("ballot: nothing that was heard is certain") {
  CHECK(ballot_of({vote("a", 1, "dhcp"), vote("a", 1, "http")}).decide()->confidence == 0.99);
}

TEST_CASE("ballot: a value is stated from the threshold on") {
  CHECK(!ballot_of({vote("a", 0.49, "dhcp")}).decide());
  CHECK(ballot_of({vote("a", 0.5, "dhcp")}).decide());
  CHECK(ballot_of({vote("a", 0.3, "dhcp"), vote("a", 0.3, "http")}).decide()->confidence == 0.51);
}

TEST_CASE("ballot: the winner leads, the others are conflicts, the runner-up first") {
  const auto won =
      ballot_of({vote("b", 0.3, "http"), vote("a", 0.8, "dhcp"), vote("c", 0.6, "smb")}).decide();
  REQUIRE(won);
  CHECK(won->value == "a");
  REQUIRE(won->conflicts.size() == 2);
  CHECK(won->conflicts[0].value == "c");
  CHECK(won->conflicts[0].confidence == 0.6);
  CHECK(won->conflicts[0].evidence.size() == 1);
  CHECK(won->conflicts[1].value == "b");
  CHECK(!ballot_of({vote("a", 0.7, "dhcp"), vote("b", 0.56, "http")}).decide());
  CHECK(ballot_of({vote("a", 0.7, "dhcp"), vote("b", 0.54, "http")}).decide()->value == "a");
}

TEST_CASE("ballot: at most four conflicts") {
  Ballot ballot = ballot_of({vote("a", 0.9, "g")});
  for (int i = 0; i < 9; ++i) ballot.add(vote("x" + std::to_string(i), 0.2, "h" + std::to_string(i)));
  CHECK(ballot.decide()->conflicts.size() == 4);
}

TEST_CASE("ballot: a group that contradicts itself counts for less") {
  const auto both = ballot_of({vote("a", 0.9, "http"), vote("b", 0.5, "http")}).decide();
  REQUIRE(both);
  CHECK(both->confidence == doctest::Approx(0.54));  // 0.9 * (1 - 0.8 * 0.5)
  CHECK(!ballot_of({vote("a", 0.9, "http"), vote("b", 0.9, "http")}).decide());
  // Another group's contradiction lessens nothing but the lead.
  CHECK(ballot_of({vote("a", 0.9, "http"), vote("b", 0.5, "dhcp")}).decide()->confidence == 0.9);
}

TEST_CASE("ballot: values are compared without regard to case, the surest spelling is shown") {
  const auto won = ballot_of({vote("ACME", 0.5, "dhcp"), vote("Acme", 0.6, "http")}).decide();
  REQUIRE(won);
  CHECK(won->value == "Acme");
  CHECK(won->confidence == 0.8);
  CHECK(won->conflicts.empty());
}

TEST_CASE("ballot: related values support each other and are no conflict") {
  const auto special = [](const std::string& vote, const std::string& value) {
    return vote == value + " Pro";
  };
  const Ballot ballot =
      ballot_of({vote("X Pro", 0.6, "dhcp"), vote("X", 0.7, "http"), vote("Y", 0.3, "smb")});
  CHECK(!ballot.decide());
  const auto won = ballot.decide(special);
  REQUIRE(won);
  CHECK(won->value == "X");
  CHECK(won->confidence == 0.88);
  REQUIRE(won->conflicts.size() == 1);
  CHECK(won->conflicts[0].value == "Y");
}

TEST_CASE("ballot: evidence is the earliest eight, none twice") {
  Ballot ballot;
  for (unsigned i = 20; i > 0; --i) ballot.add(vote("a", 0.6, "g" + std::to_string(i), i));
  ballot.add(vote("a", 0.6, "g1", 1));
  const auto won = ballot.decide();
  REQUIRE(won->evidence.size() == 8);
  for (unsigned i = 0; i < 8; ++i) CHECK(won->evidence[i].frame == i + 1);
}

TEST_CASE("ballot: each rule once, with the most that it said, the strongest first") {
  Vote weak = vote("a", 0.5, "g"), strong = vote("a", 0.9, "g");
  const auto won = ballot_of({weak, vote("a", 0.7, "h"), strong}).decide();
  REQUIRE(won->rules.size() == 2);
  CHECK(won->rules[0].rule == "g says a");
  CHECK(won->rules[0].confidence == 0.9);
  CHECK(won->rules[1].confidence == 0.7);
}

TEST_CASE("ballot: votes that are picked weigh less") {
  Ballot ballot = ballot_of({vote("a", 0.8, "g"), vote("b", 0.8, "h")});
  CHECK(!ballot.decide());
  ballot.scale([](const Vote& v) { return v.group == "h"; }, 0.5);
  CHECK(ballot.decide()->value == "a");
}

TEST_CASE("ballot: repeats and floods of votes are bounded, and change no result") {
  Ballot repeated;
  for (unsigned i = 0; i < 5000; ++i) repeated.add(vote("a", 0.6, "g", i + 1));
  CHECK(repeated.votes().size() == Ballot::kRepeats);
  CHECK(repeated.decide()->evidence.size() == 8);
  CHECK(repeated.decide()->evidence.back().frame == 8);
  Ballot flood = ballot_of({vote("a", 0.9, "g")});
  for (unsigned i = 0; i < 5000; ++i) flood.add(vote("x" + std::to_string(i), 0.1, "h"));
  CHECK(flood.votes().size() == Ballot::kVotes);
  CHECK(flood.decide()->value == "a");
}

TEST_CASE("ballot: the order of votes does not change what is stated") {
  std::vector<Vote> votes = {vote("a", 0.6, "g", 3), vote("b", 0.3, "h", 1), vote("a", 0.4, "i", 2),
                             vote("c", 0.3, "k", 5), vote("b", 0.2, "g", 4)};
  const auto text = [&] {
    const auto won = ballot_of(votes).decide();
    std::string out = won->value + std::to_string(won->confidence);
    for (const auto& conflict : won->conflicts) out += conflict.value + std::to_string(conflict.confidence);
    for (const Evidence& one : won->evidence) out += std::to_string(one.frame);
    return out;
  };
  const std::string first = text();
  for (int i = 0; i < 5; ++i) {
    std::rotate(votes.begin(), votes.begin() + 1, votes.end());
    CHECK(text() == first);
  }
}

}  // namespace bedrail
