// What clients may say about channels and should not, over sockets.

#include <chrono>
#include <cstdint>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/channel/channel_registry.hpp"
#include "flamigo/channel/detail/history_stage.hpp"
#include "flamigo/client/channel_strategies.hpp"
#include "flamigo/history/memory_history.hpp"
#include "support/events.hpp"
#include "support/socket_fixture.hpp"

using namespace flamigo;
using test::posted;
using test::socket_pair;

namespace {

struct fixture : test::socket_fixture {
  fixture() {
    add_channel_strategies(strategies);
    channels.add("rooms/*", {}, {.history = history_limits{.max_events = 5}});
    channels.add("news");
    channels.add("bars/*", {}, {.presence = presence_options{}});
    bus.pass_by(stage);
    env.channels = &channels;
    env.history = &history;
    env.options.max_subscriptions = 3;
  }

  ~fixture() {
    peer.close();
    settle();
  }

  /// What is answered to this payload.
  std::string ask(const std::string& payload,
                  const std::string& action = "subscribe") {
    peer.send_text(R"({"topic":"app::websocket:)" + action + R"(","payload":)"
                   + payload + R"(,"ackId":1})");
    settle();
    return peer.received();
  }

  /// Lets time pass, in which the I/O thread has its turns.
  void pass(std::chrono::milliseconds time) {
    constexpr std::chrono::milliseconds step{50};
    for (; time > time.zero(); time -= step) {
      advance(step);
      settle();
    }
  }

