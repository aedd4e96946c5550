// A connection actor whose client speaks Socket.IO, without what carries it.
#include <memory>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/bus/event.hpp"
#include "flamigo/client/cancel_strategy.hpp"
#include "flamigo/client/client.hpp"
#include "flamigo/client/client_feed.hpp"
#include "flamigo/client/transport.hpp"
#include "flamigo/roster/roster.hpp"
#include "flamigo/socketio/detail/socket_io_format.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/task/stream.hpp"
#include "flamigo/testing/actor_fixture.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using test::strings;

namespace {

struct posted {
  int number;

  flamigo::topic topics() const {
    return flamigo::topic{"rooms/1"};
  }

  client_message to_client() const {
    return make_client_message("chat:posted", number);
  }
};

BOOST_DESCRIBE_STRUCT(posted, (), (number))

struct drawn {
  bytes data;

  flamigo::topic topics() const {
    return flamigo::topic{"rooms/1"};
  }

  client_message to_client() const {
    return make_client_message("chat:drawn", *this);
  }
};

BOOST_DESCRIBE_STRUCT(drawn, (), (data))

struct noted {
  std::string data;
};

BOOST_DESCRIBE_STRUCT(noted, (), (data))

struct line final : transport {
  const wire_format& format() const noexcept override {
    return detail::socket_io_format();
  }

  void send(std::string_view text) override {
    heard.emplace_back(text);
  }

  void send_event(const event& what, std::uint64_t places) override {
    heard.push_back("2" + std::string{what.client_arguments_in(places)});
    bytes = what.client_arguments_in(places).data();
  }

  void close(const close_reason&) override {
  }

  strings heard;
  const char* bytes = nullptr;
};

stream<int> count(context, int most) {
  for (int i = 1; i <= most; ++i)
    co_yield i;
}

struct fixture : testing::actor_fixture {
  fixture() {
    strategies.add("app::test:sum",
                   [](const std::vector<int>& in) { return in[0] + in[1]; });
    strategies.add("app::test:count", count);
    strategies.add("app::test:later", [this](context& ctx) {
      promise = ctx.make_promise<int>();
      return *promise;
    });
    strategies.add("app::test:drawn", [](const drawn& in) { return in; });
    strategies.add("app::test:noted", [](const noted& in) { return in; });
    strategies.add("app::test:publish", [](context& ctx, const drawn& in) {
      (void) ctx.publish(in);
    });
    add_cancel_strategy(strategies);
    adopt(watch.handle());
    env.on_open = [](client& who) { (void) who.subscribe("rooms/1"); };
  }

  ~fixture() {
    promise.reset();
    end();
  }

  strings say(std::string_view frame) {
    feed->message(frame);
    run();
    return std::exchange(out->heard, {});
  }

  void open() {
    auto who = std::make_shared<claims>();
    who->type = claims_type::websocket;
    who->connection_id = "c1";
    feed.emplace(env, &unit, out, who);
    run();
  }

  std::optional<response_promise<int>> promise;
  roster watch{bus};
  client_environment env{services, {}, watch.handle()};
  std::shared_ptr<line> out = std::make_shared<line>();
  std::optional<client_feed> feed;
};

} // namespace

TEST_CASE("a request of Socket.IO is answered in its own way") {
  fixture f;
  f.open();
  CHECK(f.say(R"(27["app::test:sum",1,2])") == strings{R"(37[{"payload":3}])"});
  CHECK(f.say(R"(2["app::test:sum",1,2])").empty());
  auto heard = f.say(R"(28["app::test:none"])");
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].starts_with(R"(38[{"error":{)"));
  heard = f.say("2[1]");
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].starts_with(R"(2["error",{)"));
  f.feed->closed({1001, ""});
}

TEST_CASE("a stream of Socket.IO has a name, by which it is cancelled") {
  fixture f;
  f.open();
  CHECK(f.say(R"(27["app::test:count",2,{"stream":"s"}])")
        == strings{R"(2["stream",{"id":"s","payload":1}])",
                   R"(2["stream",{"id":"s","payload":2}])",
                   R"(37[{"payload":null}])"});
  for (auto frame :
       {R"(27["app::test:count",2])", R"(2["app::test:count",2])"}) {
    auto heard = f.say(frame);
    REQUIRE(heard.size() == 1);
    CHECK(test::contains(heard[0], R"("code":"invalid_payload")"));
  }
  CHECK(f.say(R"(28["app::test:later",null,{"stream":"t"}])").empty());
  CHECK(f.say(R"(29["app::websocket:cancel",{"stream":"s"}])")
        == strings{R"(39[{"payload":{"cancelled":false}}])"});
  auto heard = f.say(R"(29["app::websocket:cancel",{"stream":"t"}])");
  REQUIRE(heard.size() == 2);
  CHECK(test::contains(heard[0], R"(38[{"error":)"));
  CHECK(heard[1] == R"(39[{"payload":{"cancelled":true}}])");
  f.feed->closed({1001, ""});
}

TEST_CASE("an event is encoded once for all clients of Socket.IO") {
  fixture f;
  f.open();
  auto other = std::make_shared<line>();
  auto who = std::make_shared<claims>();
  who->type = claims_type::websocket;
  who->connection_id = "c2";
  client_feed second{f.env, &f.unit, other, who};
  f.run();
  REQUIRE_FALSE(f.bus.publish(posted{7}));
  f.run();
  CHECK(f.out->heard == strings{R"(2["chat:posted",7])"});
  CHECK(other->heard == f.out->heard);
  CHECK(other->bytes == f.out->bytes);
  second.closed({1001, ""});
  f.feed->closed({1001, ""});
}

TEST_CASE("bytes are taken where they are declared, and sent as they are") {
  fixture f;
  f.open();
  constexpr auto with
    = R"([{"payload":{"data":{"_placeholder":true,"num":0}}}])";
  CHECK(f.say(R"(b29-27["app::test:drawn",{"data":"YWI="}])")
        == strings{"b2-37" + std::string{with} + "ab"});
  // From text as well, but not to text.
  CHECK(f.say(R"(27["app::test:drawn",{"data":"YWI="}])")
        == strings{"b2-37" + std::string{with} + "ab"});
  CHECK(f.say(R"(27["app::test:noted",{"data":"YWI="}])")
        == strings{R"(37[{"payload":{"data":"YWI="}}])"});
  for (auto frame : {R"(b29-27["app::test:noted",{"data":"YWI="}])",
                     R"(b29-27["app::test:count",{"data":"YWI="}])",
                     R"(b29-27["app::test:drawn",{"more":"YWI=","data":""}])",
                     R"(b7,7,999-27["app::test:drawn",{"data":"YWI="}])"}) {
    CAPTURE(frame);
    auto heard = f.say(frame);
    REQUIRE(heard.size() == 1);
    CHECK(heard[0].starts_with(R"(37[{"error":{)"));
  }
  f.feed->closed({1001, ""});
}

TEST_CASE("an event has its bytes taken out once for all") {
  fixture f;
  f.open();
  auto other = std::make_shared<line>();
  auto who = std::make_shared<claims>();
  who->type = claims_type::websocket;
  who->connection_id = "c2";
  client_feed second{f.env, &f.unit, other, who};
  f.run();
  REQUIRE_FALSE(f.bus.publish(drawn{{"ab"}}));
  f.run();
  CHECK(f.out->heard
        == strings{
          R"(2b2-["chat:drawn",{"data":{"_placeholder":true,"num":0}}]ab)"});
  CHECK(other->heard == f.out->heard);
  CHECK(other->bytes == f.out->bytes);
  second.closed({1001, ""});
  f.feed->closed({1001, ""});
}
