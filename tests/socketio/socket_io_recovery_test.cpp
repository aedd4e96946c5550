// Clients of Socket.IO that are lost, and come back.
#include <algorithm>
#include <chrono>
#include <optional>
#include <string>

#include <boost/describe/class.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "flamigo/task/stream.hpp"
#include "support/backlog.hpp"
#include "support/socket_io_fixture.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using namespace flamigo::test;
using test::contains;

namespace {

using fixture = test::socket_io_fixture;

/// What a page hears of these.
strings said(int from, int to, const std::string& room = "a") {
  strings result;
  for (; from <= to; ++from) {
    auto text = std::to_string(from);
    result.push_back(R"(42["chat:message",{"room":")" + room + R"(","text":")"
                     + text + R"("},{"offsets":{"rooms/)" + room + "\":" + text
                     + "}}]");
  }
  return result;
}

void say(fixture& f, int from, int to, const std::string& room = "a") {
  for (; from <= to; ++from)
    f.publish(room, std::to_string(from));
}

struct wall {
  std::string text;

  topic topics() const {
    return topic{"walls/1"};
  }

  client_message to_client() const {
    return make_client_message("wall", text);
  }
};

BOOST_DESCRIBE_STRUCT(wall, (), (text))

/// Is in room a, and was sent the first two of what is said there.
struct lost_page : fixture {
  void begin() {
    serve();
    page.come(token);
    page.subscribe("rooms/a");
    say(*this, 1, 2);
    page.take();
    CHECK_FALSE(page.recovered);
    (void) page.heard();
  }

  std::string token;
  socket_io_page page{*this};
};

} // namespace

TEST_CASE("nobody is recovered unless the program says so") {
  fixture f;
  f.options.recovery.reset();
  f.serve();
  socket_io_page page{f};
  page.come();
  CHECK(page.connected);
  CHECK(page.pid.empty());
  page.subscribe("rooms/a");
  (void) page.heard();
  say(f, 1, 1);
  page.take();
  CHECK(page.heard() == said(1, 1));
}

TEST_CASE("a client that was lost gets what it has missed, and goes on") {
  lost_page f;
  f.begin();
  CHECK(f.page.pid.size() == 32);
  f.page.lose();
  say(f, 3, 5);
  f.page.come();
  CHECK(f.page.recovered);
  CHECK(f.page.heard() == said(3, 5));
  say(f, 6, 7);
  f.page.take();
  CHECK(f.page.heard() == said(6, 7));
}

TEST_CASE("what was under way when the connection was lost comes again") {
  lost_page f;
  f.begin();
  say(f, 3, 6);
  f.page.take(1);
  CHECK(f.page.heard() == said(3, 3));
  f.page.lose();
  say(f, 7, 7);
  f.page.come();
  CHECK(f.page.recovered);
  CHECK(f.page.heard() == said(4, 7));
}

TEST_CASE("a client that has missed nothing is recovered, and once more") {
  lost_page f;
  f.begin();
  auto pid = f.page.pid;
  for (int i = 0; i < 3; ++i) {
    f.page.lose();
    f.page.come();
    CHECK(f.page.recovered);
    CHECK(f.page.heard().empty());
  }
  CHECK(f.page.pid == pid);
  f.page.lose();
  say(f, 3, 3);
  f.page.come();
  CHECK(f.page.recovered);
  CHECK(f.page.heard() == said(3, 3));
}

TEST_CASE("a client that was told nothing of its return may return again") {
  lost_page f;
  f.begin();
  f.page.lose();
  say(f, 3, 4);
  // Of these, only the first arrives.
  f.page.come({}, 2);
  CHECK(f.page.heard() == said(3, 3));
  f.page.lose();
  // Of these, not even that it is connected.
  f.page.come({}, 0);
  CHECK_FALSE(f.page.connected);
  f.page.lose();
  say(f, 5, 5);
  f.page.come();
  CHECK(f.page.recovered);
  CHECK(f.page.heard() == said(4, 5));
}

