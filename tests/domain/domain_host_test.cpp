// What a domain actor outlives.

#include <chrono>
#include <optional>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include <caf/send.hpp>

#include "flamigo/domain/domain_actor.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/testing/app.hpp"
#include "support/thrown.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::all_thrown;
using test::log_capture;
using test::logged;

namespace {

/// What is thrown just now, by whoever is asked to.
void (*raise)() = nullptr;

struct till_state {
  int sold = 0;
};

/// Answers numbers, and refuses texts.
caf::behavior helper() {
  return {
    [](int x) { return x; },
    [](const std::string&) -> caf::result<int> {
      return caf::sec::invalid_argument;
    },
  };
}

/// Counts, so that a restart would show.
domain_behavior till(domain_actor<till_state>* self) {
  auto other = self->spawn<caf::linked>(helper);
  auto ask = [=](context& ctx, auto what) {
    auto promise = ctx.make_promise<int>();
    self->request(other, caf::infinite, what).then([promise](int x) mutable {
      raise();
      promise.deliver(x);
    });
    return promise;
  };
  return {
    on("app::till:sell", [=] { return ++self->state.sold; }),
    on("app::till:send", [=] { self->send(other, std::string{"no"}); }),
    on("app::till:send_value", [=] { self->send(other, 1); }),
    on("app::till:send_unknown", [=] { self->send(other, 1.5); }),
    on("app::till:ask", [=](context& ctx) { return ask(ctx, 1); }),
    on("app::till:ask_in_vain",
       [=](context& ctx) { return ask(ctx, std::string{"no"}); }),
    on("app::till:wait",
       [=] { self->delayed_send(self, 1s, caf::tick_atom::value); }),
    on("app::till:mourn",
       [=] {
         auto mortal = self->spawn<caf::monitored>(helper);
         self->set_down_handler([](caf::down_msg&) { raise(); });
         self->send_exit(mortal, caf::exit_reason::kill);
       }),
    on("app::till:die_of",
       [=] {
         self->set_exception_handler([](std::exception_ptr&) -> caf::error {
           return caf::sec::runtime_error;
         });
       }),
    [](caf::tick_atom) { raise(); },
    [](caf::ok_atom) -> int {
      raise();
      return 1;
    },
  };
}

struct shop {
  explicit shop(hosting_options options = {}) {
    app.host(options,
             [this](domain_actor<till_state>* self) -> domain_behavior {
               domain = self;
               return till(self);
             });
  }

  ~shop() {
    domain = {};
  }

  /// Sells one more; 1 if it is another life.
  int sell() {
    return *app.backend().call<int>("app::till:sell");
  }

  bool lives() {
    auto before = sold;
    return (sold = *app.backend().call<int>("app::till:sell")) == before + 1;
  }

  log_capture log;
  testing::app app;
  caf::actor domain;
  int sold = 0;
};

const std::string title = "the domain actor of app::till";

} // namespace

// -- what comes back to a send ------------------------------------------------

TEST_CASE("an error that is answered to a plain send is logged") {
  shop f;
  CHECK(f.lives());
  CHECK(f.app.backend().call("app::till:send"));
  CHECK(f.lives());
  CHECK(logged(f.log, title + ": what it has sent was answered with an error: ")
        == 1);
  CHECK(f.app.domains().failures() == 0);
}

TEST_CASE("a message that nobody has a handler for ends neither side") {
  shop f;
  CHECK(f.lives());
  // The helper, which is of CAF alone, answers with an error.
  CHECK(f.app.backend().call("app::till:send_unknown"));
  CHECK(f.lives());
  // What a handler returns to a plain send comes back as a message.
  CHECK(f.app.backend().call("app::till:send_value"));
  CHECK(f.lives());
  CHECK(logged(f.log, title + " has no handler for the message (") == 1);
}

TEST_CASE("only who has asked is told that there is no handler") {
  shop f;
  caf::error answer;
  auto heard = 0;
  auto asking = f.app.system().spawn([&](caf::event_based_actor* self) {
    self->set_error_handler([&](caf::error&) { ++heard; });
    self->send(f.domain, caf::publish_atom::value, std::string{"secret"});
    self->request(f.domain, caf::infinite, 1.5)
      .then([](int) {}, [&](caf::error& why) { answer = why; });
    return caf::behavior{[](caf::unit_t) {}};
  });
  f.app.adopt(asking);
  f.app.run();
  CHECK(heard == 0);
  CHECK(answer == caf::sec::unexpected_message);
  // Types and atoms, but not what a text says.
  CHECK(logged(f.log, title + " has no handler for the message (\"publish\", ")
        == 1);
  CHECK(logged(f.log, "secret") == 0);
  CHECK(f.lives());
}

// -- exceptions ---------------------------------------------------------------

TEST_CASE("what leaves the answer to a request fails the call that waits") {
  for (auto& what : all_thrown) {
    INFO(what.name);
    raise = what.raise;
    shop f;
    CHECK(f.lives());
    auto answer = f.app.backend().call<int>("app::till:ask");
    REQUIRE_FALSE(answer);
    CHECK(status_of(answer.error()) == 500);
    CHECK(trace_of(answer.error()).find("exception left the function")
          != std::string::npos);
    CHECK(logged(f.log, title + ": a handler of messages: " + what.text) == 1);
    CHECK(f.lives());
  }
}

TEST_CASE("a request that fails without a handler for that fails the call") {
  shop f;
  CHECK(f.lives());
  auto answer = f.app.backend().call<int>("app::till:ask_in_vain");
  REQUIRE_FALSE(answer);
  CHECK(status_of(answer.error()) == 500);
  CHECK(f.lives());
}

TEST_CASE("what leaves a handler or a timer is logged, and answers who asked") {
  for (auto& what : all_thrown) {
    INFO(what.name);
    raise = what.raise;
    shop f;
    CHECK(f.lives());
    caf::anon_send(f.domain, caf::tick_atom::value);
    CHECK(f.app.backend().call("app::till:wait"));
    f.app.advance(1s);
    CHECK(logged(f.log, title + ": a handler of messages: " + what.text) == 2);
    caf::error answer;
    auto asking = f.app.system().spawn([&](caf::event_based_actor* self) {
      self->request(f.domain, caf::infinite, caf::ok_atom::value)
        .then([](int) {}, [&](caf::error& why) { answer = why; });
    });
    f.app.run();
    CHECK(trace_of(answer) == what.text);
    CHECK(f.lives());
    CHECK(f.app.domains().failures() == 0);
  }
}

TEST_CASE("a domain may decide that an exception is its death") {
  raise = [] { throw std::runtime_error{"out of paper"}; };
  shop f;
  CHECK(f.sell() == 1);
  CHECK(f.app.backend().call("app::till:die_of"));
  caf::anon_send(f.domain, caf::tick_atom::value);
  f.app.run();
  CHECK(f.app.domains().failures() == 1);
  CHECK(f.sell() == 1);
}

TEST_CASE("a handler that CAF gives up when it throws is the domain's death") {
  raise = [] { throw std::runtime_error{"out of paper"}; };
  shop f;
  CHECK(f.sell() == 1);
  CHECK(f.app.backend().call("app::till:mourn"));
  f.app.run();
  CHECK(logged(f.log, title + " went down: exception: out of paper; restarting")
        == 1);
  CHECK(f.sell() == 1);
}
