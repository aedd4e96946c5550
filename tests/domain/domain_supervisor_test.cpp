#include "flamigo/domain/hosting_options.hpp"

#include <stdexcept>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <caf/send.hpp>

#include "flamigo/domain/domain_behavior.hpp"
#include "flamigo/domain/domain_events.hpp"
#include "flamigo/domain/domain_health.hpp"
#include "flamigo/domain/host.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/testing/actor_fixture.hpp"
#include "flamigo/testing/app.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

/// How often a domain actor was made that crashes every second, in ten of them.
int lives(hosting_options options) {
  testing::actor_fixture f;
  auto made = 0;
  caf::actor current;
  auto fragile = [&](domain_actor<>* self) -> domain_behavior {
    ++made;
    current = caf::actor_cast<caf::actor>(self);
    return {on("app::fragile:nothing", [] {})};
  };
  f.adopt(host(f.services, options, fragile));
  f.run();
  for (auto i = 0; i < 10; ++i) {
    f.advance(1s);
    caf::anon_send_exit(current, caf::exit_reason::kill);
    f.run();
  }
  current = nullptr;
  f.end();
  return made;
}

/// A domain that can be ended, and may not come back.
struct world {
  explicit world(hosting_options options) {
    app.host(options, [this](domain_actor<>* self) -> domain_behavior {
      if (is_broken)
        throw std::runtime_error{"no database"};
      self->subscribe(domain_restarted::all);
      return {
        on("app::fragile:ping", [] {}),
        on("app::fragile:crash", [=] { self->quit(caf::sec::runtime_error); }),
        on("app::fragile:leave", [=] { self->quit(); }),
        listen([this](const domain_restarted&) { ++heard; }),
      };
    });
  }

  bool answers() {
    return static_cast<bool>(app.backend().call("app::fragile:ping"));
  }

  void crash() {
    CHECK(app.backend().call("app::fragile:crash"));
    app.run();
  }

  bool is_broken = false;
  int heard = 0;
  testing::app app;
};

using names = std::vector<std::string>;

} // namespace

TEST_CASE("restarts are counted in a window, however long") {
  hosting_options options{.max_restarts = 3};
  CHECK(lives(options) == 4);
  options.restart_window = 500ms;
  CHECK(lives(options) == 11);
  options.restart_window = caf::timespan::max();
  CHECK(lives(options) == 4);
}

TEST_CASE("a domain is restarted, and everybody may know") {
  world f{{}};
  CHECK(f.app.domains().ok());
  f.crash();
  auto down = f.app.events().expect<domain_down>("domain/down/app::fragile");
  CHECK(down.domain == "app::fragile");
  CHECK(down.reason.find("runtime_error") != std::string::npos);
  CHECK(down.restarting);
  CHECK(f.app.events().expect<domain_restarted>().restarts == 1);
  // It hears of its own return: its topics are subscribed again by then.
  CHECK(f.heard == 1);
  CHECK(f.answers());
  CHECK(f.app.domains().ok());
  CHECK(f.app.domains().down().empty());
  CHECK(f.app.domains().failures() == 1);
  CHECK(f.app.domains().restarts() == 1);
}

TEST_CASE("a domain that falls too often stays down, and is not ready") {
  world f{{.max_restarts = 2}};
  for (auto i = 0; i < 3; ++i)
    f.crash();
  auto downs = f.app.events().all<domain_down>();
  REQUIRE(downs.size() == 3);
  CHECK(downs[1].restarting);
  CHECK_FALSE(downs[2].restarting);
  CHECK(f.app.events().all<domain_restarted>().size() == 2);
  CHECK_FALSE(f.answers());
  CHECK_FALSE(f.app.domains().ok());
  CHECK(f.app.domains().down() == names{"app::fragile"});
  CHECK(f.app.domains().lost() == names{"app::fragile"});
  CHECK(f.app.domains().failures() == 3);
}

TEST_CASE("a domain that is not to be restarted is down at once") {
  world f{{.restart = false}};
  f.crash();
  CHECK_FALSE(f.app.events().expect<domain_down>().restarting);
  CHECK(f.app.domains().down() == names{"app::fragile"});
  CHECK(f.app.domains().lost() == names{"app::fragile"});
}

TEST_CASE("a domain that cannot be made is tried again") {
  world f{{}};
  f.is_broken = true;
  f.crash();
  CHECK(f.app.domains().down() == names{"app::fragile"});
  // There is another attempt.
  CHECK(f.app.domains().lost().empty());
  f.app.advance(3s);
  CHECK_FALSE(f.answers());
  f.is_broken = false;
  f.app.advance(1s);
  CHECK(f.answers());
  CHECK(f.app.domains().ok());
  CHECK(f.app.domains().restarts() == 1);
}

TEST_CASE("a domain has the same strategies in each life") {
  testing::app app;
  auto shrinks = true;
  auto count = 0;
  app.host([&](domain_actor<>* self) -> domain_behavior {
    auto crash = on("app::many:crash",
                    [=] { self->quit(caf::sec::runtime_error); });
    auto two = on("app::many:two", [] { return 2; });
    if (count++ == 0 || !shrinks)
      return {crash, two};
    return {two};
  });
  auto ada = app.connect();
  ada.send("app::many:crash");
  app.run();
  ada.expect_error(ada.send("app::many:two"), 503);
  CHECK(app.domains().down() == names{"app::many"});
  shrinks = false;
  app.advance(1s);
  CHECK(ada.call<int>("app::many:two") == 2);
  CHECK(app.domains().ok());
}

TEST_CASE("attempts are restarts, and end as these do") {
  world f{{.max_restarts = 3}};
  f.is_broken = true;
  f.crash();
  f.app.advance(1min);
  auto downs = f.app.events().all<domain_down>();
  REQUIRE(downs.size() == 2);
  CHECK(downs[0].restarting);
  CHECK_FALSE(downs[1].restarting);
  CHECK(downs[1].reason.find("no database") != std::string::npos);
  f.is_broken = false;
  f.app.advance(1h);
  CHECK_FALSE(f.answers());
  CHECK_FALSE(f.app.domains().ok());
}

TEST_CASE("a domain that leaves by itself is not missed") {
  world f{{}};
  CHECK(f.app.backend().call("app::fragile:leave"));
  CHECK_FALSE(f.answers());
  f.app.events().expect_nothing<domain_down>();
  CHECK(f.app.domains().ok());
}

TEST_CASE("nobody holds a domain that has been told to end") {
  testing::actor_fixture f;
  caf::actor supervisor = host(f.services, {}, [](domain_actor<>* self) {
    // Does not obey.
    self->set_exit_handler([](const caf::exit_msg&) {});
    return domain_behavior{on("app::deaf:ping", [] {})};
  });
  auto ended = false;
  supervisor->attach_functor([&] { ended = true; });
  f.run();
  caf::anon_send_exit(supervisor, caf::exit_reason::user_shutdown);
  f.run();
  CHECK(ended);
}

TEST_CASE("a domain ends with a supervisor that was killed") {
  testing::app app;
  auto ended = false;
  auto desk = app.host([&](domain_actor<>* self) -> domain_behavior {
    self->attach_functor([&] { ended = true; });
    return {on("app::desk:ping", [] {})};
  });
  CHECK(app.backend().call("app::desk:ping"));
  caf::anon_send_exit(desk.actor(), caf::exit_reason::kill);
  app.run();
  CHECK(desk.state() == domain_state::ended);
  auto answer = app.backend().call("app::desk:ping");
  REQUIRE_FALSE(answer);
  CHECK(status_of(answer.error()) == 503);
  CHECK(ended);
}
