#include "flamigo/domain/domain_handle.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include "flamigo/domain/domain_actor.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/testing/app.hpp"
#include "support/thrown.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

struct pump_state {
  int strokes = 0;
};

/// How many times a domain may not be made.
int failures = 0;

domain_behavior pump(domain_actor<pump_state>* self) {
  if (failures > 0 && failures-- > 0)
    throw std::runtime_error{"no water"};
  return {
    on("app::pump:quit", [=] { self->quit(); }),
    on("app::pump:fall", [=] { self->quit(caf::sec::runtime_error); }),
    [=](int by) { return self->state.strokes += by; },
    [=](const std::string& x) -> caf::result<int> {
      if (x == "later") {
        auto promise = self->make_response_promise<int>();
        self->after(1s, [promise]() mutable { promise.deliver(7); });
        return promise;
      }
      return caf::sec::invalid_argument;
    },
    // What a supervisor might take for its own.
    [=](caf::atom_constant<caf::atom("retry")>) {
      return self->state.strokes = 100;
    },
  };
}

/// Asks an actor and says what came of it.
template <class T>
std::string ask(testing::app& app, const caf::actor& whom, T what,
                caf::timespan wait = 0s) {
  std::string result = "nothing";
  auto asking = app.system().spawn([&](caf::event_based_actor* self) {
    self->request(whom, caf::infinite, what)
      .then([&](int x) { result = std::to_string(x); },
            [&](const caf::error& why) { result = trace_of(why); });
  });
  app.run();
  app.advance(wait);
  return result;
}

struct well {
  explicit well(hosting_options options = {}) {
    failures = 0;
    handle = app.host(options, pump);
  }

  void fall() {
    CHECK(app.backend().call("app::pump:fall"));
  }

  test::log_capture log;
  testing::app app;
  domain_handle handle;
};

} // namespace

TEST_CASE("a handle names its domain and takes messages to it") {
  well f;
  CHECK(f.handle.name() == "app::pump");
  CHECK(f.handle.ok());
  CHECK(to_string(f.handle.state()) == "up");
  CHECK(ask(f.app, f.handle, 3) == "3");
  caf::anon_send(f.handle.actor(), 4);
  CHECK(ask(f.app, f.handle, 1) == "8");
  // Answers that come later, and errors, find their way back as well.
  CHECK(ask(f.app, f.handle, std::string{"later"}, 1s) == "7");
  CHECK(ask(f.app, f.handle, std::string{"no"}).find("invalid_argument")
        != std::string::npos);
  CHECK(ask(f.app, f.handle, 1.5).find("unexpected_message")
        != std::string::npos);
  CHECK(ask(f.app, f.handle, caf::atom_constant<caf::atom("retry")>::value)
        == "100");
}

TEST_CASE("a handle is of the domain that is there now") {
  well f;
  CHECK(ask(f.app, f.handle, 3) == "3");
  f.fall();
  CHECK(f.handle.ok());
  CHECK(ask(f.app, f.handle, 2) == "2");
}

TEST_CASE("a domain that is down answers 503 to who asks through its handle") {
  well f{{.restart = false}};
  f.fall();
  CHECK(f.handle.state() == domain_state::down);
  CHECK(to_string(f.handle.state()) == "down");
  CHECK_FALSE(f.app.domains().ok());
  CHECK(ask(f.app, f.handle, 1).find("app::pump is down") != std::string::npos);
  // To who has not asked nothing is answered.
  caf::error heard;
  f.app.adopt(f.app.system().spawn([&](caf::event_based_actor* self) {
    self->set_error_handler([&](caf::error& why) { heard = why; });
    self->send(f.handle.actor(), 1);
    return caf::behavior{[](caf::unit_t) {}};
  }));
  f.app.run();
  CHECK_FALSE(heard);
  CHECK(test::logged(f.log, "app::pump is down; a message to it is dropped")
        == 1);
}

TEST_CASE("a domain that is to be tried again is down until then") {
  well f;
  failures = 1;
  f.fall();
  CHECK(f.handle.state() == domain_state::down);
  f.app.advance(1s);
  CHECK(f.handle.ok());
  CHECK(ask(f.app, f.handle, 1) == "1");
}

TEST_CASE("a domain that wanted to end has ended, and is not ill") {
  well f;
  CHECK(f.app.backend().call("app::pump:quit"));
  CHECK(f.handle.state() == domain_state::ended);
  CHECK(to_string(f.handle.state()) == "ended");
  CHECK(f.app.domains().ok());
  CHECK(ask(f.app, f.handle, 1) != "1");
}

TEST_CASE("a domain ends with its handle's actor") {
  well f;
  auto down = 0;
  f.app.adopt(f.app.system().spawn([&](caf::event_based_actor* self) {
    self->monitor(f.handle.actor());
    self->set_down_handler([&](caf::down_msg&) { ++down; });
    return caf::behavior{[](caf::unit_t) {}};
  }));
  f.app.run();
  // A restart is no end.
  f.fall();
  CHECK(down == 0);
  caf::anon_send_exit(f.handle.actor(), caf::exit_reason::user_shutdown);
  f.app.run();
  CHECK(down == 1);
  CHECK(f.handle.state() == domain_state::ended);
  CHECK_FALSE(f.app.backend().call("app::pump:quit"));
}

TEST_CASE("a handle of no domain is of one that has ended") {
  domain_handle none;
  CHECK(none.state() == domain_state::ended);
  CHECK_FALSE(none.actor());
}