TEST_CASE("a client that has had no event is recovered as well") {
  lost_page f;
  f.serve();
  f.page.come();
  f.page.subscribe("rooms/a");
  (void) f.page.heard();
  CHECK(f.page.offset.empty());
  say(f, 1, 1);
  f.page.lose();
  f.page.come();
  CHECK(f.page.recovered);
  CHECK(f.page.heard() == said(1, 1));
}

TEST_CASE("what a client shows of an earlier time counts as nothing") {
  lost_page f;
  f.begin();
  f.page.lose();
  f.pass(3min);
  f.page.come();
  CHECK_FALSE(f.page.recovered);
  f.page.subscribe("rooms/a");
  (void) f.page.heard();
  // The position that it keeps says that it has had so many.
  auto old = f.page.offset;
  CHECK_FALSE(old.empty());
  say(f, 3, 6);
  f.page.lose();
  f.page.offset = old;
  f.page.come();
  CHECK(f.page.recovered);
  CHECK(f.page.heard() == said(3, 6));
}

TEST_CASE("who stays away for too long begins anew") {
  lost_page f;
  f.begin();
  auto pid = f.page.pid;
  f.page.lose();
  f.pass(2min + 1s);
  f.page.come();
  CHECK(f.page.connected);
  CHECK_FALSE(f.page.recovered);
  CHECK(f.page.pid != pid);
  say(f, 3, 3);
  f.page.take();
  CHECK(f.page.heard().empty());
}

TEST_CASE("who leaves, or is told not to come again, is not kept") {
  lost_page f;
  f.strategies.add("app::test:end", [](context& ctx, std::uint16_t code) {
    caf::anon_send(ctx.actor().handle, close_reason{code, "over"});
  });
  f.begin();
  SECTION("it leaves") {
    f.page.say("41");
    f.page.lose();
    f.page.come();
    CHECK_FALSE(f.page.recovered);
  }
  SECTION("it is kicked") {
    f.page.say(R"(42["app::test:end",3503])");
    CHECK(f.page.heard()
          == strings{R"(42["close",{"code":3503,"reason":"over"},{}])", "41"});
    f.page.lose();
    f.page.come();
    CHECK_FALSE(f.page.recovered);
  }
  SECTION("it is to come again") {
    f.page.say(R"(42["app::test:end",3001])");
    CHECK(f.page.heard()
          == strings{R"(42["close",{"code":3001,"reason":"over"},{}])"});
    say(f, 3, 3);
    f.page.lose();
    f.page.come();
    CHECK(f.page.recovered);
    CHECK(f.page.heard() == said(3, 3));
  }
  SECTION("it says what no client says") {
    f.page.say("45");
    f.page.lose();
    f.page.come();
    CHECK_FALSE(f.page.recovered);
  }
}

TEST_CASE("a pid is good for one recovery, and none but its own") {
  lost_page f;
  f.begin();
  f.page.lose();
  socket_io_page thief{f};
  thief.pid = std::string(32, '0');
  thief.come();
  CHECK(thief.connected);
  CHECK_FALSE(thief.recovered);
  socket_io_page elsewhere{f, "/custom"};
  auto pid = f.page.pid;
  auto offset = f.page.offset;
  f.page.come();
  CHECK(f.page.recovered);
  f.page.lose();
  f.page.come();
  CHECK(f.page.recovered);
  f.page.say("41");
  thief.pid = pid;
  thief.offset = offset;
  thief.lose();
  thief.come();
  CHECK_FALSE(thief.recovered);
}

TEST_CASE("a client of another namespace is another one") {
  fixture f;
  f.options.namespaces["/custom"] = {};
  f.serve();
  socket_io_page page{f, "/custom"};
  page.come();
  page.subscribe("rooms/a");
  (void) page.heard();
  page.lose();
  say(f, 1, 1);
  socket_io_page other{f};
  other.pid = page.pid;
  other.come();
  CHECK(other.connected);
  CHECK_FALSE(other.recovered);
  page.come();
  CHECK(page.recovered);
  CHECK(page.heard() == said(1, 1));
}

