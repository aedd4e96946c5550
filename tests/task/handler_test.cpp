#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <boost/describe/class.hpp>

#include <caf/event_based_actor.hpp>

#include "flamigo/client/client.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/strategy/call.hpp"
#include "flamigo/task/sleep.hpp"
#include "flamigo/testing/app.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

struct buy {
  std::string item;
  std::uint32_t count;
};

BOOST_DESCRIBE_STRUCT(buy, (), (item, count))

struct receipt {
  std::string item;
  std::uint32_t left;
};

BOOST_DESCRIBE_STRUCT(receipt, (), (item, left))

struct stock_state {
  std::uint32_t left = 10;
  std::vector<response_promise<std::uint32_t>> kept;
};

/// Hosted strategies that answer at once, later, or never.
domain_behavior stock(domain_actor<stock_state>* self) {
  return {
    on("app::stock:take",
       [=](std::uint32_t count) -> caf::result<std::uint32_t> {
         if (count > self->state.left)
           return make_error(errc::conflict, "out of stock");
         return self->state.left -= count;
       }),
    on("app::stock:wait",
       [=](context& ctx) {
         self->state.kept.push_back(ctx.make_promise<std::uint32_t>());
         return self->state.kept.back();
       }),
    on("app::stock:deliver",
       [=](std::uint32_t what) {
         for (auto& x : self->state.kept)
           x.deliver(what);
         self->state.kept.clear();
       }),
    on("app::stock:quit", [=] { self->quit(caf::sec::runtime_error); }),
  };
}

/// What is told of a frame: whether it is there.
struct probe {
  explicit probe(int& count) : alive(&count) {
    ++*alive;
  }

  probe(const probe& other) : alive(other.alive) {
    ++*alive;
  }

  probe& operator=(const probe&) = delete;

  ~probe() {
    --*alive;
  }

  int* alive;
};

task<receipt> buy_it(context ctx, buy in) {
  auto left = co_await ctx.call_strategy<std::uint32_t>("app::stock:take",
                                                        in.count);
  if (!left)
    co_return wrap(left.error(), "taking from stock");
  co_return receipt{in.item, *left};
}

domain_behavior shop(domain_actor<>*) {
  return {on("app::shop:hosted", buy_it)};
}

struct fixture {
  fixture() {
    app.host(stock);
    app.host(shop);
    app.strategies().add("app::shop:inline", buy_it);
  }

  testing::app app;
};

const std::string long_name = "a name that does not fit into a string itself";

} // namespace

// -- what does not wait -------------------------------------------------------

TEST_CASE("a coroutine that does not wait answers as a function does") {
  testing::app app;
  app.strategies().add("app::math:double",
                       [](int in) -> task<int> { co_return 2 * in; });
  app.strategies().add("app::math:nothing",
                       []() -> task<void> { co_return ok; });
  app.strategies().add("app::math:name", [](context ctx) -> task<std::string> {
    co_return std::string{ctx.action()};
  });
  app.strategies().add("app::math:literal",
                       []() -> task<std::string> { co_return "text"; });
  auto ada = app.connect();
  CHECK(ada.call<int>("app::math:double", 21) == 42);
  ada.call<void>("app::math:nothing");
  CHECK(ada.call<std::string>("app::math:name") == "app::math:name");
  CHECK(ada.call<std::string>("app::math:literal") == "text");
  CHECK(ada.expect_error(ada.send("app::math:double", std::string{"x"}), 400)
          .fieldErrors.has_value());
}

TEST_CASE("a coroutine fails in every way in which a function does") {
  testing::app app;
  auto add = [&app](const char* name, auto how) {
    app.strategies().add(name, how);
  };
  add("app::fail:error", []() -> task<int> {
    co_return make_error(errc::conflict, "it is taken");
  });
  add("app::fail:code", []() -> task<int> { co_return errc::conflict; });
  add("app::fail:expected", []() -> task<int> {
    co_return caf::expected<int>{make_error(errc::conflict)};
  });
  add("app::fail:empty", []() -> task<int> { co_return caf::error{}; });
  add("app::fail:empty_expected",
      []() -> task<int> { co_return caf::expected<int>{caf::error{}}; });
  add("app::fail:throw", []() -> task<int> {
    throw std::runtime_error{"broken"};
    co_return 1;
  });
  add("app::fail:thrown", []() -> task<int> {
    throw thrown_error{make_error(errc::conflict, "it is taken")};
    co_return 1;
  });
  add("app::fail:void", []() -> task<void> { co_return errc::conflict; });
  add("app::fail:none", []() -> task<void> { co_return caf::error{}; });
  add("app::fail:moved", []() -> task<int> { return {}; });
  auto ada = app.connect();
  auto status = [&ada](const char* name, int expected) {
    return ada.expect_error(ada.send(name), expected).message;
  };
  CHECK(status("app::fail:error", 409) == "it is taken");
  status("app::fail:code", 409);
  status("app::fail:expected", 409);
  status("app::fail:empty", 500);
  status("app::fail:empty_expected", 500);
  status("app::fail:throw", 500);
  CHECK(status("app::fail:thrown", 409) == "it is taken");
  status("app::fail:void", 409);
  ada.call<void>("app::fail:none");
  status("app::fail:moved", 500);
}

