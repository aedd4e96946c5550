#include "flamigo/domain/listener.hpp"

#include <chrono>
#include <stdexcept>

#include <catch2/catch_test_macros.hpp>

#include <caf/send.hpp>

#include "flamigo/domain/host.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/task/publish_sync.hpp"
#include "flamigo/testing/backend_caller.hpp"
#include "support/events.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::posted;
using test::renamed;
using test::strings;

namespace {

/// What the listeners of these tests have heard.
strings heard;

domain_behavior archive(domain_actor<>* self) {
  self->subscribe("rooms/*");
  return {
    on("app::archive:also",
       [=](const std::string& pattern) { self->subscribe(pattern); }),
    on("app::archive:clients_only",
       [=](const std::string& pattern) {
         self->subscribe(pattern, event_filter::client_events);
       }),
    on("app::archive:not",
       [=](const std::string& pattern) { self->unsubscribe(pattern); }),
    listen(
      [](context& ctx, const posted& what) {
        heard.push_back(ctx.claims().type + " posted " + what.text);
        if (what.text == "throw")
          throw std::runtime_error{"archive is full"};
      },
      [](const renamed& what) -> caf::error {
        heard.push_back("renamed " + what.to);
        return what.to.empty() ? make_error(errc::conflict) : caf::error{};
      }),
    listen([](const event& what) {
      heard.push_back("any " + what.topics().front().text());
    }),
  };
}

/// Publishes, and listens to what it publishes.
domain_behavior echo(domain_actor<>* self) {
  self->subscribe("rooms");
  return {
    on("app::echo:post",
       [](context& ctx, const std::string& text) {
         return ctx.publish(posted{"echo", text});
       }),
    on("app::echo:post_and_wait",
       [](context& ctx, const std::string& text) {
         auto promise = ctx.make_promise<int>();
         ctx.publish_sync(posted{"echo", text}, 10s)
           .then(
             [promise](publish_report report) mutable {
               promise.deliver(static_cast<int>(report.listeners * 10
                                                + report.failures.size()));
             },
             [promise](caf::error why) mutable { promise.deliver(why); });
         return promise;
       }),
    listen([=](const posted& what) {
      heard.push_back("echo heard " + what.text);
      if (what.text == "again")
        CHECK_FALSE(self->publish(posted{"echo", "and again"}));
    }),
  };
}

struct fixture : testing::actor_fixture {
  fixture() {
    heard.clear();
  }

  /// Returns the supervisor.
  template <class F>
  caf::actor add(F make) {
    auto result = host(services, {}, make);
    adopt(result);
    run();
    return result;
  }

  testing::backend_caller program{*this, 10s};
};

} // namespace

TEST_CASE("a domain listens by type and skips what it does not know") {
  fixture f;
  f.add(archive);
  CHECK_FALSE(f.bus.publish(posted{"a", "hi"}));
  CHECK_FALSE(f.bus.publish(renamed{"7", "Ada"}));
  f.run();
  CHECK(heard == strings{"backend posted hi", "any rooms/a"});
}

TEST_CASE("a domain adds and removes topics while it runs") {
  fixture f;
  f.add(archive);
  REQUIRE(f.program.call("app::archive:also", std::string{"users"}));
  CHECK_FALSE(f.bus.publish(renamed{"7", "Ada"}));
  f.run();
  CHECK(heard == strings{"renamed Ada", "any users/7/name"});
  heard.clear();
  REQUIRE(f.program.call("app::archive:not", std::string{"users"}));
  REQUIRE(f.program.call("app::archive:not", std::string{"rooms/*"}));
  CHECK_FALSE(f.bus.publish(renamed{"7", "Ada"}));
  CHECK_FALSE(f.bus.publish(posted{"a", "hi"}));
  f.run();
  CHECK(heard.empty());
}

TEST_CASE("a domain may ask for client events only") {
  fixture f;
  f.add(archive);
  REQUIRE(f.program.call("app::archive:clients_only", std::string{"*"}));
  CHECK_FALSE(f.bus.publish(renamed{"7", "Ada"}));
  f.run();
  CHECK(heard.empty());
  CHECK_FALSE(f.bus.publish(posted{"a", "hi"}));
  f.run();
  CHECK(heard.size() == 2);
  heard.clear();
  REQUIRE(f.program.call("app::archive:also", std::string{"names"}));
  CHECK_FALSE(f.bus.publish(renamed{"7", "Ada"}));
  f.run();
  CHECK(heard.size() == 2);
}

TEST_CASE("a listener that fails hurts nobody else") {
  fixture f;
  f.add(archive);
  f.add(echo);
  CHECK_FALSE(f.bus.publish(posted{"a", "throw"}));
  CHECK_FALSE(f.bus.publish(posted{"a", "next"}));
  f.run();
  CHECK(std::count(heard.begin(), heard.end(), "backend posted throw") == 1);
  CHECK(std::count(heard.begin(), heard.end(), "any rooms/a") == 2);
  CHECK(std::count(heard.begin(), heard.end(), "backend posted next") == 1);
  CHECK(std::count(heard.begin(), heard.end(), "echo heard next") == 1);
}

TEST_CASE("a listener may publish to itself") {
  fixture f;
  f.add(echo);
  REQUIRE(f.program.call("app::echo:post", std::string{"again"}));
  f.run();
  CHECK(heard == strings{"echo heard again", "echo heard and again"});
}

TEST_CASE("publish_sync inside a listener cannot deadlock") {
  fixture f;
  f.add(echo);
  f.add(archive);
  auto result = f.program.call<int>("app::echo:post_and_wait",
                                    std::string{"hi"});
  REQUIRE(result);
  CHECK(*result == 20);
  // The one that throws is reported, and the others have got it.
  result = f.program.call<int>("app::echo:post_and_wait", std::string{"throw"});
  REQUIRE(result);
  CHECK(*result == 21);
  CHECK(std::count(heard.begin(), heard.end(), "echo heard throw") == 1);
}

TEST_CASE("publish_sync leaves no timer behind") {
  fixture f;
  f.add(echo);
  f.add(archive);
  auto timers = [&f] { return f.scheduler.clock().schedule().size(); };
  // Who calls the domain has one of its own.
  CHECK(f.program.call<int>("app::echo:post_and_wait", std::string{"hi"}));
  auto before = timers();
  for (int i = 0; i < 100; ++i)
    CHECK(f.program.call<int>("app::echo:post_and_wait", std::string{"hi"}));
  CHECK(timers() == before);
}

TEST_CASE("a domain that went down listens no more") {
  fixture f;
  auto supervisor = f.add(archive);
  caf::anon_send_exit(supervisor, caf::exit_reason::user_shutdown);
  f.run();
  CHECK_FALSE(f.bus.publish(posted{"a", "hi"}));
  f.run();
  CHECK(heard.empty());
  CHECK(f.bus.size() <= 1);
}
