#include "flamigo/sse/detail/sse_client.hpp"

#include <catch2/catch_test_macros.hpp>

#include "flamigo/auth/authenticator.hpp"
#include "flamigo/client/auth_strategy.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/task/sleep.hpp"
#include "support/backlog.hpp"
#include "support/sse_fixture.hpp"

using namespace flamigo;
using namespace flamigo::test;
using namespace std::chrono_literals;

namespace {

const std::string subscribe = "app::websocket:subscribe";

/// A client that is in `rooms/1`, and has read what it was told.
struct room_fixture : sse_fixture {
  room_fixture() {
    channels.add("rooms/*", {}, {.history = history_limits{}});
    channels.add("closed/*", has_permission("enter"),
                 {.history = history_limits{}});
    begin(getting);
  }

  std::string enter(const std::string& topic) {
    return tell(call(subscribe, R"({"topic":")" + topic + R"("})"));
  }

  void post_in(const std::string& room, const std::string& text) {
    REQUIRE_FALSE(bus.publish(posted{room, text}));
    settle();
  }

  /// The stream is lost, and the client comes again with what it has.
  std::string come_again(const std::string& id) {
    getting.close();
    settle();
    accept(again);
    reading = &again;
    return begin(again, "Last-Event-ID: " + id + "\r\n");
  }

  socket_pair again;

  static std::string id_of(std::string_view lines) {
    return between(lines, "id: ", "\n");
  }
};

std::string offset_of(std::string_view lines) {
  return between(lines, "\"offsets\":{\"rooms/1\":", "}");
}

} // namespace

// -- frames -------------------------------------------------------------------

TEST_CASE("a frame comes by POST, and its answer by the stream") {
  sse_fixture f;
  f.begin(f.getting);
  auto got = f.say(f.posting, f.post(f.session, call("app::t:echo", "[1]", 7)));
  CHECK(got.starts_with("HTTP/1.1 202 Accepted\r\n"));
  CHECK(contains(got, "Content-Length: 0\r\n"));
  CHECK(f.heard() == message(replied("app::t:echo", "[1]", 7)));
  // What is no request is answered there as well.
  CHECK(contains(f.tell("{"), R"("code":"malformed")"));
}

TEST_CASE("a frame is one line, whatever its JSON has between its tokens") {
  sse_fixture f;
  f.begin(f.getting);
  CHECK(f.tell(call("app::t:echo", "[1,\r\n2,\n\r3]\n", 7))
        == message(replied("app::t:echo", "[1,  2,  3]", 7)));
}

TEST_CASE("claims say how the client came") {
  sse_fixture f;
  f.strategies.add("app::t:who", is_websocket(), [](context& ctx) {
    auto& who = ctx.claims();
    return to_string(who.protocol) + "," + to_string(who.transport) + ","
           + std::to_string(who.connection_id.size()) + "," + who.interface;
  });
  f.begin(f.getting);
  CHECK(f.tell(call("app::t:who"))
        == message(replied("app::t:who", R"("flamigo,sse,32,test:0")")));
}

TEST_CASE("events come to those who are subscribed") {
  sse_fixture f;
  f.env.on_open = [](context&, client who) { return who.subscribe("rooms"); };
  f.begin(f.getting);
  REQUIRE_FALSE(f.bus.publish(posted{"1", "hi"}));
  CHECK(f.heard()
        == message(pushed("chat:message", R"({"room":"1","text":"hi"})")));
}

// -- the end ------------------------------------------------------------------

TEST_CASE("a client that goes ends its session") {
  sse_fixture f;
  f.begin(f.getting);
  f.getting.close();
  f.settle();
  CHECK(f.endpoint.sessions() == 0);
  CHECK(f.watch.open() == 0);
  CHECK(f.say(f.posting, f.post(f.session, call("app::t:echo")))
          .starts_with("HTTP/1.1 404 "));
}

