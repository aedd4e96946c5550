#include <chrono>

#include <catch2/catch_test_macros.hpp>

#include "support/remote_fixture.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::remote_fixture;
using test::strings;

namespace {

std::string subscribe(int ack_id, const std::string& more = {}) {
  return R"({"topic":"app::websocket:subscribe","payload":{"topic":"c")" + more
         + R"(},"ackId":")" + std::to_string(ack_id) + R"("})";
}

std::string since(int offset, const std::string& epoch = "e") {
  return R"(,"since":{"epoch":")" + epoch + R"(","offset":)"
         + std::to_string(offset) + "}";
}

std::string place(int offset, const std::string& more = {}) {
  return R"({"topic":"c","epoch":"e","offset":)" + std::to_string(offset) + more
         + "}";
}

/// Joined to `c`, at the offset 3.
struct joined_fixture : remote_fixture {
  joined_fixture() {
    begin();
    use = join("c");
    reply(place(3), 1);
    sent();
  }

  void come_back() {
    lose();
    pass(1s);
    take();
  }

  std::shared_ptr<detail::remote_use> use;
};

} // namespace

TEST_CASE_METHOD(joined_fixture,
                 "a channel is joined again from where it was") {
  CHECK(joined.size() == 1);
  CHECK_FALSE(joined[0].recovered);
  note(4);
  note(5);
  come_back();
  CHECK(said() == subscribe(2, since(5)));
  reply(place(7, R"(,"recovered":true)"), 2);
  REQUIRE(joined.size() == 2);
  CHECK(joined[1].recovered == true);
  CHECK(joined[1].missed == 2);
  note(6);
  note(7);
  note(8);
  // Not twice, whoever sends it.
  note(8);
  CHECK(heard == strings{"4", "5", "6", "7", "8"});
}

TEST_CASE_METHOD(joined_fixture, "what cannot be recovered is said") {
  note(4);
  come_back();
  sent();
  reply(place(90, R"(,"recovered":false)"), 2);
  CHECK(joined.back().recovered == false);
  CHECK(joined.back().newest->offset == 90);
  note(91);
  CHECK(heard == strings{"4", "91"});
  come_back();
  CHECK(said() == subscribe(3, since(91)));
}

TEST_CASE_METHOD(joined_fixture, "it is joined again when that was not heard") {
  come_back();
  CHECK(said() == subscribe(2, since(3)));
  come_back();
  CHECK(said() == subscribe(3, since(3)));
}

TEST_CASE("a program that has kept its place goes on from there") {
  remote_fixture x;
  x.begin();
  x.join("c", {.since = remote_position{"e", 40}});
  CHECK(x.said() == subscribe(1, since(40)));
  x.reply(place(41, R"(,"recovered":true)"), 1);
  x.note(41);
  CHECK(x.heard == strings{"41"});
}

TEST_CASE_METHOD(joined_fixture, "who uses a channel shares it") {
  auto other = join("c");
  CHECK(sent().empty());
  CHECK(joined.size() == 2);
  note(4);
  CHECK(heard == strings{"4", "4"});
  session->channels().leave("c", use);
  CHECK(sent().empty());
  session->channels().leave("c", other);
  CHECK(said()
        == R"({"topic":"app::websocket:unsubscribe","payload":{"topic":"c"},)"
           R"("ackId":"2"})");
  note(5);
  CHECK(heard.size() == 2);
  come_back();
  CHECK(sent().empty());
}

TEST_CASE_METHOD(joined_fixture, "who may not stay is told, and stays away") {
  say(R"({"topic":"unsubscribed","payload":{"topic":"c","code":"forbidden"}})");
  CHECK(results == strings{"left forbidden"});
  come_back();
  CHECK(sent().empty());
}

TEST_CASE("a channel that is refused is left") {
  remote_fixture x;
  x.begin();
  x.join("c");
  x.refuse(404, "unknown_channel", 1);
  CHECK(x.results == strings{"left unknown_channel"});
}

