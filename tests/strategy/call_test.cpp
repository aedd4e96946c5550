#include "flamigo/strategy/call.hpp"

#include <chrono>
#include <future>
#include <optional>
#include <tuple>

#include <catch2/catch_test_macros.hpp>

#include <boost/describe/class.hpp>

#include <caf/send.hpp>

#include "flamigo/described/inspect.hpp"
#include "flamigo/domain/host.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/testing/backend_caller.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

struct order {
  std::string item;
  int count;
};

BOOST_DESCRIBE_STRUCT(order, (), (item, count))

struct stock_state {
  int left = 10;
  std::optional<response_promise<int>> kept;
};

/// A hosted strategy that another one calls.
domain_behavior stock(domain_actor<stock_state>* self) {
  return {
    on("app::stock:take",
       [=](const order& in) -> caf::result<int> {
         if (in.count > self->state.left)
           return make_error(errc::conflict, "out of stock");
         return self->state.left -= in.count;
       }),
    on("app::stock:never",
       [=](context& ctx) {
         self->state.kept = ctx.make_promise<int>();
         return *self->state.kept;
       }),
    on("app::stock:quit", [=] { self->quit(caf::sec::runtime_error); }),
  };
}

/// A hosted strategy that calls hosted and inline ones.
domain_behavior shop(domain_actor<>*) {
  return {
    on("app::shop:buy",
       [](context& ctx, const order& in) {
         auto promise = ctx.make_promise<std::string>();
         ctx.call_strategy<int>("app::stock:take", in)
           .then(
             [promise](int left) mutable {
               promise.deliver("left " + std::to_string(left));
             },
             [promise](caf::error why) mutable {
               promise.deliver(wrap(std::move(why), "buying"));
             });
         return promise;
       }),
    on("app::shop:double",
       [](context& ctx, int in) {
         auto promise = ctx.make_promise<int>();
         ctx.call_strategy<int>("app::math:double", in)
           .then([promise](int out) mutable { promise.deliver(out); },
                 [promise](caf::error why) mutable { promise.deliver(why); });
         return promise;
       }),
  };
}

struct fixture : testing::actor_fixture {
  fixture() {
    strategies.add("app::math:double", [](int in) { return 2 * in; });
    strategies.add("app::math:later", is_server(), [this](context& ctx) {
      promise = ctx.make_promise<int>();
      return *promise;
    });
    strategies.add("app::math:ws", is_websocket(), [] { return 1; });
    adopt(host(services, {.restart = false}, stock));
    adopt(host(services, {}, shop));
    run();
  }

  std::optional<response_promise<int>> promise;
  testing::backend_caller program{*this, 10s};
};

} // namespace

TEST_CASE("the backend calls inline and hosted strategies") {
  fixture f;
  CHECK(f.program.call<int>("app::math:double", 21) == 42);
  CHECK(f.program.call<int>("app::stock:take", order{"pen", 3}) == 7);
  auto refused = f.program.call<int>("app::stock:take", order{"pen", 8});
  REQUIRE_FALSE(refused);
  CHECK(public_message(refused.error()) == "out of stock");
  CHECK(f.program.call<void>("app::math:double", 1));
}

TEST_CASE("the backend is held to guards and names like everyone") {
  fixture f;
  auto refused = f.program.call<int>("app::math:ws");
  REQUIRE_FALSE(refused);
  CHECK(status_of(refused.error()) == 403);
  auto unknown = f.program.call<int>("app::math:nope");
  REQUIRE_FALSE(unknown);
  CHECK(status_of(unknown.error()) == 404);
  auto unfit = f.program.call<int>("app::stock:take", 1);
  REQUIRE_FALSE(unfit);
  CHECK(status_of(unfit.error()) == 400);
}

TEST_CASE("an answer of another type than asked for is an error") {
  fixture f;
  auto result = f.program.call<std::string>("app::math:double", 1);
  CHECK_FALSE(result);
}