TEST_CASE("a client that is closed is told, and whether to come again") {
  sse_fixture f;
  std::uint16_t code = 3503;
  f.strategies.add("app::t:end", [&](context& ctx) {
    require_actor<websocket_client>(ctx)->close({code, "o\nut"});
  });
  f.begin(f.getting);
  SECTION("it is not to") {
    auto got = f.tell(call("app::t:end", "null", 1));
    CHECK(contains(got, "event: close\nid: end\ndata: "
                        "{\"code\":3503,\"reason\":\"o\\nut\"}\n\n"));
    CHECK_FALSE(contains(got, "retry"));
    // An EventSource comes all the same, and is stopped.
    got = f.say(f.posting, f.get("Last-Event-ID: end\r\n"));
    CHECK(got.starts_with("HTTP/1.1 204 "));
    CHECK_FALSE(contains(got, "Content-Length"));
  }
  SECTION("it is to") {
    code = 4000;
    auto got = f.tell(call("app::t:end"));
    auto retry = std::stoi(between(got, "event: close\nretry: ", "\n"));
    CHECK(retry >= 1'000);
    CHECK(retry < 5'000);
    CHECK(contains(got, "data: {\"code\":4000,"));
    CHECK_FALSE(contains(got, "id:"));
  }
  SECTION("a code that is none") {
    code = 1006;
    CHECK(contains(f.tell(call("app::t:end")), "data: {\"code\":1011,"));
  }
  CHECK(f.endpoint.sessions() == 0);
  CHECK(f.watch.open() == 0);
  // The connection is there for the next request.
  CHECK(f.say(f.getting, f.get()).starts_with("HTTP/1.1 200 "));
}

TEST_CASE("a drain answers what is asked, and then ends the stream") {
  sse_fixture f;
  f.strategies.add("app::t:late", [](context ctx) -> task<int> {
    auto slept = co_await sleep(ctx, 1s);
    co_return slept ? 1 : 0;
  });
  f.begin(f.getting);
  f.tell(call("app::t:late"));
  f.drain();
  CHECK(f.getting.received().empty());
  CHECK(contains(f.tell(call("app::t:echo")), R"("code":"unavailable")"));
  f.advance(1s);
  auto got = f.heard();
  CHECK(got.starts_with(message(replied("app::t:late", "1"))));
  CHECK(contains(got, "event: close\nretry: "));
  CHECK(contains(got, "{\"code\":3001,"));
  CHECK(f.getting.has_ended());
  CHECK(f.endpoint.sessions() == 0);
}

TEST_CASE("who comes while the server drains is sent away, to come again") {
  sse_fixture f;
  f.core.draining = true;
  auto got = f.say(f.getting, f.get());
  CHECK(got.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(contains(got, "Connection: close\r\n"));
  auto lines = lines_of(got.substr(got.find("\r\n\r\n") + 4));
  CHECK(lines.starts_with("event: close\nretry: "));
  CHECK(contains(lines, "{\"code\":3001,"));
  CHECK(f.getting.has_ended());
  CHECK(f.endpoint.sessions() == 0);
  CHECK(f.watch.open() == 0);
}

// -- limits -------------------------------------------------------------------

TEST_CASE("a stream on which nothing happens has a line now and then") {
  sse_fixture f;
  f.core.options.ping_interval = 25s;
  f.begin(f.getting);
  f.pass(24s);
  CHECK(f.heard().empty());
  f.pass(25s);
  CHECK(f.heard() == ":\n\n");
  CHECK(f.endpoint.sessions() == 1);
}

TEST_CASE("what waits for a client is known") {
  sse_fixture f;
  f.begin(f.getting);
  CHECK(test::backlog_of(f) == 0);
  auto text = "\"" + std::string(60'000, 'x') + "\"";
  std::size_t waits = 0;
  auto say = [&] {
    f.say(f.posting, f.post(f.session, call("app::t:echo", text)));
    waits = test::backlog_of(f);
  };
  for (int i = 0; i < 100 && waits == 0; ++i)
    say();
  auto before = waits;
  CHECK(before > 0);
  say();
  // The text, and what is around it.
  CHECK(waits > before + 60'000);
  CHECK(waits < before + 60'200);
  while (!f.getting.received().empty())
    f.settle();
  CHECK(test::backlog_of(f) == 0);
}

TEST_CASE("a client that does not read is closed") {
  sse_fixture f;
  f.begin(f.getting);
  auto text = "\"" + std::string(60'000, 'x') + "\"";
  auto say = [&] {
    return f.say(f.posting, f.post(f.session, call("app::t:echo", text)));
  };
  SECTION("when too much waits") {
    auto count = 0;
    while (count < 100 && say().starts_with("HTTP/1.1 202 "))
      ++count;
    CHECK(count > 17);
    CHECK(count < 30);
    CHECK(f.watch.open() == 0);
    std::string got;
    for (std::string part; !(part = f.getting.received()).empty(); f.settle())
      got += part;
    CHECK(contains(got, "{\"code\":3008,"));
  }
  SECTION("when it takes nothing for too long") {
    for (int i = 0; i < 10; ++i)
      CHECK(say().starts_with("HTTP/1.1 202 "));
    f.pass(9s);
    CHECK(f.endpoint.sessions() == 1);
    f.pass(11s);
  }
  CHECK(f.endpoint.sessions() == 0);
  CHECK(f.watch.open() == 0);
}

TEST_CASE("a stream of parts is paced by the client") {
  sse_fixture f;
  std::size_t given = 0;
  f.strategies.add("app::t:parts", [&](context) -> stream<std::string> {
    std::string part(10'000, 'x');
    for (; given < 1'000; ++given)
      co_yield part;
  });
  f.begin(f.getting);
  f.say(f.posting, f.post(f.session, call("app::t:parts", "null", 3)));
  CHECK(given < 200);
  std::string got;
  for (std::string part; !(part = f.getting.received()).empty(); f.settle())
    got += part;
  CHECK(given == 1'000);
  CHECK(contains(got, message(replied("app::t:parts", "null", 3))));
}

// -- who it is ----------------------------------------------------------------

TEST_CASE("credentials come with the request, or by a frame") {
  sse_fixture f;
  add_auth_strategy(f.strategies,
                    authenticator{[](std::string_view token,
                                     const claims&) -> caf::expected<user> {
                      if (token != "good")
                        return make_error(errc::unauthorized, "no such token");
                      return user{"1", "Ada", {}, {}, {}};
                    }});
  f.env.auth = authentication{{.cookie = "token"}, "app::websocket:auth"};
  f.strategies.add("app::t:name", [](context& ctx) {
    return ctx.claims().user ? ctx.claims().user->name : std::string{};
  });
  auto ada = message(replied("app::t:name", "\"Ada\""));
  SECTION("in a header") {
    f.begin(f.getting, "Authorization: Bearer good\r\n");
    CHECK(f.tell(call("app::t:name")) == ada);
  }
  SECTION("in a cookie") {
    f.begin(f.getting, "Cookie: token=good\r\n");
    CHECK(f.tell(call("app::t:name")) == ada);
  }
  SECTION("by a frame") {
    f.begin(f.getting);
    CHECK(contains(f.tell(call("app::t:name")), R"("status":401)"));
    CHECK(contains(f.tell(call("app::websocket:auth", R"({"token":"good"})")),
                   R"("success":true)"));
    CHECK(f.tell(call("app::t:name")) == ada);
  }
  SECTION("wrong ones") {
    auto got = f.begin(f.getting, "Authorization: Bearer bad\r\n");
    CHECK(got.starts_with("event: open\n"));
    CHECK(contains(got, "no such token"));
  }
}

// -- positions ----------------------------------------------------------------

TEST_CASE("the id of an event says how far its client is") {
  room_fixture f;
  auto entered = f.enter("rooms/1");
  auto epoch = between(entered, R"("epoch":")", "\"");
  CHECK(f.id_of(entered) == "rooms/1=" + epoch + ".0");
  f.post_in("1", "a");
  f.post_in("1", "b");
  auto got = f.heard();
  CHECK(contains(got, "id: rooms/1=" + epoch + ".1\ndata: "));
  CHECK(contains(got, "id: rooms/1=" + epoch + ".2\ndata: "));
  // What changes nothing has none.
  CHECK(f.tell(call("app::t:echo")) == message(replied("app::t:echo", "null")));
  auto left
    = f.tell(call("app::websocket:unsubscribe", R"({"topic":"rooms/1"})"));
  CHECK(contains(left, "id: \n"));
}

TEST_CASE("an id that has changed without an event comes by itself") {
  room_fixture f;
  f.enter("rooms/1");
  CHECK(f.tell(R"({"topic":"app::websocket:unsubscribe",)"
               R"("payload":{"topic":"rooms/1"}})")
          .empty());
  f.pass(26s);
  CHECK(f.heard() == "id: \n\n");
}

TEST_CASE("an id that would be too long is taken back") {
  room_fixture f;
  std::string got;
  for (int i = 0; i < 70; ++i)
    got = f.enter("rooms/" + std::string(10, 'x') + std::to_string(i));
  CHECK_FALSE(contains(got, "id: rooms"));
  auto all = f.tell(call("app::t:echo"));
  CHECK_FALSE(contains(all, "id:"));
}

TEST_CASE("a client that comes again has its channels, and what it missed") {
  room_fixture f;
  f.enter("rooms/1");
  f.post_in("1", "a");
  auto got = f.heard();
  auto id = f.id_of(got);
  CHECK(offset_of(got) == "1");
  f.post_in("1", "lost");
  auto again = f.come_again(id);
  auto epoch = between(id, "=", ".");
  auto told = R"({"topic":"subscribed","payload":{"topic":"rooms/1","epoch":")"
              + epoch + R"(","offset":2,"recovered":true}})";
  auto at = again.find(told);
  REQUIRE(at != again.npos);
  // The id that it has is that of what it got, not of what is there.
  CHECK(contains(again, "id: rooms/1=" + epoch + ".1\ndata: " + told));
  CHECK(
    contains(again.substr(at), R"("text":"lost"},"offsets":{"rooms/1":2}})"));
  f.post_in("1", "live");
  CHECK(offset_of(f.heard()) == "3");
}

TEST_CASE("until a client has all its channels again it keeps the id it had") {
  room_fixture f;
  f.enter("rooms/1");
  f.enter("rooms/2");
  f.post_in("1", "a");
  auto id = f.id_of(f.heard());
  REQUIRE(contains(id, "&rooms/2="));
  f.post_in("1", "lost");
  // Where the program is, is not yet where the client is.
  f.env.on_open = [](context&, client who) { return who.subscribe("rooms/1"); };
  auto again = f.come_again(id);
  CHECK(f.id_of(again) == id);
  CHECK(contains(again,
                 "id: " + id + "\ndata: "
                   + R"({"topic":"subscribed","payload":{"topic":"rooms/2")"));
  CHECK(contains(again, R"("text":"lost")"));
}

TEST_CASE("of a history that is gone, the client is told so") {
  room_fixture f;
  f.post_in("1", "a");
  auto again = f.come_again("rooms/1=abc.7");
  CHECK(
    contains(again, R"({"topic":"subscribed","payload":{"topic":"rooms/1",)"));
  CHECK(contains(again, R"("recovered":false}})"));
}

TEST_CASE("a channel that the client may not have any more is told as lost") {
  room_fixture f;
  auto again = f.come_again("closed/1=abc.7&none=1.1&rooms/2=1.1");
  CHECK(contains(again, R"({"topic":"unsubscribed","payload":)"
                        R"({"topic":"closed/1","code":"unauthorized"}})"));
  CHECK(contains(again, R"({"topic":"unsubscribed","payload":)"
                        R"({"topic":"none","code":"unknown_channel"}})"));
  CHECK(
    contains(again, R"("topic":"subscribed","payload":{"topic":"rooms/2")"));
  CHECK_FALSE(contains(again, "ackId"));
}

TEST_CASE("who is let in later has its channels then") {
  room_fixture f;
  f.strategies.add(
    "app::websocket:auth", open_to_guests(), [](context ctx) -> task<void> {
      auto slept = co_await sleep(ctx, 1s);
      if (!slept)
        co_return slept.error();
      user ada{"1", "Ada", {"enter"}, {}, {}};
      co_return require_actor<websocket_client>(ctx)->set_user(ada);
    });
  f.env.auth = authentication{{.cookie = "token"}, "app::websocket:auth"};
  f.accept(f.again);
  f.reading = &f.again;
  std::string id;
  for (int i = 0; i < 35; ++i)
    id += (i > 0 ? "&" : "") + ("closed/" + std::to_string(i)) + "=1.1";
  auto begun = f.begin(f.again,
                       "Cookie: token=good\r\nLast-Event-ID: " + id + "\r\n");
  CHECK(begun == "event: open\ndata: {\"session\":\"" + f.session + "\"}\n\n");
  f.advance(1s);
  auto got = f.heard();
  for (int i = 0; i < 35; ++i)
    CHECK(contains(got, R"("subscribed","payload":{"topic":"closed/)"
                          + std::to_string(i) + "\""));
  CHECK_FALSE(contains(got, "unsubscribed"));
}

TEST_CASE("a guest does not say too much by coming again") {
  room_fixture f;
  f.channels.add("lobby/*", open_to_guests(), {.history = history_limits{}});
  f.env.auth = authentication{{}, "app::websocket:auth"};
  std::string id;
  for (int i = 0; i < 35; ++i)
    id += (i > 0 ? "&" : "") + ("lobby/" + std::to_string(i)) + "=1.1";
  auto got = f.come_again(id);
  CHECK(contains(got, R"("subscribed","payload":{"topic":"lobby/15")"));
  CHECK(contains(got, R"("unsubscribed","payload":{"topic":"lobby/16",)"
                      R"("code":"too_many_requests"})"));
  CHECK_FALSE(contains(got, "event: close"));
  CHECK(f.endpoint.sessions() == 1);
}

TEST_CASE("an id that is none is none") {
  room_fixture f;
  auto again = f.come_again("a=b&c");
  CHECK(again == "event: open\ndata: {\"session\":\"" + f.session + "\"}\n\n");
}