// -- what waits ---------------------------------------------------------------

TEST_CASE("a coroutine awaits strategies where it runs") {
  fixture f;
  auto ada = f.app.connect();
  for (auto name : {"app::shop:inline", "app::shop:hosted"}) {
    auto got = ada.call<receipt>(name, buy{long_name, 2});
    CHECK(got.item == long_name);
    auto why = ada.expect_error(ada.send(name, buy{long_name, 100}), 409);
    CHECK(why.message == "out of stock");
  }
  CHECK(f.app.backend().call<receipt>("app::shop:inline", buy{"pen", 1})->left
        == 5);
}

TEST_CASE("what a coroutine is given is there when it goes on") {
  fixture f;
  f.app.strategies().add(
    "app::shop:keep",
    [prefix = long_name](context ctx, buy in) -> task<std::string> {
      auto before = std::string{ctx.payload()};
      co_await ctx.call_strategy<std::uint32_t>("app::stock:wait");
      co_return prefix + std::string{ctx.action()} + in.item
        + (before == ctx.payload() ? "" : " is another one now");
    });
  auto ada = f.app.connect();
  auto ref = ada.send("app::shop:keep", buy{long_name, 1});
  ada.call("app::shop:inline", buy{"something else in between", 1});
  ada.call<void>("app::stock:deliver", 1);
  CHECK(ada.expect_reply<std::string>(ref)
        == long_name + "app::shop:keep" + long_name);
}

TEST_CASE("a coroutine may take who asks, as its own") {
  fixture f;
  f.app.authenticate();
  f.app.strategies().add(
    "app::shop:mine", [](context ctx, user me, buy in) -> task<std::string> {
      co_await ctx.call_strategy<std::uint32_t>("app::stock:wait");
      co_return me.name + " wants " + in.item;
    });
  f.app.strategies().add("app::shop:name", [](user me) -> task<std::string> {
    co_return me.name;
  });
  auto ada = f.app.connect(user{.id = "1", .name = long_name});
  CHECK(ada.call<std::string>("app::shop:name") == long_name);
  auto ref = ada.send("app::shop:mine", buy{"tea", 1});
  ada.call<void>("app::stock:deliver", 1);
  CHECK(ada.expect_reply<std::string>(ref) == long_name + " wants tea");
  auto nobody = f.app.connect();
  nobody.expect_error(nobody.send("app::shop:mine", buy{"tea", 1}), 401);
}

TEST_CASE("a context that a coroutine hands on owns its text all the same") {
  fixture f;
  struct holder {
    context ctx;
  };
  f.app.strategies().add(
    "app::shop:move", [](context ctx) -> task<std::string> {
      holder mine{std::move(ctx)};
      auto& from = mine.ctx;
      co_await from.call_strategy<std::uint32_t>("app::stock:wait");
      co_return std::string{from.action()};
    });
  auto ada = f.app.connect();
  auto ref = ada.send("app::shop:move", buy{long_name, 1});
  ada.call("app::shop:inline", buy{"something else in between", 1});
  ada.call<void>("app::stock:deliver", 1);
  CHECK(ada.expect_reply<std::string>(ref) == "app::shop:move");
}

