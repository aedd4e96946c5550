#include "flamigo/client/open_hook.hpp"

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/strategy/call.hpp"
#include "flamigo/task/sleep.hpp"
#include "flamigo/testing/app.hpp"
#include "support/events.hpp"
#include "support/log_capture.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

/// A strategy that says after a second which topic is whose.
domain_behavior directory(domain_actor<>*) {
  return {on("app::directory:topic", [](context ctx) -> task<std::string> {
    co_await sleep(ctx, 1s).or_throw();
    auto& who = ctx.claims().user;
    co_return who ? "rooms/" + who->name : "rooms/hall";
  })};
}

task<void> subscribe_later(context ctx, client who) {
  auto topic = co_await ctx.call_strategy<std::string>("app::directory:topic");
  if (!topic)
    co_return topic.error();
  co_return who.subscribe(*topic);
}

} // namespace

TEST_CASE("on_open may ask somebody, on behalf of the client") {
  testing::app app;
  app.authenticate();
  app.host(directory);
  app.strategies().add("app::test:now", open_to_guests(), [] { return 1; });
  app.on_open(subscribe_later);
  auto ada = app.connect(user{.id = "1", .name = "Ada"});
  // Nothing waits for it.
  CHECK(ada.call<int>("app::test:now") == 1);
  CHECK_FALSE(app.bus().publish(test::posted{"Ada", "too early"}));
  app.advance(1s);
  CHECK_FALSE(app.bus().publish(test::posted{"Ada", "in time"}));
  app.run();
  CHECK(ada.expect_push<test::posted>("chat:message").text == "in time");
  ada.expect_nothing();
}

TEST_CASE("what on_open has captured lives as long as its coroutine") {
  testing::app app;
  app.host(directory);
  std::string seen;
  app.on_open([&seen, text = std::string(100, 'x')](context ctx,
                                                    client who) -> task<void> {
    co_await sleep(ctx, 1s).or_throw();
    seen = text;
    who.close({close_code::normal, "done"});
    co_return ok;
  });
  auto ada = app.connect();
  app.on_open({});
  app.advance(1s);
  CHECK(seen == std::string(100, 'x'));
  CHECK(ada.expect_close(close_code::normal).reason == "done");
}

TEST_CASE("on_open may be a function with a context, and fail by an error") {
  testing::app app;
  app.on_open([](context& ctx, client& who) {
    return who.subscribe(ctx.action() == "open" ? "rooms/hall" : "**/**");
  });
  auto ada = app.connect();
  CHECK_FALSE(app.bus().publish(test::posted{"hall", "hello"}));
  app.run();
  CHECK(ada.expect_push<test::posted>("chat:message").text == "hello");
  app.on_open([](client& who) { return who.subscribe("no pattern/"); });
  app.connect().expect_close(close_code::internal_error);
}

TEST_CASE("an on_open that fails closes its connection, at once or later") {
  test::log_capture log;
  testing::app app;
  auto wait = 0s;
  auto how = 0;
  app.on_open([&](context ctx, client) -> task<void> {
    if (wait > 0s)
      co_await sleep(ctx, wait).or_throw();
    if (how == 1)
      throw std::runtime_error{"no room"};
    if (how == 2)
      co_return make_error(errc::conflict, "no room");
    co_return ok;
  });
  for (auto length : {0s, 1s})
    for (how = 0; how < 3; ++how) {
      wait = length;
      auto who = app.connect();
      app.advance(1s);
      if (how == 0)
        who.expect_nothing();
      else
        CHECK(who.expect_close(close_code::internal_error).reason
              == "internal error");
    }
  // As a request that takes too long.
  how = 0;
  wait = 11s;
  auto late = app.connect();
  app.advance(9s);
  late.expect_nothing();
  app.advance(1s);
  late.expect_close(close_code::internal_error);
  auto failures = 0;
  for (auto& line : log.lines())
    failures += line.find(": on_open: ") != line.npos ? 1 : 0;
  CHECK(failures == 5);
}

TEST_CASE("an on_open that waits ends with its connection") {
  auto alive = std::make_shared<int>();
  testing::app app;
  app.on_open([alive](context ctx, client) -> task<void> {
    auto here = alive;
    co_await sleep(ctx, 5s).or_throw();
    co_return ok;
  });
  auto before = alive.use_count();
  auto ada = app.connect();
  CHECK(alive.use_count() == before + 1);
  ada.disconnect();
  CHECK(alive.use_count() == before);
}
