#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <caf/event_based_actor.hpp>

#include "flamigo/blocking/blocking.hpp"
#include "flamigo/client/client.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/strategy/call.hpp"
#include "flamigo/task/callback.hpp"
#include "flamigo/task/on_cancel.hpp"
#include "flamigo/task/request.hpp"
#include "flamigo/task/sleep.hpp"
#include "flamigo/task/when_all.hpp"
#include "flamigo/task/when_any.hpp"
#include "flamigo/testing/app.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

using lines = std::vector<std::string>;

/// What has happened, in its order.
using diary = std::shared_ptr<lines>;

/// Told of whoever owns it.
struct witness {
  witness(diary to, std::string name)
    : log(std::move(to)), who(std::move(name)) {
  }

  witness(witness&&) = default;

  witness& operator=(const witness&) = delete;

  ~witness() {
    if (log)
      log->push_back(who + " has gone");
  }

  diary log;
  std::string who;
};

template <class T>
std::string outcome(const caf::expected<T>& x) {
  return x ? "done" : code_of(x.error());
}

template <class T>
void note(const diary& log, const std::string& who, const caf::expected<T>& x) {
  log->push_back(who + ": " + outcome(x));
}

struct depot_state {
  std::uint32_t left = 3;
};

/// Strategies that are called by those which are cancelled.
domain_behavior depot(domain_actor<depot_state>* self, diary log) {
  return {
    on("app::depot:wait",
       [=](context ctx, std::string who) -> task<void> {
         note(log, who, co_await sleep(ctx, 5s));
         co_return ok;
       }),
    on("app::depot:take", [=] { return --self->state.left; }),
    on("app::depot:give_back", [=] { return ++self->state.left; }),
    on("app::depot:left", [=] { return self->state.left; }),
    on("app::depot:quit", [=] { self->quit(caf::sec::runtime_error); }),
  };
}

caf::behavior silent_bank(caf::event_based_actor* self) {
  return {[self](int) { return self->make_response_promise<int>(); }};
}

struct fixture {
  fixture() : bank(app.system().spawn(silent_bank)) {
    app.adopt(bank);
    app.host(depot, log);
  }

  /// Runs it inline and in a domain, cancels it, and returns what has happened.
  template <class F>
  lines cancel(F handler) {
    auto name = "app::test" + std::to_string(++count) + ":";
    app.strategies().add(name + "inline", handler);
    app.host([=](domain_actor<>*) -> domain_behavior {
      return {on(name + "hosted", handler)};
    });
    auto ada = app.connect();
    auto first = cancel_one(ada, name + "inline");
    auto second = cancel_one(ada, name + "hosted");
    CHECK(first == second);
    app.advance(20s);
    CHECK(log->empty());
    ada.expect_nothing();
    return first;
  }

  lines cancel_one(testing::fake_client& who, const std::string& name) {
    auto ref = who.send(name);
    CHECK(log->empty());
    CHECK(who.cancel(ref));
    who.expect_error(ref, 499);
    app.run();
    return read();
  }

  lines read() {
    return std::exchange(*log, {});
  }

  diary log = std::make_shared<lines>();
  testing::app app;
  caf::actor bank;
  int count = 0;
};

} // namespace

// -- what waits in a coroutine ------------------------------------------------

TEST_CASE("whatever a coroutine waits for is cancelled") {
  fixture f;
  auto log = f.log;
  auto bank = f.bank;
  CHECK(f.cancel([=](context ctx) -> task<void> {
    note(log, "sleep", co_await sleep(ctx, 5s));
    co_return ok;
  }) == lines{"sleep: cancelled"});
  CHECK(f.cancel([=](context ctx) -> task<void> {
    note(log, "bank", co_await request<int>(ctx, bank, 5s, 1));
    co_return ok;
  }) == lines{"bank: cancelled"});
  CHECK(f.cancel([=](context ctx) -> task<void> {
    auto call = ctx.call_strategy<void>("app::depot:wait",
                                        std::string{"depot"});
    note(log, "call", co_await call);
    co_return ok;
  }) == lines{"call: cancelled", "depot: cancelled"});
  auto kept = std::make_shared<std::vector<resolver<int>>>();
  CHECK(f.cancel([=](context ctx) -> task<void> {
    auto begin = [kept](resolver<int> done) { kept->push_back(done); };
    note(log, "callback", co_await callback<int>(ctx, begin));
    co_return ok;
  }) == lines{"callback: cancelled"});
  kept->clear();
}