TEST_CASE("a hosted strategy calls others and answers when they have") {
  fixture f;
  CHECK(f.program.call<std::string>("app::shop:buy", order{"pen", 4})
        == std::string{"left 6"});
  CHECK(f.program.call<int>("app::shop:double", 4) == 8);
  auto refused = f.program.call<std::string>("app::shop:buy", order{"pen", 40});
  REQUIRE_FALSE(refused);
  CHECK(status_of(refused.error()) == 409);
  auto trace = trace_of(refused.error());
  CHECK(trace.find("buying: call strategy(app::stock:take)")
        != std::string::npos);
}

TEST_CASE("an inline strategy may answer the backend later") {
  fixture f;
  auto result = f.program.call_async<int>("app::math:later");
  f.run();
  REQUIRE(f.promise);
  CHECK(result.wait_for(0s) == std::future_status::timeout);
  f.promise->deliver(5);
  f.run();
  CHECK(result.get() == 5);
}

TEST_CASE("a call that is not answered in time is a timeout") {
  fixture f;
  auto inline_call = f.program.call_async<int>("app::math:later");
  auto hosted_call = f.program.call_async<int>("app::stock:never");
  f.run();
  f.advance(9s);
  CHECK(inline_call.wait_for(0s) == std::future_status::timeout);
  f.advance(2s);
  auto first = inline_call.get();
  REQUIRE_FALSE(first);
  CHECK(status_of(first.error()) == 504);
  auto second = hosted_call.get();
  REQUIRE_FALSE(second);
  CHECK(status_of(second.error()) == 504);
}

TEST_CASE("a call that nobody comes to answer is answered") {
  auto answer = std::make_unique<detail::future_answer<int>>();
  auto result = answer->future();
  answer.reset();
  auto failed = result.get();
  REQUIRE_FALSE(failed);
  CHECK(status_of(failed.error()) == 503);
}

TEST_CASE("all calls of an actor share one timer") {
  fixture f;
  auto timers = [&f] { return f.scheduler.clock().schedule().size(); };
  auto call_all = [&f] {
    CHECK(f.program.call<int>("app::math:double", 21) == 42);
    CHECK(f.program.call<int>("app::shop:double", 4) == 8);
    CHECK(f.program.call<std::string>("app::shop:buy", order{"pen", 0})
          == std::string{"left 10"});
    CHECK_FALSE(f.program.call<std::string>("app::shop:buy", order{"pen", 99}));
  };
  auto before = timers();
  call_all();
  auto after_one = timers();
  CHECK(after_one <= before + 2);
  for (int i = 0; i < 100; ++i)
    call_all();
  auto late = f.program.call_async<int>("app::math:later");
  CHECK(timers() == after_one);
  f.promise->deliver(5);
  f.run();
  CHECK(late.get() == 5);
  // It goes when it is due.
  f.scheduler.advance_time(20s);
  f.run();
  CHECK(timers() == before);
}

TEST_CASE("a call whose answer nobody waits for needs no timer") {
  fixture f;
  f.strategies.add("app::math:forget", [](context& ctx) {
    std::ignore = ctx.call_strategy<int>("app::stock:never");
    std::ignore = ctx.call_strategy<int>("app::math:later");
  });
  auto timers = [&f] { return f.scheduler.clock().schedule().size(); };
  auto before = timers();
  for (int i = 0; i < 100; ++i)
    CHECK(f.program.call("app::math:forget"));
  CHECK(timers() == before);
}

TEST_CASE("a domain that is down and not restarted answers 503") {
  fixture f;
  CHECK(f.program.call<void>("app::stock:quit"));
  auto result = f.program.call<int>("app::stock:take", order{"pen", 1});
  REQUIRE_FALSE(result);
  CHECK(status_of(result.error()) == 503);
}

TEST_CASE("a name that is taken leaves no domain actor behind") {
  fixture f;
  auto before = f.system.registry().running();
  CHECK_THROWS_AS(host(f.services, {}, stock), std::invalid_argument);
  f.run();
  CHECK(f.system.registry().running() == before);
}