TEST_CASE("a client is recovered as the same user only") {
  lost_page f;
  f.authenticate();
  f.token = R"("token":"ada",)";
  f.begin();
  f.page.lose();
  say(f, 3, 3);
  SECTION("the same") {
    f.page.come(f.token);
    CHECK(f.page.recovered);
    CHECK(f.page.heard() == said(3, 3));
  }
  SECTION("another one") {
    f.page.come(R"("token":"bob",)");
    CHECK(f.page.connected);
    CHECK_FALSE(f.page.recovered);
    say(f, 4, 4);
    f.page.take();
    CHECK(f.page.heard().empty());
  }
  SECTION("a guest") {
    f.page.come();
    CHECK(f.page.connected);
    CHECK_FALSE(f.page.recovered);
  }
}

TEST_CASE("a client comes back before the server knows that it was lost") {
  lost_page f;
  f.begin();
  say(f, 3, 4);
  f.page.go_dark();
  f.page.come();
  CHECK(f.page.recovered);
  CHECK(f.page.heard() == said(3, 4));
  say(f, 5, 5);
  f.page.take();
  CHECK(f.page.heard() == said(5, 5));
}

TEST_CASE("guards and handlers stand before what a client has again") {
  lost_page f;
  auto barred = false;
  strings joined;
  std::optional<response_promise<int>> later;
  auto late = false;
  f.strategies.add("app::test:join", internal(),
                   [&](context& ctx, const raw_json& in) {
                     joined.push_back(in.text);
                     auto result = ctx.make_promise<int>();
                     if (late)
                       later = result;
                     else
                       result.deliver(1);
                     return result;
                   });
  f.channels.add("clubs/*", {},
                 {.check =
                    [&](const claims&, const topic&) {
                      return barred ? make_error(errc::forbidden)
                                    : caf::error{};
                    },
                  .history = history_limits{},
                  .join = "app::test:join"});
  f.begin();
  f.page.subscribe("clubs/1", R"(,"input":{"card":5})");
  REQUIRE(joined == strings{R"({"card":5})"});
  (void) f.page.heard();
  f.page.lose();
  SECTION("they let it") {
    f.page.come();
    CHECK(f.page.recovered);
    CHECK(joined == strings{R"({"card":5})", R"({"card":5})"});
  }
  SECTION("one does not") {
    barred = true;
    say(f, 3, 3);
    f.page.come();
    CHECK(f.page.connected);
    CHECK_FALSE(f.page.recovered);
    // Of the others there is nothing, either.
    say(f, 4, 4);
    f.page.take();
    CHECK(f.page.heard().empty());
  }
  SECTION("it is lost again while it waits for one") {
    late = true;
    say(f, 3, 3);
    f.page.come();
    CHECK_FALSE(f.page.connected);
    f.page.lose();
    f.page.come();
    CHECK_FALSE(f.page.connected);
    f.page.go_dark();
    f.page.come();
    say(f, 4, 4);
    CHECK_FALSE(f.page.connected);
    later->deliver(1);
    f.settle();
    f.page.take();
    CHECK(f.page.recovered);
    CHECK(f.page.heard() == said(3, 4));
    CHECK(joined.size() == 4);
  }
  later.reset();
}