TEST_CASE("a coroutine is one of several messages of its actor") {
  // No state needs a lock: nothing else of the actor runs between two awaits.
  testing::app app;
  app.host(stock);
  struct counter_state {
    int inside = 0;
    int most = 0;
    std::vector<int> order;
  };
  app.host([](domain_actor<counter_state>* self) -> domain_behavior {
    return {on("app::count:up",
               [=](context ctx, int in) -> task<int> {
                 auto& state = self->state;
                 for (int i = 0; i < 3; ++i) {
                   state.most = std::max(state.most, ++state.inside);
                   state.order.push_back(in);
                   --state.inside;
                   co_await ctx.call_strategy<std::uint32_t>("app::stock:take",
                                                             0);
                 }
                 co_return state.most;
               }),
            on("app::count:order", [=] { return self->state.order; })};
  });
  auto ada = app.connect();
  auto first = ada.send("app::count:up", 1);
  auto second = ada.send("app::count:up", 2);
  CHECK(ada.expect_reply<int>(first) == 1);
  CHECK(ada.expect_reply<int>(second) == 1);
}

TEST_CASE("a call is made when it is written, and awaited when it is wanted") {
  fixture f;
  f.app.strategies().add("app::shop:two", [](context ctx) -> task<int> {
    auto first = ctx.call_strategy<std::uint32_t>("app::stock:take", 1);
    auto second = ctx.call_strategy<std::uint32_t>("app::stock:take", 1);
    // Its answer comes while the other one is awaited.
    auto b = co_await second;
    auto a = co_await first;
    auto again = co_await first;
    co_return a&& b ? static_cast<int>(*a * 100 + *b + (again ? 1000 : 0)) : -1;
  });
  f.app.strategies().add("app::shop:drop", [](context ctx) -> task<void> {
    ctx.call_strategy<std::uint32_t>("app::stock:take", 1).ignore();
    auto dropped = ctx.call_strategy<std::uint32_t>("app::stock:take", 1);
    co_return ok;
  });
  auto ada = f.app.connect();
  CHECK(ada.call<int>("app::shop:two") == 908);
  ada.call<void>("app::shop:drop");
  CHECK(ada.call<std::uint32_t>("app::stock:take", 0) == 6);
}

TEST_CASE("tasks await tasks") {
  fixture f;
  struct helper {
    static task<std::uint32_t> take(context& ctx, std::uint32_t count) {
      co_return co_await ctx.call_strategy<std::uint32_t>("app::stock:take",
                                                          count);
    }

    static task<std::uint32_t> sum(context& ctx) {
      std::uint32_t result = 0;
      for (std::uint32_t i = 0; i < 3; ++i)
        result += co_await take(ctx, i).or_throw();
      co_return result;
    }
  };
  f.app.strategies().add("app::shop:sum",
                         [](context ctx) -> task<std::uint32_t> {
                           auto sum = co_await helper::sum(ctx);
                           if (!sum)
                             co_return sum.error();
                           co_return *sum;
                         });
  f.app.strategies().add("app::shop:much",
                         [](context ctx) -> task<std::uint32_t> {
                           co_return co_await helper::take(ctx, 99).or_throw();
                         });
  auto ada = f.app.connect();
  CHECK(ada.call<std::uint32_t>("app::shop:sum") == 10 + 9 + 7);
  CHECK(ada.expect_error(ada.send("app::shop:much"), 409).message
        == "out of stock");
}