TEST_CASE("a channel that is refused for a while is asked for again") {
  remote_fixture x;
  x.begin();
  x.join("c");
  for (auto i = 1; i <= 6; ++i) {
    CHECK(x.said() == subscribe(i));
    CHECK(x.results.empty());
    x.refuse(429, "too_many_requests", i);
    x.pass(1500ms);
  }
  CHECK(x.results == strings{"left too_many_requests"});
}

TEST_CASE_METHOD(joined_fixture, "a history that runs out is a gap") {
  say(R"({"topic":"subscribed","payload":)" + place(50, R"(,"recovered":false)")
      + "}");
  CHECK(joined.back().recovered == false);
  note(51);
  come_back();
  CHECK(said() == subscribe(2, since(51)));
}

TEST_CASE_METHOD(joined_fixture,
                 "events behind those that were missed wait for them") {
  // The server's program subscribes us before we ask.
  lose();
  pass(1s);
  server->opened();
  CHECK(said() == subscribe(2, since(3)));
  say(R"({"topic":"subscribed","payload":)" + place(5) + "}");
  note(6);
  CHECK(heard.empty());
  reply(place(6, R"(,"recovered":true)"), 2);
  note(4);
  CHECK(heard == strings{"4"});
  note(5);
  CHECK(heard == strings{"4", "5", "6"});
}

TEST_CASE_METHOD(joined_fixture, "nobody waits for ever for what was missed") {
  lose();
  pass(1s);
  server->opened();
  sent();
  say(R"({"topic":"subscribed","payload":)" + place(5) + "}");
  note(6);
  reply(place(6, R"(,"recovered":true)"), 2);
  pass(5s);
  CHECK(joined.back().recovered == false);
  CHECK(heard == strings{"6"});
}

TEST_CASE("of what the server's program chooses the program here hears") {
  strings all;
  remote_options options;
  options.on_joined = [&](const remote_joined& what) {
    all.push_back("in " + what.topic
                  + (what.recovered == false ? ", some missing" : ""));
  };
  options.on_left = [&](const std::string& topic, const caf::error& why) {
    all.push_back("out of " + topic + ": " + code_of(why));
  };
  remote_fixture x{options};
  auto put = [&](int offset, const std::string& epoch) {
    x.say(R"({"topic":"subscribed","payload":{"topic":"c","epoch":")" + epoch
          + R"(","offset":)" + std::to_string(offset) + "}}");
  };
  x.begin();
  put(3, "e");
  x.lose();
  x.pass(1s);
  x.take();
  // A server that has begun anew.
  put(2, "f");
  x.say(
    R"({"topic":"unsubscribed","payload":{"topic":"c","code":"forbidden"}})");
  CHECK(all == strings{"in c", "in c, some missing", "out of c: forbidden"});
}

TEST_CASE("a list of who is there is kept") {
  remote_fixture x;
  x.begin();
  auto use = x.join("c", {.presence = true});
  std::vector<remote_presence> all;
  use->on_presence = [&](const remote_presence& who) { all.push_back(who); };
  CHECK(x.said() == subscribe(1, R"(,"presence":true)"));
  x.reply(R"({"topic":"c","presence":[{"key":"u:1","state":1},)"
          R"({"key":"u:2","state":2}]})",
          1);
  x.say(R"({"topic":"presence","payload":{"topic":"c",)"
        R"("joined":[{"key":"u:3","state":3},{"key":"u:2","state":9}],)"
        R"("left":[{"key":"u:1"}]}})");
  REQUIRE(all.size() == 2);
  CHECK(all[0].joined.size() == 2);
  using entries = std::vector<presence_entry>;
  CHECK(all[1].members == entries{{"u:2", {"9"}}, {"u:3", {"3"}}});
  CHECK(all[1].left == strings{"u:1"});
  // Of another connection.
  x.lose();
  x.pass(1s);
  x.take();
  x.reply(R"({"topic":"c","presence":[{"key":"u:3","state":3}]})", 2);
  CHECK(all[2].left == strings{"u:2"});
  CHECK(all[2].joined.empty());
}

TEST_CASE("who closes leaves all channels") {
  joined_fixture x;
  x.session->close();
  CHECK(x.results == strings{"left closed"});
}
