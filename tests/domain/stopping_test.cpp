#include "flamigo/domain/stopping.hpp"

#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <caf/send.hpp>

#include "flamigo/domain/domain_actor.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/strategy/call.hpp"
#include "flamigo/task/sleep.hpp"
#include "flamigo/task/task.hpp"
#include "flamigo/testing/app.hpp"
#include "support/thrown.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

using names = std::vector<std::string>;

struct saved {
  std::string what;

  flamigo::topic topics() const {
    return flamigo::topic{"saved"};
  }
};

BOOST_DESCRIBE_STRUCT(saved, (), (what))

struct store_state {
  names all;
};

/// What others rest on: it is hosted first.
domain_behavior store(domain_actor<store_state>* self, names& log) {
  self->subscribe("saved");
  return {
    on("app::store:put",
       [=](const std::string& x) { self->state.all.push_back(x); }),
    listen([&log](const saved& ev) { log.push_back("heard " + ev.what); }),
    on_stop([=, &log] {
      for (auto& x : self->state.all)
        log.push_back("stored " + x);
    }),
  };
}

struct desk_state {
  int orders = 0;
};

domain_behavior desk(domain_actor<desk_state>* self, names& log) {
  return {
    on("app::desk:order", [=] { ++self->state.orders; }),
    on("app::desk:fall", [=] { self->quit(caf::sec::runtime_error); }),
    on("app::desk:quit", [=] { self->quit(); }),
    [=](caf::tick_atom) { ++self->state.orders; },
    on_stop([=, &log](flamigo::context ctx) -> task<void> {
      log.push_back("desk stops: " + ctx.claims().domain);
      co_await sleep(ctx, 2s);
      auto text = std::to_string(self->state.orders) + " orders";
      auto put = co_await ctx.call_strategy<void>("app::store:put", text);
      if (!put)
        co_return put.error();
      saved what{"desk"};
      co_return ctx.publish(what);
    }),
  };
}

} // namespace

TEST_CASE("domains save what they have when the program ends") {
  names log;
  testing::app app;
  app.host(store, std::ref(log));
  app.host(desk, std::ref(log));
  auto ada = app.connect();
  ada.call("app::desk:order");
  ada.call("app::desk:order");
  app.stop();
  // In reverse order, each when the one before has ended.
  CHECK(log == names{"desk stops: app::desk", "heard desk", "stored 2 orders"});
  CHECK_FALSE(app.connections().open());
}

TEST_CASE("what waits in the mailbox comes before what a domain does last") {
  names log;
  testing::app app;
  app.host(store, std::ref(log));
  auto handle = app.host(desk, std::ref(log));
  for (auto i = 0; i < 3; ++i)
    caf::anon_send(handle.actor(), caf::tick_atom::value);
  app.stop();
  REQUIRE_FALSE(log.empty());
  CHECK(log.back() == "stored 3 orders");
}

TEST_CASE("a domain that is told to end by its handle does it as well") {
  names log;
  testing::app app;
  app.host(store, std::ref(log));
  auto handle = app.host(desk, std::ref(log));
  caf::anon_send_exit(handle.actor(), caf::exit_reason::user_shutdown);
  app.run();
  CHECK(log == names{"desk stops: app::desk"});
  // From then on it takes nothing.
  CHECK_FALSE(app.backend().call("app::desk:order"));
  app.advance(2s);
  CHECK(log.back() == "heard desk");
  CHECK(handle.state() == domain_state::ended);
}

TEST_CASE("a domain that falls, is restarted or quits does not") {
  names log;
  testing::app app;
  app.host(store, std::ref(log));
  auto handle = app.host(desk, std::ref(log));
  CHECK(app.backend().call("app::desk:fall"));
  CHECK(handle.ok());
  CHECK(app.backend().call("app::desk:quit"));
  CHECK(handle.state() == domain_state::ended);
  app.stop();
  CHECK(log.empty());
}

TEST_CASE("what a domain does last has an end") {
  test::log_capture lines;
  auto freed = false;
  struct guard {
    ~guard() {
      *what = true;
    }
    bool* what;
  };
  testing::app app;
  auto handle
    = app.host({.stop_timeout = 5s}, [&](domain_actor<>*) -> domain_behavior {
        return {on_stop([&](flamigo::context ctx) -> task<void> {
          guard on_stack{&freed};
          for (;;)
            co_await sleep(ctx.keep(), 1h);
        })};
      });
  caf::anon_send_exit(handle.actor(), caf::exit_reason::user_shutdown);
  app.advance(4s);
  CHECK(handle.state() == domain_state::up);
  app.advance(1s);
  CHECK(handle.state() == domain_state::ended);
  CHECK(freed);
  CHECK(test::logged(lines, "on_stop") == 1);
}

TEST_CASE("a domain that fails to save ends all the same, and says so") {
  test::log_capture lines;
  testing::app app;
  auto thrower = app.host([](domain_actor<>*) -> domain_behavior {
    return {on_stop([] { throw std::runtime_error{"disk full"}; })};
  });
  auto failing = app.host([](domain_actor<>*) -> domain_behavior {
    return {on_stop([] { return make_error(errc::conflict, "", "no disk"); })};
  });
  app.stop();
  CHECK(thrower.state() == domain_state::ended);
  CHECK(failing.state() == domain_state::ended);
  CHECK(test::logged(lines, "disk full") == 1);
  CHECK(test::logged(lines, "no disk") == 1);
}

TEST_CASE("a domain is ready before the next one is made") {
  names log;
  testing::app app;
  auto first = app.host(store, std::ref(log));
  auto answered = 0;
  app.host([&](domain_actor<>* self) -> domain_behavior {
    CHECK(first.ok());
    self->call_strategy<void>("app::store:put", "early")
      .then([&] { ++answered; }, [](const caf::error&) {});
    return {};
  });
  CHECK(answered == 1);
  app.stop();
  CHECK(log == names{"stored early"});
}