TEST_CASE("all of what a coroutine waits for is cancelled") {
  fixture f;
  auto log = f.log;
  auto bank = f.bank;
  CHECK(f.cancel([=](context ctx) -> task<void> {
    auto a = ctx.call_strategy<void>("app::depot:wait", std::string{"first"});
    auto b = ctx.call_strategy<void>("app::depot:wait", std::string{"second"});
    auto [x, y, z] = co_await when_all(std::move(a), std::move(b),
                                       request<int>(ctx, bank, 5s, 1));
    note(log, "a", x);
    note(log, "b", y);
    note(log, "bank", z);
    co_return ok;
  })
        == lines{"a: cancelled", "b: cancelled", "bank: cancelled",
                 "first: cancelled", "second: cancelled"});
  // Also those that would be let go of because one has ended.
  CHECK(f.cancel([=](context ctx) -> task<void> {
    auto a = ctx.call_strategy<void>("app::depot:wait", std::string{"first"});
    auto b = ctx.call_strategy<void>("app::depot:wait", std::string{"second"});
    auto one = co_await when_any(std::move(a), std::move(b));
    std::visit([&](auto& x) { note(log, "any", x); }, one);
    co_return ok;
  }) == lines{"any: cancelled", "first: cancelled", "second: cancelled"});
}

TEST_CASE("a call that is pending is cancelled with its call") {
  fixture f;
  auto log = f.log;
  CHECK(f.cancel([=](context ctx) -> task<void> {
    auto early = ctx.call_strategy<void>("app::depot:wait",
                                         std::string{"depot"});
    note(log, "sleep", co_await sleep(ctx, 1s));
    note(log, "early", co_await early);
    co_return ok;
  }) == lines{"sleep: cancelled", "early: cancelled", "depot: cancelled"});
}

TEST_CASE("a call that nobody wants to know of is not cancelled") {
  fixture f;
  f.app.strategies().add(
    "app::test:careless", [log = f.log](context ctx) -> task<void> {
      ctx.call_strategy<void>("app::depot:wait", std::string{"depot"}).ignore();
      note(log, "careless", co_await sleep(ctx, 1s));
      co_return ok;
    });
  auto ada = f.app.connect();
  CHECK(f.cancel_one(ada, "app::test:careless")
        == lines{"careless: cancelled"});
  f.app.advance(5s);
  CHECK(f.read() == lines{"depot: done"});
}

TEST_CASE("what is called when it was cancelled does not begin") {
  fixture f;
  auto log = f.log;
  auto bank = f.bank;
  CHECK(f.cancel([=](context ctx) -> task<void> {
    CHECK_FALSE(ctx.cancelled());
    co_await sleep(ctx, 1s);
    CHECK(ctx.cancelled());
    CHECK(context{ctx}.as_program().cancelled());
    CHECK_FALSE(ctx.keep().cancelled());
    note(log, "take",
         co_await ctx.call_strategy<std::uint32_t>("app::depot:take"));
    note(log, "bank", co_await request<int>(ctx, bank, 5s, 1));
    auto work = [log] { log->push_back("work"); };
    note(log, "blocking", co_await blocking(ctx, work));
    co_return ok;
  }) == lines{"take: cancelled", "bank: cancelled", "blocking: cancelled"});
  CHECK(f.app.backend().call<std::uint32_t>("app::depot:left") == 3u);
}

TEST_CASE("what was kept is done in spite of it") {
  fixture f;
  auto bank = f.bank;
  f.app.host([=](domain_actor<>*) -> domain_behavior {
    return {on("app::shop:buy", [=](context ctx) -> task<void> {
      auto left = co_await ctx.call_strategy<std::uint32_t>("app::depot:take");
      if (!left)
        co_return left.error();
      auto paid = co_await request<int>(ctx, bank, 5s, 1);
      if (!paid) {
        ctx.keep().call_strategy<void>("app::depot:give_back").ignore();
        co_return paid.error();
      }
      co_return ok;
    })};
  });
  auto ada = f.app.connect();
  auto ref = ada.send("app::shop:buy");
  CHECK(ada.call<std::uint32_t>("app::depot:left") == 2);
  CHECK(ada.cancel(ref));
  ada.expect_error(ref, 499);
  CHECK(ada.call<std::uint32_t>("app::depot:left") == 3);
}