TEST_CASE("what no history has cannot be recovered") {
  lost_page f;
  f.channels.add("plain");
  f.begin();
  SECTION("a channel without one") {
    f.page.subscribe("plain");
    f.page.lose();
    f.page.come();
    CHECK(f.page.connected);
    CHECK_FALSE(f.page.recovered);
  }
  SECTION("too much was said") {
    f.page.lose();
    say(f, 3, 1'100);
    f.page.come();
    CHECK(f.page.connected);
    CHECK_FALSE(f.page.recovered);
    CHECK(f.page.heard().empty());
  }
}

TEST_CASE("an event of two rooms comes once to who was in both") {
  lost_page f;
  f.begin();
  f.page.subscribe("rooms/b");
  (void) f.page.heard();
  say(f, 1, 1, "b");
  say(f, 3, 3);
  say(f, 2, 3, "b");
  say(f, 4, 4);
  f.page.take(2);
  f.page.lose();
  f.page.come();
  CHECK(f.page.recovered);
  auto heard = f.page.heard();
  auto first = said(1, 1, "b");
  for (auto& x : {said(3, 3), said(2, 3, "b"), said(4, 4)})
    first.insert(first.end(), x.begin(), x.end());
  std::sort(heard.begin(), heard.end());
  std::sort(first.begin(), first.end());
  CHECK(heard == first);
}

TEST_CASE("what the program subscribes again is recovered as well") {
  lost_page f;
  auto again = true;
  f.env.on_open = [&](client who) -> caf::error {
    return again ? who.subscribe("rooms/a") : caf::error{};
  };
  f.serve();
  f.page.come();
  say(f, 1, 2);
  f.page.take();
  auto heard = f.page.heard();
  REQUIRE(heard.size() == 3);
  CHECK(test::contains(heard[0], R"(42["subscribed",{"topic":"rooms/a")"));
  f.page.lose();
  say(f, 3, 4);
  SECTION("it does") {
    f.page.come();
    CHECK(f.page.recovered);
    heard = f.page.heard();
    REQUIRE(heard.size() == 3);
    CHECK(test::contains(heard[0], R"(42["subscribed",{"topic":"rooms/a")"));
    CHECK(strings(heard.begin() + 1, heard.end()) == said(3, 4));
    f.page.lose();
    say(f, 5, 5);
    f.page.come();
    CHECK(f.page.recovered);
    heard = f.page.heard();
    heard.erase(heard.begin());
    CHECK(heard == said(5, 5));
  }
  SECTION("it does not") {
    again = false;
    f.page.come();
    CHECK_FALSE(f.page.recovered);
    CHECK(f.page.heard().empty());
  }
}

TEST_CASE("whoever is lost by the server's doing is kept") {
  lost_page f;
  SECTION("it does not answer a ping") {
    f.begin();
    f.pass(1h);
    f.pass(21s);
    CHECK_FALSE(f.page.is_served());
    f.page.lose();
    say(f, 3, 3);
    f.page.come();
    CHECK(f.page.recovered);
    CHECK(f.page.heard() == said(3, 3));
  }
  SECTION("it does not read") {
    f.core.options.max_backlog_bytes = 50'000;
    f.begin();
    // More than fits into a socket.
    std::size_t waits = 0;
    for (int i = 3; i <= 700; ++i) {
      f.publish("a", std::to_string(i) + "-" + std::string(1'000, 'x'));
      waits = std::max(waits, test::backlog_of(f));
    }
    CHECK(waits > 40'000);
    f.page.take();
    auto heard = f.page.heard();
    CHECK(heard.size() < 698);
    f.page.lose();
    while (heard.size() < 698) {
      f.page.come();
      REQUIRE(f.page.recovered);
      auto more = f.page.heard();
      REQUIRE_FALSE(more.empty());
      heard.insert(heard.end(), more.begin(), more.end());
      f.page.take();
      more = f.page.heard();
      heard.insert(heard.end(), more.begin(), more.end());
      f.page.lose();
    }
    CHECK(heard.size() == 698);
    for (std::size_t i = 0; i < heard.size(); ++i)
      CHECK(test::contains(heard[i], R"("rooms/a":)" + std::to_string(i + 3)));
  }
}

TEST_CASE("who left a channel and came to it again begins there") {
  lost_page f;
  f.begin();
  say(f, 3, 4);
  f.page.say(R"(42["app::websocket:unsubscribe",{"topic":"rooms/a"}])", 0);
  say(f, 5, 6);
  f.page.say(R"(42["app::websocket:subscribe",{"topic":"rooms/a"}])", 0);
  say(f, 7, 7);
  f.page.lose();
  say(f, 8, 8);
  f.page.come();
  CHECK(f.page.recovered);
  CHECK(f.page.heard() == said(7, 8));
}

TEST_CASE("who has gone back is recovered when it is where it was") {
  lost_page f;
  f.serve();
  say(f, 1, 4);
  f.page.come();
  f.page.subscribe("rooms/a");
  auto reply = f.page.heard().back();
  auto at = reply.find(R"("epoch":")");
  auto epoch = reply.substr(at, reply.find(',', at) - at);
  say(f, 5, 6);
  f.page.take();
  CHECK(f.page.heard() == said(5, 6));
  f.page.subscribe("rooms/a", R"(,"since":{)" + epoch + R"(,"offset":2})");
  auto heard = f.page.heard();
  REQUIRE(heard.size() == 3);
  CHECK(strings(heard.begin() + 1, heard.end()) == said(3, 4));
  f.page.lose();
  say(f, 7, 7);
  SECTION("it is") {
    f.page.come();
    CHECK(f.page.recovered);
    CHECK(f.page.heard() == said(7, 7));
  }
  SECTION("it is not yet: it would get some twice") {
    auto dot = f.page.offset.find('.') + 1;
    auto count = std::stoi(f.page.offset.substr(dot)) - 1;
    f.page.offset.replace(dot, f.page.offset.npos, std::to_string(count));
    f.page.come();
    CHECK(f.page.connected);
    CHECK_FALSE(f.page.recovered);
  }
}

TEST_CASE("who was not told of a loss is not recovered, who was is") {
  lost_page f;
  f.channels.add("walls/*", {}, {.history = history_limits{.max_events = 20}});
  f.core.options.max_backlog_bytes = 40'000;
  f.serve();
  f.page.come();
  f.page.subscribe("walls/1");
  auto reply = f.page.heard().back();
  auto at = reply.find(R"("epoch":")");
  auto epoch = reply.substr(at, reply.find(',', at) - at);
  auto write = [&](int from, int to) {
    for (; from <= to; ++from)
      CHECK_FALSE(f.bus.publish(wall{std::string(60'000, 'x')}));
    f.settle();
  };
  // It goes back to more than its socket takes, and what waits for that goes.
  f.page.say(R"(42["app::websocket:unsubscribe",{"topic":"walls/1"}])");
  write(1, 15);
  f.page.say(R"(42["app::websocket:subscribe",{"topic":"walls/1","since":{)"
               + epoch + R"(,"offset":0}}])",
             0);
  write(16, 40);
  auto is_told = GENERATE(false, true);
  std::size_t taken = 0;
  std::string last;
  strings heard;
  for (;;) {
    f.settle();
    f.page.take(1);
    auto next = f.page.heard();
    if (next.empty())
      break;
    REQUIRE(++taken < 40);
    heard = next;
    if (test::contains(next[0], R"(42["subscribed",)"))
      break;
    last = f.page.offset;
  }
  REQUIRE(test::contains(heard.at(0), R"(42["subscribed",)"));
  if (!is_told)
    f.page.offset = last;
  f.page.lose();
  f.page.come();
  CHECK(f.page.connected);
  CHECK(f.page.recovered == is_told);
}

TEST_CASE("what is said while a client is recovered comes behind") {
  lost_page f;
  std::optional<response_promise<int>> later;
  f.strategies.add("app::test:join", internal(), [&](context& ctx) {
    later = ctx.make_promise<int>();
    return *later;
  });
  f.channels.add("clubs/*", {},
                 {.history = history_limits{}, .join = "app::test:join"});
  auto is_back = false;
  f.env.on_open = [&](client who) -> caf::error {
    return is_back ? who.subscribe("rooms/a") : caf::error{};
  };
  f.serve();
  f.page.come();
  f.page.subscribe("clubs/1");
  later->deliver(1);
  f.settle();
  f.page.subscribe("rooms/a");
  say(f, 1, 2);
  f.page.take();
  f.page.lose();
  (void) f.page.heard();
  say(f, 3, 3);
  is_back = true;
  f.page.come();
  CHECK_FALSE(f.page.connected);
  // The program's subscription has this already.
  say(f, 4, 4);
  auto lets = GENERATE(true, false);
  if (lets)
    later->deliver(1);
  else
    later->deliver(make_error(errc::forbidden));
  f.settle();
  say(f, 5, 5);
  f.page.take();
  CHECK(f.page.recovered == lets);
  auto heard = f.page.heard();
  REQUIRE_FALSE(heard.empty());
  CHECK(test::contains(heard[0], R"(42["subscribed",)"));
  heard.erase(heard.begin());
  // In either case nothing of the program's is lost.
  CHECK(heard == said(lets ? 3 : 4, 5));
  later.reset();
}

TEST_CASE("everything that is no acknowledgement has a position") {
  lost_page f;
  f.strategies.add("app::test:fail", []() -> caf::expected<int> {
    return public_error("no", 409, "no");
  });
  f.env.on_open = [](client& who) { who.send("hello", 1); };
  f.serve();
  f.page.come();
  CHECK(f.page.heard() == strings{R"(42["hello",1,{}])"});
  auto before = f.page.offset;
  f.page.say(R"(42["app::test:fail"])");
  CHECK(
    f.page.heard()
    == strings{R"(42["error",{"message":"no","status":409,"code":"no"},{}])"});
  CHECK(f.page.offset != before);
  before = f.page.offset;
  f.page.say(R"(420["app::test:fail"])");
  CHECK(f.page.heard().size() == 1);
  CHECK(f.page.offset == before);
}

TEST_CASE("who comes back is told who is there") {
  lost_page f;
  f.channels.add("halls/*", {},
                 {.history = history_limits{}, .presence = presence_options{}});
  f.begin();
  f.page.subscribe("halls/1", R"(,"presence":true)");
  (void) f.page.heard();
  f.page.lose();
  socket_io_page other{f};
  other.come();
  other.subscribe("halls/1");
  f.page.come();
  f.advance(1s);
  f.settle();
  f.page.take();
  CHECK(f.page.recovered);
  auto heard = f.page.heard();
  REQUIRE_FALSE(heard.empty());
  CHECK(heard[0].starts_with(
    R"(42["presence",{"topic":"halls/1","presence":[{"key":"c:)"));
}

TEST_CASE("a stream that is asked for before the answer is not forgotten") {
  fixture f;
  f.strategies.add("app::t:count", [](context, int in) -> stream<int> {
    for (int i = 0; i < in; ++i)
      co_yield i;
  });
  f.serve();
  auto pid = std::string{"unknown"};
  SECTION("of a client of which nothing is kept") {
    // nop
  }
  SECTION("of one that is recovered") {
    socket_io_page page{f};
    page.come();
    page.subscribe("rooms/a");
    pid = page.pid;
    page.lose();
  }
  socket_pair line;
  f.accept(line);
  line.send_bytes(engine_upgrade({}));
  f.settle();
  (void) line.received();
  line.send_bytes(
    frame(fin | opcode::text, R"(40{"pid":")" + pid + "\"}")
    + frame(fin | opcode::text, R"(420["app::t:count",2,{"stream":"s"}])"));
  f.settle();
  auto got = frames_of(line.received());
  CHECK(got.starts_with("40{"));
  CHECK(contains(got, R"(42["stream",{"id":"s","payload":1})"));
  CHECK(got.ends_with(R"(430[{"payload":null}])"));
}