  channel_registry channels;
  memory_history history{system};
  detail::history_stage stage{channels, history};
  socket_pair peer;
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

} // namespace

TEST_CASE("what is no channel and no topic is refused, and the client stays") {
  fixture f;
  f.connect(f.peer);
  struct row {
    std::string payload;
    std::string status;
    std::string code;
  };
  auto topic = [](const std::string& text) {
    return R"({"topic":")" + text + R"("})";
  };
  for (auto& [payload, status, code] : {
         row{topic("users/1"), "404", "unknown_channel"},
         row{topic("rooms"), "404", "unknown_channel"},
         row{topic("rooms/1/typing"), "404", "unknown_channel"},
         row{topic("rooms/*"), "400", "invalid_payload"},
         row{topic("rooms/*!"), "400", "invalid_payload"},
         row{topic("news/*!"), "400", "invalid_payload"},
         row{topic("*"), "400", "invalid_payload"},
         row{topic(""), "400", "invalid_payload"},
         row{topic("rooms//1"), "400", "invalid_payload"},
         row{topic("rooms/" + std::string(1'024, 'x')), "400",
             "invalid_payload"},
         row{"{}", "400", "invalid_payload"},
         row{"null", "400", "invalid_payload"},
         row{R"({"topic":1})", "400", "invalid_payload"},
         row{R"({"topic":"news","since":7})", "400", "invalid_payload"},
         row{R"({"topic":"rooms/1","since":{"epoch":"1"}})", "400",
             "invalid_payload"},
         row{R"({"topic":"rooms/1","since":{"epoch":"1","offset":-1}})", "400",
             "invalid_payload"},
         row{R"({"topic":"rooms/1","since":{"epoch":1,"offset":1}})", "400",
             "invalid_payload"},
         row{R"({"topic":"bars/1","presence":"yes"})", "400",
             "invalid_payload"},
         row{R"({"topic":"bars/1","presence":1})", "400", "invalid_payload"},
         row{R"({"topic":"bars/1","presence":[true]})", "400",
             "invalid_payload"},
         row{topic("bars/" + std::string(1'015, 'x')), "400",
             "invalid_payload"},
         row{topic("presence/bars/1"), "404", "unknown_channel"},
       }) {
    CAPTURE(payload);
    auto answer = f.ask(payload);
    CHECK(has(answer, R"("topic":"error")"));
    CHECK(has(answer, R"("status":)" + status));
    CHECK(has(answer, R"("code":")" + code + '"'));
  }
  CHECK(has(f.ask(topic("rooms/*"), "unsubscribe"), R"("status":400)"));
  CHECK(has(f.ask(topic("users/1"), "unsubscribe"), R"("payload":null)"));
  // Nothing of it has left anything.
  CHECK_FALSE(f.bus.publish(posted{"1", "hi"}));
  f.settle();
  CHECK(f.peer.received().empty());
  CHECK(has(f.ask(topic("rooms/1")), R"("offset":1)"));
}

TEST_CASE("a position that history has not is no error") {
  fixture f;
  f.connect(f.peer);
  auto first = f.ask(R"({"topic":"rooms/1"})");
  auto begin = first.find(R"("epoch":")") + 9;
  auto epoch = first.substr(begin, first.find('"', begin) - begin);
  CHECK(
    has(f.ask(R"({"topic":"rooms/1"})", "unsubscribe"), R"("payload":null)"));
  for (int i = 1; i <= 9; ++i)
    CHECK_FALSE(f.bus.publish(posted{"1", "#" + std::to_string(i)}));
  struct row {
    std::string room;
    std::string epoch;
    std::string offset;
  };
  for (auto& [room, of, offset] : {
         row{"rooms/1", epoch, "3"},
         row{"rooms/1", epoch, "10"},
         row{"rooms/1", epoch, "18446744073709551615"},
         row{"rooms/1", "0", "9"},
         row{"rooms/1", "", "9"},
         row{"rooms/1", "no number", "9"},
         row{"rooms/1", epoch + "0", "9"},
         row{"rooms/1", std::string(1'000, 'f'), "9"},
         row{"rooms/2", epoch, "0"},
       }) {
    CAPTURE(room, of, offset);
    auto answer = f.ask(R"({"topic":")" + room + R"(","since":{"epoch":")" + of
                        + R"(","offset":)" + offset + "}}");
    // One from the future is waited for.
    CHECK(answer.empty() == (of == epoch && offset.starts_with("1")));
    f.pass(std::chrono::seconds{2});
    answer += f.peer.received();
    CHECK(has(answer, R"("recovered":false)"));
    CHECK(has(answer, room == "rooms/1" ? R"("offset":9)" : R"("offset":0)"));
    CHECK_FALSE(has(answer, "#"));
    f.ask(R"({"topic":")" + room + R"("})", "unsubscribe");
  }
  // There is nothing to recover from.
  auto news = f.ask(R"({"topic":"news","since":{"epoch":"1","offset":1}})");
  CHECK(has(news, R"("recovered":false)"));
  CHECK_FALSE(has(news, "epoch"));
  // The oldest that is known.
  auto all = f.ask(R"({"topic":"rooms/1","since":{"epoch":")" + epoch
                   + R"(","offset":4}})");
  CHECK(has(all, R"("recovered":true)"));
  for (int i = 5; i <= 9; ++i)
    CHECK(has(all, "#" + std::to_string(i)));
}

TEST_CASE("one subscription too many is refused") {
  fixture f;
  f.connect(f.peer);
  auto room = [](int i) {
    return R"({"topic":"rooms/)" + std::to_string(i) + R"("})";
  };
  for (int i = 1; i <= 3; ++i)
    CHECK(has(f.ask(room(i)), R"("offset":0)"));
  auto answer = f.ask(room(4));
  CHECK(has(answer, R"("status":429)"));
  CHECK(has(answer, R"("code":"too_many_requests")"));
  // It is none more.
  CHECK(has(f.ask(room(3)), R"("offset":0)"));
  f.ask(room(1), "unsubscribe");
  CHECK(has(f.ask(room(4)), R"("offset":0)"));
}

TEST_CASE("who asks wrongly who is there is refused, and the client stays") {
  fixture f;
  f.connect(f.peer);
  struct row {
    std::string payload;
    std::string status;
    std::string code;
  };
  for (auto& [payload, status, code] : {
         row{R"({"topic":"users/1"})", "404", "unknown_channel"},
         row{R"({"topic":"bars"})", "404", "unknown_channel"},
         row{R"({"topic":"presence/bars/1"})", "404", "unknown_channel"},
         row{R"({"topic":"bars/*"})", "400", "invalid_payload"},
         row{R"({"topic":""})", "400", "invalid_payload"},
         row{R"({"topic":"bars//1"})", "400", "invalid_payload"},
         row{R"({"topic":"bars/)" + std::string(1'024, 'x') + R"("})", "400",
             "invalid_payload"},
         row{R"({"topic":["bars/1"]})", "400", "invalid_payload"},
         row{"{}", "400", "invalid_payload"},
         row{"null", "400", "invalid_payload"},
         row{R"({"topic":"news"})", "400", "invalid_payload"},
         row{R"({"topic":"rooms/1"})", "400", "invalid_payload"},
       }) {
    CAPTURE(payload);
    auto answer = f.ask(payload, "presence");
    CHECK(has(answer, R"("topic":"error")"));
    CHECK(has(answer, R"("status":)" + status));
    CHECK(has(answer, R"("code":")" + code + '"'));
  }
  CHECK(has(f.ask(R"({"topic":"bars/1"})", "presence"), R"({"presence":[]})"));
  auto plain = f.ask(R"({"topic":"bars/1","presence":null})");
  CHECK(has(plain, R"("payload":{"topic":"bars/1"})"));
  f.advance(std::chrono::milliseconds{100});
  f.settle();
  CHECK(f.peer.received().empty());
}

TEST_CASE("pages see each other come and go") {
  fixture f;
  socket_pair other;
  f.connect(f.peer);
  f.connect(other);
  auto tell = [&f] {
    f.advance(std::chrono::milliseconds{100});
    f.settle();
  };
  CHECK(has(f.ask(R"({"topic":"bars/1","presence":true})"),
            R"("presence":[{"key":"c:)"));
  tell();
  f.peer.received();
  other.send_text(R"({"topic":"app::websocket:subscribe",)"
                  R"("payload":{"topic":"bars/1"},"ackId":1})");
  f.settle();
  CHECK(has(other.received(), R"("payload":{"topic":"bars/1"})"));
  tell();
  CHECK(has(f.peer.received(), R"({"topic":"presence","payload":)"
                               R"({"topic":"bars/1","joined":[{"key":"c:)"));
  CHECK(other.received().empty());
  // Without a word.
  other.close();
  f.settle();
  tell();
  CHECK(has(f.peer.received(), R"("joined":[],"left":[{"key":"c:)"));
}