// -- what is called inside of the same actor ----------------------------------

TEST_CASE("inline calls are cancelled inside of one another") {
  fixture f;
  auto log = f.log;
  f.app.strategies().add("app::nest:inner", [log](context ctx) -> task<void> {
    witness here{log, "inner"};
    note(log, "inner", co_await sleep(ctx, 5s));
    co_return ok;
  });
  f.app.strategies().add("app::nest:outer", [log](context ctx) -> task<void> {
    witness here{log, "outer"};
    note(log, "outer", co_await ctx.call_strategy<void>("app::nest:inner"));
    co_return ok;
  });
  auto ada = f.app.connect();
  CHECK(f.cancel_one(ada, "app::nest:outer")
        == lines{"inner: cancelled", "inner has gone", "outer: cancelled",
                 "outer has gone"});
}

TEST_CASE("a connection may end while one of its calls is cancelled") {
  fixture f;
  auto log = f.log;
  f.app.strategies().add("app::nest:inner",
                         [log](context ctx, client who) -> task<void> {
                           witness here{log, "inner"};
                           note(log, "inner", co_await sleep(ctx, 5s));
                           who.close({close_code::kicked, "enough"});
                           co_return ok;
                         });
  f.app.strategies().add("app::nest:outer", [log](context ctx) -> task<void> {
    witness here{log, "outer"};
    auto inner = ctx.call_strategy<void>("app::nest:inner");
    note(log, "outer", co_await inner);
    co_return ok;
  });
  auto ada = f.app.connect();
  auto ref = ada.send("app::nest:outer");
  ada.say(R"({"topic":"app::websocket:cancel","payload":{"ackId":)"
          + std::to_string(ref) + "}}");
  f.app.run();
  ada.expect_close(close_code::kicked);
  CHECK(f.read()
        == lines{"inner: cancelled", "inner has gone", "outer: cancelled",
                 "outer has gone"});
}

// -- what follows by functions ------------------------------------------------

TEST_CASE("functions that follow a call are told that it is cancelled") {
  fixture f;
  auto log = f.log;
  auto chain = [log](context& ctx) {
    auto answer = ctx.make_promise<std::uint32_t>();
    ctx.call_strategy<std::uint32_t>("app::depot:left")
      .then(
        [=, ctx = context{ctx}](std::uint32_t left) mutable {
          ctx.call_strategy<void>("app::depot:wait", std::string{"depot"})
            .then([=]() mutable { answer.deliver(left); },
                  [=](caf::error why) mutable {
                    log->push_back("then: " + code_of(why));
                    answer.deliver(std::move(why));
                  });
        },
        [=](caf::error why) mutable { answer.deliver(std::move(why)); });
    return answer;
  };
  CHECK(f.cancel(chain) == lines{"then: cancelled", "depot: cancelled"});
}

TEST_CASE("a promise may be made behind the call that it waits for") {
  fixture f;
  auto log = f.log;
  auto late = [log](context& ctx) {
    auto call = ctx.call_strategy<void>("app::depot:wait",
                                        std::string{"depot"});
    auto answer = ctx.make_promise<void>();
    std::move(call).then([=]() mutable { answer.deliver(); },
                         [=](caf::error why) mutable {
                           log->push_back("then: " + code_of(why));
                           answer.deliver(std::move(why));
                         });
    return answer;
  };
  CHECK(f.cancel(late) == lines{"then: cancelled", "depot: cancelled"});
}

TEST_CASE("what an answered call goes on with is not cancelled") {
  fixture f;
  auto log = f.log;
  f.app.strategies().add("app::test:quick", [log](context& ctx) {
    ctx.call_strategy<void>("app::depot:wait", std::string{"depot"})
      .then([=] { log->push_back("then: done"); },
            [=](const caf::error& why) {
              log->push_back("then: " + code_of(why));
            });
  });
  auto ada = f.app.connect();
  auto ref = ada.send("app::test:quick");
  CHECK_FALSE(ada.cancel(ref));
  f.app.advance(5s);
  CHECK(f.read() == lines{"depot: done", "then: done"});
}

// -- blocking work ------------------------------------------------------------

