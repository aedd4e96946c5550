#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <caf/event_based_actor.hpp>

#include "flamigo/blocking/blocking.hpp"
#include "flamigo/client/client.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/strategy/call.hpp"
#include "flamigo/task/callback.hpp"
#include "flamigo/task/request.hpp"
#include "flamigo/task/sleep.hpp"
#include "flamigo/task/when_all.hpp"
#include "flamigo/task/when_any.hpp"
#include "flamigo/testing/app.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

/// What has happened, in its order.
using diary = std::shared_ptr<std::vector<std::string>>;

/// Told of a frame.
struct witness {
  witness(diary to, std::string name)
    : log(std::move(to)), who(std::move(name)) {
  }

  witness(const witness&) = delete;

  witness& operator=(const witness&) = delete;

  ~witness() {
    log->push_back(who + " has gone");
  }

  diary log;
  std::string who;
};

template <class T>
void note(const diary& log, const std::string& who, const caf::expected<T>& x) {
  log->push_back(who + ": " + (x ? "done" : code_of(x.error())));
}

/// The lowest floor: sleeps.
domain_behavior cellar(domain_actor<>*, diary log) {
  return {
    on("app::cellar:wait",
       [=](context ctx) -> task<void> {
         witness here{log, "cellar"};
         note(log, "cellar", co_await sleep(ctx, 5s));
         co_return ok;
       }),
    on("app::cellar:begun", [=] { log->push_back("cellar: begun"); }),
  };
}

/// The one above: asks the cellar.
domain_behavior kitchen(domain_actor<>*, diary log) {
  return {
    on("app::kitchen:cook",
       [=](context ctx) -> task<void> {
         witness here{log, "kitchen"};
         note(log, "kitchen",
              co_await ctx.call_strategy<void>("app::cellar:wait"));
         co_return ok;
       }),
  };
}

struct fixture {
  fixture() {
    app.host(cellar, log);
    app.host(kitchen, log);
    auto order = [log = log](context ctx) -> task<void> {
      note(log, "order", co_await ctx.call_strategy<void>("app::kitchen:cook"));
      co_return ok;
    };
    app.strategies().add("app::house:order", order);
  }

  std::vector<std::string> read() {
    return std::exchange(*log, {});
  }

  diary log = std::make_shared<std::vector<std::string>>();
  testing::app app;
};

task<std::string> wait(context ctx) {
  auto slept = co_await sleep(ctx, 5s);
  co_return slept ? "slept" : code_of(slept.error());
}

using lines = std::vector<std::string>;

} // namespace

// -- what the client reads ----------------------------------------------------

TEST_CASE("a request that is cancelled has one reply, and then the answer") {
  testing::app app;
  app.strategies().add("app::test:wait", wait);
  auto ada = app.connect();
  auto ref = ada.send("app::test:wait");
  ada.say(R"({"topic":"app::websocket:cancel","payload":{"ackId":1},)"
          R"("ackId":2})");
  auto heard = ada.heard();
  REQUIRE(heard.size() == 2);
  CHECK(heard[0]
        == R"({"topic":"error","payload":{"message":"this was cancelled",)"
           R"("status":499,"code":"cancelled"},"ackId":1})");
  CHECK(heard[1]
        == R"({"topic":"app::websocket:cancel","payload":{"cancelled":true},)"
           R"("ackId":2})");
  CHECK_FALSE(ada.cancel(ref));
  app.advance(20s);
  ada.expect_nothing();
}

// -- down the chain -----------------------------------------------------------

TEST_CASE("a call is cancelled down to what waits in it") {
  fixture f;
  auto ada = f.app.connect();
  auto ref = ada.send("app::house:order");
  CHECK(f.read().empty());
  CHECK(ada.cancel(ref));
  ada.expect_error(ref, 499);
  f.app.run();
  CHECK(f.read()
        == lines{"order: cancelled", "kitchen: cancelled", "kitchen has gone",
                 "cellar: cancelled", "cellar has gone"});
  f.app.advance(20s);
  CHECK(f.read().empty());
  ada.expect_nothing();
}

TEST_CASE("what waits for its domain never begins") {
  fixture f;
  auto ada = f.app.connect();
  ada.say(R"({"topic":"app::cellar:begun","ackId":1})");
  ada.say(R"({"topic":"app::websocket:cancel","payload":{"ackId":1}})");
  CHECK(ada.heard().size() == 1);
  f.app.run();
  CHECK(f.read().empty());
  ada.expect_nothing();
  ada.call<void>("app::cellar:begun");
  CHECK(f.read() == lines{"cellar: begun"});
}

TEST_CASE("a client that goes cancels what it has asked for") {
  fixture f;
  auto ada = f.app.connect();
  ada.send("app::house:order");
  ada.disconnect();
  CHECK(f.read()
        == lines{"order: cancelled", "kitchen: cancelled", "kitchen has gone",
                 "cellar: cancelled", "cellar has gone"});
}

TEST_CASE("what a client has not asked an answer of is finished without it") {
  fixture f;
  auto ada = f.app.connect();
  ada.say(R"({"topic":"app::kitchen:cook"})");
  f.app.run();
  ada.disconnect();
  CHECK(f.read().empty());
  f.app.advance(5s);
  CHECK(f.read()
        == lines{"cellar: done", "cellar has gone", "kitchen: done",
                 "kitchen has gone"});
}

TEST_CASE("at its deadline a call ends with what it has called") {
  fixture f;
  f.app.strategies().add(
    "app::house:quick", [log = f.log](context ctx) -> task<void> {
      auto patience = ctx.keep(2s);
      note(log, "quick",
           co_await patience.call_strategy<void>("app::cellar:wait"));
      co_return ok;
    });
  auto ada = f.app.connect();
  ada.send("app::house:quick");
  f.app.advance(2s);
  CHECK(f.read()
        == lines{"quick: timeout", "cellar: timeout", "cellar has gone"});
}