TEST_CASE("a loop of awaits that need not wait needs no stack") {
  testing::app app;
  struct helper {
    static task<int> one() {
      co_return 1;
    }

    static task<int> all() {
      int sum = 0;
      for (int i = 0; i < 300'000; ++i)
        sum += *co_await one();
      co_return sum;
    }
  };
  app.strategies().add("app::math:loop",
                       []() -> task<int> { co_return co_await helper::all(); });
  auto ada = app.connect();
  CHECK(ada.call<int>("app::math:loop") == 300'000);
}

TEST_CASE("a coroutine that runs off its end is an error") {
  testing::app app;
  // Clang warns of it (-Wreturn-type), g++ does not.
#if defined(__clang__)
#  pragma clang diagnostic push
#  pragma clang diagnostic ignored "-Wreturn-type"
#endif
  app.strategies().add("app::math:end", [](int in) -> task<int> {
    if (in > 0)
      co_return in;
  });
#if defined(__clang__)
#  pragma clang diagnostic pop
#endif
  auto ada = app.connect();
  CHECK(ada.call<int>("app::math:end", 1) == 1);
  ada.expect_error(ada.send("app::math:end", 0), 500);
}

TEST_CASE("a task that is not awaited never runs") {
  int runs = 0;
  testing::app app;
  app.strategies().add("app::math:drop", [&runs]() -> task<int> {
    auto other = [](int& count) -> task<int> { co_return ++count; };
    auto dropped = other(runs);
    co_return 7;
  });
  auto ada = app.connect();
  CHECK(ada.call<int>("app::math:drop") == 7);
  CHECK(runs == 0);
}

// -- waiting for oneself ------------------------------------------------------

TEST_CASE("a domain may await a strategy of its own") {
  testing::app app;
  app.host([](domain_actor<>*) -> domain_behavior {
    return {on("app::self:outer",
               [](context ctx) -> task<int> {
                 co_return co_await ctx.call_strategy<int>("app::self:inner");
               }),
            on("app::self:inner", [] { return 5; })};
  });
  auto ada = app.connect();
  CHECK(ada.call<int>("app::self:outer") == 5);
}

TEST_CASE("a strategy that awaits itself is told so") {
  testing::app app;
  auto ask_itself = [](context ctx) -> task<int> {
    co_return co_await ctx.call_strategy<int>(ctx.action());
  };
  app.strategies().add("app::self:inline", ask_itself);
  app.host([=](domain_actor<>*) -> domain_behavior {
    return {on("app::self:hosted", ask_itself)};
  });
  auto ada = app.connect();
  ada.expect_error(ada.send("app::self:inline"), 500);
  ada.expect_error(ada.send("app::self:hosted"), 500);
}

TEST_CASE("a domain that waits for itself in its own name is told so") {
  testing::app app;
  auto count = 0;
  // Without an end it would go on without one, each time with a new deadline.
  auto is_endless = [&count] { return ++count > 1000; };
  app.host([=](domain_actor<>* self) -> domain_behavior {
    return {on("app::self:at_once",
               [=]() -> task<int> {
                 if (is_endless())
                   co_return 0;
                 co_return co_await self->call_strategy<int>(
                   "app::self:at_once");
               }),
            on("app::self:later",
               [=](context ctx) -> task<int> {
                 if (is_endless())
                   co_return 0;
                 co_await sleep(ctx, 0ms);
                 co_return co_await self->call_strategy<int>("app::self:ask");
               }),
            on("app::self:ask", [=](context ctx) -> task<int> {
              co_return co_await ctx.call_strategy<int>("app::self:later");
            })};
  });
  auto ada = app.connect();
  ada.expect_error(ada.send("app::self:at_once"), 500);
  auto ref = ada.send("app::self:later");
  app.advance(1ms);
  ada.expect_error(ref, 500);
  CHECK(count < 200);
}

TEST_CASE("what a domain does later begins anew") {
  testing::app app;
  auto count = 0;
  app.host([&count](domain_actor<>* self) -> domain_behavior {
    return {on("app::self:tick", [=, &count] {
      if (++count < 200)
        self->after(0s, [=] {
          self->call_strategy<void>("app::self:tick").ignore();
        });
    })};
  });
  auto ada = app.connect();
  ada.call("app::self:tick");
  app.advance(1ms);
  CHECK(count == 200);
}

// -- the end ------------------------------------------------------------------

TEST_CASE("the deadline of a request ends what waits in it") {
  int alive = 0;
  std::vector<std::string> seen;
  fixture f;
  auto wait = [&](context ctx) -> task<std::uint32_t> {
    probe here{alive};
    auto got = co_await ctx.call_strategy<std::uint32_t>("app::stock:wait");
    seen.push_back(got ? "value" : code_of(got.error()));
    // What is awaited from now on is refused at once.
    auto more = co_await ctx.call_strategy<std::uint32_t>("app::stock:take", 1);
    seen.push_back(more ? "value" : code_of(more.error()));
    co_return got;
  };
  f.app.strategies().add("app::shop:inline_wait", wait);
  f.app.host([=](domain_actor<>*) -> domain_behavior {
    return {on("app::shop:hosted_wait", wait)};
  });
  auto ada = f.app.connect();
  for (auto name : {"app::shop:inline_wait", "app::shop:hosted_wait"}) {
    seen.clear();
    auto ref = ada.send(name);
    CHECK(alive == 1);
    f.app.advance(9s);
    CHECK(alive == 1);
    f.app.advance(1s);
    CHECK(alive == 0);
    CHECK(seen == std::vector<std::string>{"timeout", "timeout"});
    ada.expect_error(ref, 504);
    ada.expect_nothing();
  }
}

TEST_CASE("a frame goes with the connection that it belongs to") {
  int alive = 0;
  fixture f;
  f.app.strategies().add("app::shop:wait", [&](context ctx) -> task<int> {
    probe here{alive};
    co_await ctx.call_strategy<std::uint32_t>("app::stock:wait");
    co_return 1;
  });
  auto ada = f.app.connect();
  ada.send("app::shop:wait");
  ada.send("app::shop:wait");
  CHECK(alive == 2);
  ada.disconnect();
  CHECK(alive == 0);
  // What comes later finds nobody.
  f.app.connect().call<void>("app::stock:deliver", 1);
}

TEST_CASE("a frame goes before the state of its domain") {
  int alive = 0;
  std::vector<std::string> order;
  fixture f;
  struct told {
    ~told() {
      if (to != nullptr)
        to->push_back("state");
    }

    std::vector<std::string>* to = nullptr;
    std::string text = long_name;
  };
  struct guard {
    ~guard() {
      to.push_back("frame sees " + state.text);
    }

    std::vector<std::string>& to;
    told& state;
  };
  f.app.host([&](domain_actor<told>* self) -> domain_behavior {
    self->state.to = &order;
    return {
      on("app::told:wait",
         [=, &alive, &order](context ctx) -> task<int> {
           probe here{alive};
           guard last{order, self->state};
           co_await ctx.call_strategy<std::uint32_t>("app::stock:wait");
           co_return 1;
         }),
      on("app::told:quit", [=] { self->quit(caf::sec::runtime_error); }),
    };
  });
  auto ada = f.app.connect();
  auto ref = ada.send("app::told:wait");
  CHECK(alive == 1);
  ada.call<void>("app::told:quit");
  CHECK(alive == 0);
  CHECK(order == std::vector<std::string>{"frame sees " + long_name, "state"});
  ada.expect_error(ref, 503);
  CHECK(f.app.domains().restarts() == 1);
}

TEST_CASE("a coroutine may end its own actor") {
  int alive = 0;
  fixture f;
  f.app.host([&](domain_actor<>* self) -> domain_behavior {
    return {on("app::end:early",
               [=, &alive](context ctx) -> task<int> {
                 probe here{alive};
                 self->quit(caf::sec::runtime_error);
                 co_await ctx.call_strategy<std::uint32_t>("app::stock:wait");
                 co_return 1;
               }),
            on("app::end:late", [=, &alive](context ctx) -> task<int> {
              probe here{alive};
              co_await ctx.call_strategy<std::uint32_t>("app::stock:take", 1);
              self->quit(caf::sec::runtime_error);
              co_return 1;
            })};
  });
  auto ada = f.app.connect();
  ada.expect_error(ada.send("app::end:early"), 503);
  CHECK(alive == 0);
  CHECK(ada.call<int>("app::end:late") == 1);
  CHECK(alive == 0);
}

TEST_CASE("a handler outlives the strategy that it was") {
  int alive = 0;
  fixture f;
  f.app.on_open([&](client& who) {
    auto wait = [text = long_name,
                 here = probe{alive}](context ctx) -> task<std::string> {
      co_await ctx.call_strategy<std::uint32_t>("app::stock:wait");
      co_return text;
    };
    CHECK_FALSE(who.subscribe("app::mine:wait", wait));
    CHECK_FALSE(who.subscribe("app::mine:drop", [](context& ctx) {
      require_actor<websocket_client>(ctx)->unsubscribe("app::mine:wait");
    }));
  });
  auto ada = f.app.connect();
  CHECK(alive == 1);
  auto ref = ada.send("app::mine:wait");
  ada.call<void>("app::mine:drop");
  ada.expect_error(ada.send("app::mine:wait"), 404);
  CHECK(alive == 1);
  ada.call<void>("app::stock:deliver", 1);
  CHECK(ada.expect_reply<std::string>(ref) == long_name);
  CHECK(alive == 0);
}

TEST_CASE("an actor that is not ours cannot wait in a coroutine") {
  testing::actor_fixture f;
  f.adopt(host(f.services, {}, stock));
  f.strategies.add("app::test:wait", [](context ctx) -> task<std::uint32_t> {
    co_return co_await ctx.call_strategy<std::uint32_t>("app::stock:take", 1);
  });
  caf::error got;
  f.system.spawn([&f, &got](caf::event_based_actor* self) {
    acting_actor who{caf::actor_cast<caf::actor>(self), backend_claims()};
    context ctx{{&who, "test", "null", self->clock().now() + 1s, self,
                 &f.services, nullptr}};
    ctx.call_strategy<std::uint32_t>("app::test:wait")
      .then([](std::uint32_t) {},
            [&got](caf::error why) { got = std::move(why); });
  });
  f.run();
  CHECK(status_of(got) == 500);
  CHECK(trace_of(got).find("app.backend()") != std::string::npos);
}