TEST_CASE("blocking work that has not begun never begins") {
  fixture f;
  auto log = f.log;
  auto add = [&](const char* name, auto handler) {
    f.app.strategies().add(name, handler);
  };
  add("app::work:task", [log](context ctx) -> task<void> {
    auto work = blocking(ctx, [log] { log->push_back("work"); });
    note(log, "task", co_await work);
    co_return ok;
  });
  add("app::work:then", [log](context& ctx) {
    auto answer = ctx.make_promise<void>();
    blocking(ctx, [log] { log->push_back("work"); })
      .then([=]() mutable { answer.deliver(); },
            [=](caf::error why) mutable {
              log->push_back("then: " + code_of(why));
              answer.deliver(std::move(why));
            });
    return answer;
  });
  auto ada = f.app.connect();
  // Blocking work runs when the actors have nothing to do.
  auto cancel = [&](const char* name) {
    ada.say(R"({"topic":")" + std::string{name} + R"(","ackId":7})");
    ada.say(R"({"topic":"app::websocket:cancel","payload":{"ackId":7}})");
    f.app.run();
    CHECK(ada.heard().size() == 1);
    return f.read();
  };
  CHECK(cancel("app::work:task") == lines{"task: cancelled"});
  CHECK(cancel("app::work:then") == lines{"then: cancelled"});
}

// -- on_cancel ----------------------------------------------------------------

TEST_CASE("a function is called when a call is cancelled, before it goes on") {
  fixture f;
  auto log = f.log;
  auto told = [log](context ctx) -> task<void> {
    ctx.on_cancel([here = std::make_shared<witness>(log, "hook")] {
      here->log->push_back("hook: called");
    });
    auto other = ctx.on_cancel([log] { log->push_back("hook: wrong"); });
    CHECK(other.pending());
    other.end();
    CHECK_FALSE(other.pending());
    note(log, "task", co_await sleep(ctx, 1s));
    ctx.on_cancel([log] { log->push_back("hook: late"); });
    ctx.keep().on_cancel([log] { log->push_back("hook: wrong"); });
    co_return ok;
  };
  CHECK(
    f.cancel(told)
    == lines{"hook: called", "hook has gone", "task: cancelled", "hook: late"});
}

TEST_CASE("a function for the cancellation is freed with its call") {
  fixture f;
  auto log = f.log;
  auto hold = [log](const context& ctx) {
    // It owns the context, too.
    ctx.on_cancel(
      [ctx = context{ctx}, here = std::make_shared<witness>(log, "hook")] {});
  };
  auto promises = std::make_shared<std::vector<response_promise<void>>>();
  auto answered = [=](context& ctx) { hold(ctx); };
  auto awaited = [=](context ctx) -> task<void> {
    hold(ctx);
    co_await sleep(ctx, 1s);
    co_return ok;
  };
  auto before = [=](context& ctx) {
    promises->push_back(ctx.make_promise<void>());
    hold(ctx);
    return promises->back();
  };
  auto behind = [=](context& ctx) {
    hold(ctx);
    promises->push_back(ctx.make_promise<void>());
    hold(ctx);
    return promises->back();
  };
  f.app.strategies().add("app::hook:answered", answered);
  f.app.strategies().add("app::hook:awaited", awaited);
  f.app.strategies().add("app::hook:before", before);
  f.app.strategies().add("app::hook:behind", behind);
  f.app.host([=](domain_actor<>*) -> domain_behavior {
    return {on("app::hosted:answered", answered),
            on("app::hosted:awaited", awaited),
            on("app::hosted:before", before), on("app::hosted:behind", behind)};
  });
  auto ada = f.app.connect();
  for (std::string home : {"app::hook:", "app::hosted:"}) {
    ada.call<void>(home + "answered");
    CHECK(f.read() == lines{"hook has gone"});
    auto ref = ada.send(home + "awaited");
    CHECK(f.read().empty());
    f.app.advance(1s);
    ada.expect_reply<void>(ref);
    CHECK(f.read() == lines{"hook has gone"});
    for (auto name : {"before", "behind"}) {
      ref = ada.send(home + name);
      CHECK(f.read().empty());
      promises->back().deliver();
      promises->clear();
      ada.expect_reply<void>(ref);
      f.app.run();
      CHECK(f.read().size() == (name == std::string{"before"} ? 1 : 2));
    }
  }
  // With the actor, if it ends before.
  ada.send("app::hook:before");
  ada.disconnect();
  CHECK(f.read() == lines{"hook has gone"});
  promises->clear();
}

