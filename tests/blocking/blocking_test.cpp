#include "flamigo/blocking/blocking.hpp"

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <caf/send.hpp>

#include "flamigo/domain/domain_actor.hpp"
#include "flamigo/testing/app.hpp"
#include "support/thrown.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::log_capture;
using test::logged;
using test::strings;

namespace {

/// What can be moved only, as the handle of a database is.
using handle = std::unique_ptr<int>;

struct desk_state {
  strings done;
};

domain_behavior desk(domain_actor<desk_state>* self) {
  return {
    on("app::desk:find",
       [=](context& ctx, int in) {
         auto promise = ctx.make_promise<int>();
         blocking(ctx, [in] { return std::make_unique<int>(2 * in); })
           .then(
             [=](handle found) mutable {
               self->state.done.push_back("found");
               promise.deliver(*found);
             },
             [=](caf::error why) mutable { promise.deliver(why); });
         self->state.done.push_back("asked");
         return promise;
       }),
    on("app::desk:done", [=] { return self->state.done; }),
    on("app::desk:by_itself",
       [=] {
         blocking(self, [] { return std::string{"by itself"}; })
           .then([=](const std::string& x) { self->state.done.push_back(x); },
                 [](const caf::error&) {});
       }),
  };
}

/// An actor that asks, where neither it nor what blocks runs by itself.
struct asking : testing::actor_fixture {
  asking() {
    adopt(who = system.spawn([this](caf::event_based_actor* self) {
      return caf::behavior{[this, self](caf::tick_atom) { ask(self); }};
    }));
    scheduler.run();
  }

  ~asking() {
    end();
  }

  void ask(caf::event_based_actor* self) {
    blocking(self, what, [this, kept = witness] { ++ran; })
      .then([this] { heard.push_back("done"); },
            [this](const caf::error& why) { heard.push_back(code_of(why)); });
  }

  /// Lets the actor ask, but not the function run.
  void ask() {
    caf::anon_send(who, caf::tick_atom::value);
    scheduler.run();
  }

  blocking_pool small{{.threads = 0, .max_queued = 2}};
  flamigo::services what{system, strategies, bus, domains, small};
  caf::actor who;
  /// Known to the functions that wait.
  std::shared_ptr<int> witness = std::make_shared<int>(0);
  int ran = 0;
  strings heard;
};

} // namespace

// -- the result ---------------------------------------------------------------

TEST_CASE("a strategy answers with what blocking work returns") {
  testing::app app;
  app.strategies().add("app::test:value", [](context& ctx, int in) {
    return blocking(ctx, [in] { return in + 1; }).answer(ctx);
  });
  app.strategies().add("app::test:nothing", [](context& ctx) {
    return blocking(ctx, [] {}).answer(ctx);
  });
  app.strategies().add("app::test:expected", [](context& ctx, bool good) {
    return blocking(ctx,
                    [good]() -> caf::expected<std::string> {
                      if (good)
                        return std::string{"found"};
                      return public_error("none", 404, "nothing_there");
                    })
      .answer(ctx);
  });
  app.strategies().add("app::test:error", [](context& ctx, bool good) {
    return blocking(ctx,
                    [good] {
                      return good ? caf::error{} : make_error(errc::conflict);
                    })
      .answer(ctx);
  });
  auto ada = app.connect();
  CHECK(ada.call<int>("app::test:value", 1) == 2);
  ada.call<void>("app::test:nothing");
  CHECK(ada.call<std::string>("app::test:expected", true) == "found");
  CHECK(ada.expect_error(ada.send("app::test:expected", false), 404).code
        == "nothing_there");
  ada.call<void>("app::test:error", true);
  ada.expect_error(ada.send("app::test:error", false), 409);
}

TEST_CASE("what blocking work throws is its error") {
  static void (*raise)() = nullptr;
  for (auto& what : test::all_thrown) {
    INFO(what.name);
    raise = what.raise;
    log_capture log;
    testing::app app;
    app.strategies().add("app::test:throw", [](context& ctx) {
      return blocking(ctx, [] { raise(); }).answer(ctx);
    });
    auto ada = app.connect();
    CHECK(ada.expect_error(ada.send("app::test:throw"), 500).message
          == "internal error");
    CHECK(logged(log, "blocking work: " + what.text) == 1);
  }
}