TEST_CASE("a promise of what is cancelled may be delivered by its function") {
  fixture f;
  auto log = f.log;
  CHECK(f.cancel([log](context& ctx) {
    auto answer = ctx.make_promise<void>();
    ctx.on_cancel([=]() mutable {
      log->push_back("stopped");
      answer.deliver();
    });
    return answer;
  }) == lines{"stopped"});
}

// -- detached -----------------------------------------------------------------

TEST_CASE("what is detached goes on when who has called it is cancelled") {
  fixture f;
  auto log = f.log;
  auto pay = [log](context ctx) -> task<void> {
    auto call = ctx.call_strategy<void>("app::depot:wait",
                                        std::string{"depot"});
    note(log, "pay", co_await call);
    CHECK_FALSE(ctx.cancelled());
    co_return ok;
  };
  f.app.host([=](domain_actor<>*) -> domain_behavior {
    return {on("app::bank:pay", pay).detached()};
  });
  CHECK(f.app.strategies().find("app::bank:pay")->info().detached);
  CHECK_FALSE(f.app.strategies().find("app::depot:wait")->info().detached);
  f.app.strategies().add("app::shop:buy", [log](context ctx) -> task<void> {
    note(log, "buy", co_await ctx.call_strategy<void>("app::bank:pay"));
    co_return ok;
  });
  auto ada = f.app.connect();
  CHECK(f.cancel_one(ada, "app::shop:buy") == lines{"buy: cancelled"});
  f.app.advance(5s);
  CHECK(f.read() == lines{"depot: done", "pay: done"});
  // The client's end is no reason either.
  ada.send("app::bank:pay");
  ada.disconnect();
  f.app.advance(5s);
  CHECK(f.read() == lines{"depot: done", "pay: done"});
}

// -- time ---------------------------------------------------------------------

TEST_CASE("a call of the backend that takes too long ends") {
  fixture f;
  auto log = f.log;
  f.app.strategies().add("app::test:slow", [log](context ctx) -> task<void> {
    note(log, "slow", co_await sleep(ctx, 1h));
    co_return ok;
  });
  f.app.host([=](domain_actor<>*) -> domain_behavior {
    return {on("app::test:promise", [log](context& ctx) {
      auto answer = ctx.make_promise<void>();
      ctx.on_cancel([=]() mutable {
        log->push_back("promise: stopped");
        answer.deliver();
      });
      return answer;
    })};
  });
  auto slow = f.app.backend().call_async("app::test:slow");
  auto promise = f.app.backend().call_async("app::test:promise");
  f.app.advance(10s);
  CHECK(slow.get().error() == errc::timeout);
  CHECK(promise.get().error() == errc::timeout);
  CHECK(f.read() == lines{"slow: timeout", "promise: stopped"});
}

TEST_CASE("what a function waits for too long is cancelled") {
  fixture f;
  auto log = f.log;
  f.app.strategies().add("app::test:impatient", [log](context& ctx) {
    auto answer = ctx.make_promise<void>();
    auto brief = ctx.keep(1s);
    brief.call_strategy<void>("app::depot:wait", std::string{"depot"})
      .then([=]() mutable { answer.deliver(); },
            [=](caf::error why) mutable { answer.deliver(std::move(why)); });
    return answer;
  });
  auto ada = f.app.connect();
  auto ref = ada.send("app::test:impatient");
  f.app.advance(1s);
  ada.expect_error(ref, 504);
  CHECK(f.read() == lines{"depot: timeout"});
}

// -- who is not there ---------------------------------------------------------

TEST_CASE("a domain that was restarted knows nothing of what is cancelled") {
  fixture f;
  auto ada = f.app.connect();
  auto ref = ada.send("app::depot:wait", std::string{"depot"});
  // It has not begun when the domain falls.
  ada.say(R"({"topic":"app::depot:quit"})");
  ada.say(R"({"topic":"app::depot:wait","payload":"late","ackId":77})");
  ada.say(R"({"topic":"app::websocket:cancel","payload":{"ackId":)"
          + std::to_string(ref) + "}}");
  ada.say(R"({"topic":"app::websocket:cancel","payload":{"ackId":77}})");
  f.app.advance(20s);
  CHECK(ada.heard().size() == 2);
  CHECK(f.read() == lines{"depot: cancelled"});
}