TEST_CASE("what follows blocking work may throw, and the call is answered") {
  log_capture log;
  testing::app app;
  app.strategies().add("app::test:after", [](context& ctx) {
    auto promise = ctx.make_promise<int>();
    blocking(ctx, [] { return 1; })
      .then([promise](int) { throw std::runtime_error{"out of paper"}; },
            [](const caf::error&) {});
    return promise;
  });
  auto ada = app.connect();
  ada.expect_error(ada.send("app::test:after"), 500);
  CHECK(logged(log, "what follows blocking work: exception: out of paper")
        == 1);
}

TEST_CASE("a domain has the result among its messages, and moves it") {
  testing::app app;
  app.host(desk);
  auto ada = app.connect();
  CHECK(ada.call<int>("app::desk:find", 4) == 8);
  ada.call<void>("app::desk:by_itself");
  CHECK(ada.call<strings>("app::desk:done")
        == strings{"asked", "found", "by itself"});
}

TEST_CASE("functions and what they capture are moved") {
  testing::app app;
  app.strategies().add("app::test:move", [](context& ctx) {
    auto promise = ctx.make_promise<int>();
    blocking(ctx,
             [x = std::make_unique<int>(1)]() mutable { return std::move(x); })
      .then([promise, y = std::make_unique<int>(2)](
              handle x) mutable { promise.deliver(*x + *y); },
            [z = std::make_unique<int>(3)](const caf::error&) {});
    return promise;
  });
  CHECK(app.connect().call<int>("app::test:move") == 3);
}

// -- bounds -------------------------------------------------------------------

TEST_CASE("what does not fit the queue is refused at once") {
  asking f;
  for (auto i = 0; i < 3; ++i)
    f.ask();
  CHECK(f.heard == strings{"unavailable"});
  CHECK(f.small.queued() == 2);
  CHECK(f.small.run_one());
  f.scheduler.run();
  CHECK(f.heard == strings{"unavailable", "done"});
  // There is room again.
  f.ask();
  CHECK(f.small.queued() == 2);
  while (f.small.run_one())
    f.scheduler.run();
  CHECK(f.ran == 3);
}

TEST_CASE("what has not begun is taken back when its actor ends") {
  asking f;
  f.ask();
  f.ask();
  CHECK(f.witness.use_count() == 3);
  CHECK(f.small.run_one());
  caf::anon_send_exit(f.who, caf::exit_reason::kill);
  f.scheduler.run();
  CHECK(f.small.queued() == 0);
  CHECK(f.witness.use_count() == 1);
  CHECK(f.ran == 1);
}

TEST_CASE("nobody waits longer than the call may last") {
  asking f;
  strings heard;
  f.strategies.add("app::test:slow", [&](context& ctx) {
    blocking(ctx, [kept = f.witness] {})
      .then([&] { heard.push_back("done"); },
            [&](const caf::error& why) { heard.push_back(code_of(why)); });
  });
  backend caller{f.what, 10s};
  f.adopt(caller.handle());
  auto answer = caller.call_async("app::test:slow");
  f.scheduler.run();
  CHECK(f.small.queued() == 1);
  auto timers = f.scheduler.clock().schedule().size();
  f.scheduler.advance_time(11s);
  f.scheduler.run();
  CHECK(heard == strings{"timeout"});
  CHECK(f.small.queued() == 0);
  CHECK(f.witness.use_count() == 1);
  // An answer leaves no timer of its own behind.
  answer = caller.call_async("app::test:slow");
  f.scheduler.run();
  CHECK(f.small.run_one());
  f.scheduler.run();
  CHECK(heard == strings{"timeout", "done"});
  CHECK(f.scheduler.clock().schedule().size() <= timers);
}

TEST_CASE("a pool that stops refuses what waits and what comes") {
  asking f;
  f.ask();
  f.small.stop();
  f.scheduler.run();
  f.ask();
  CHECK(f.heard == strings{"unavailable", "unavailable"});
  CHECK(f.ran == 0);
}
