// More events than a domain actor can handle.

#include <chrono>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include <catch2/catch_test_macros.hpp>

#include <caf/send.hpp>

#include "flamigo/bus/detail/sync_delivery.hpp"
#include "flamigo/domain/host.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/task/publish_sync.hpp"
#include "flamigo/testing/backend_caller.hpp"
#include "support/events.hpp"
#include "support/thrown.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::log_capture;
using test::logged;
using test::posted;
using test::strings;

namespace {

/// What the listener of these tests has heard.
strings heard;

domain_behavior archive(domain_actor<>* self) {
  self->subscribe("rooms");
  return {
    on("app::archive:count", [] { return static_cast<int>(heard.size()); }),
    listen([=](const posted& what) -> caf::error {
      heard.push_back(what.room + what.text);
      if (what.text == "quit")
        self->quit(make_error(errc::internal));
      return what.text == "fail" ? make_error(errc::conflict) : caf::error{};
    }),
  };
}

struct fixture : testing::actor_fixture {
  explicit fixture(std::size_t max, event_overflow overflow = {}) {
    heard.clear();
    hosting_options options;
    options.max_queued_events = max;
    options.when_events_overflow = std::move(overflow);
    adopt(host(services, options, archive));
    run();
  }

  void publish(std::string room, std::string text) {
    CHECK_FALSE(bus.publish(posted{std::move(room), std::move(text)}));
  }

  detail::sync_delivery publish_and_ask(std::string text) {
    auto made = detail::make_event(posted{"a", std::move(text)},
                                   acting_actor{{}, backend_claims()});
    REQUIRE(made);
    return bus.deliver_and_ask(*made, nullptr);
  }

  strings run_and_look() {
    run();
    return std::exchange(heard, {});
  }

  log_capture log;
  testing::backend_caller program{*this, 10s};
};

const std::string title = "the domain actor of app::archive";

/// The answers that have come by now.
publish_report report_of(fixture& f, detail::sync_delivery& sent) {
  f.run();
  auto result = sent.wait(0s);
  f.run();
  return result;
}

} // namespace

TEST_CASE("the oldest events are dropped when too many wait") {
  fixture f{3};
  for (int i = 1; i <= 5; ++i)
    f.publish("a", std::to_string(i));
  CHECK(f.run_and_look() == strings{"a3", "a4", "a5"});
  CHECK(f.domains.dropped_events() == 2);
  // It goes on as before.
  for (int i = 6; i <= 8; ++i)
    f.publish("a", std::to_string(i));
  CHECK(f.run_and_look() == strings{"a6", "a7", "a8"});
  CHECK(f.domains.dropped_events() == 2);
}

TEST_CASE("a publisher that awaits each event loses none") {
  fixture f{1};
  f.strategies.add("app::test:publish",
                   [](context ctx, bool waits) -> task<void> {
                     for (int i = 1; i <= 20; ++i) {
                       posted what{"a", std::to_string(i)};
                       if (waits)
                         co_await ctx.publish_sync(what, 1s).or_throw();
                       else if (auto err = ctx.publish(what))
                         co_return err;
                     }
                     co_return ok;
                   });
  CHECK(f.program.call("app::test:publish", false));
  CHECK(f.run_and_look().size() < 20);
  auto lost = f.domains.dropped_events();
  CHECK(lost > 0);
  CHECK(f.program.call("app::test:publish", true));
  auto all = f.run_and_look();
  CHECK(all.size() == 20);
  CHECK(all.back() == "a20");
  CHECK(f.domains.dropped_events() == lost);
}

TEST_CASE("what was published before a request is heard before it") {
  fixture f{2};
  for (int i = 1; i <= 10; ++i)
    f.publish("a", std::to_string(i));
  CHECK(f.program.call<int>("app::archive:count") == 2);
  CHECK(f.run_and_look() == strings{"a9", "a10"});
}

TEST_CASE("a domain that does not keep up says so once a second") {
  fixture f{1};
  for (int i = 0; i < 100; ++i)
    f.publish("a", "");
  auto line = title + ": events dropped, because 1 waited already: ";
  CHECK(logged(f.log, line) == 1);
  CHECK(logged(f.log, line + "1 (") == 1);
  f.advance(2s);
  // The rest, when there is a turn.
  f.publish("a", "");
  f.run();
  CHECK(logged(f.log, line) == 2);
  CHECK(logged(f.log, line + "98 (") == 1);
  // And what is left, when it ends.
  for (int i = 0; i < 3; ++i)
    f.publish("a", "quit");
  f.run();
  CHECK(logged(f.log, line + "2 (") == 1);
  CHECK(f.domains.dropped_events() == 101);
}

namespace {

/// A state that has the name of its domain.
struct named_state {
  std::string name = "a name that is too long to have room in a std::string";
};

domain_behavior quitting(domain_actor<named_state>* self) {
  self->subscribe("rooms");
  return {listen([=](const posted&) { self->quit(); })};
}

} // namespace

TEST_CASE("a domain without strategies says its name until it is gone") {
  log_capture log;
  testing::actor_fixture f;
  hosting_options options;
  options.max_queued_events = 1;
  f.adopt(host(f.services, options, quitting));
  f.run();
  for (int i = 0; i < 4; ++i)
    CHECK_FALSE(f.bus.publish(posted{"a", ""}));
  f.run();
  auto line = "the domain actor \"" + named_state{}.name + "\": events dropped";
  CHECK(logged(log, line) == 2);
}

namespace {

domain_behavior curious(domain_actor<>* self) {
  self->subscribe("rooms");
  auto source = self->spawn<caf::linked>([] {
    return caf::behavior{[](int) {
      auto made = detail::make_event(posted{"a", "b"},
                                     acting_actor{{}, backend_claims()});
      return std::move(*made);
    }};
  });
  return {
    on("app::curious:ask",
       [=](context& ctx) {
         auto answer = ctx.make_promise<int>();
         self->request(source, caf::infinite, 1)
           .then([answer](const event_ptr&) mutable { answer.deliver(7); });
         return answer;
       }),
    listen([](const posted&) { heard.emplace_back("heard"); }),
  };
}

} // namespace

TEST_CASE("an answer that is an event is no event that was published") {
  testing::actor_fixture f;
  heard.clear();
  f.adopt(host(f.services, {}, curious));
  f.run();
  testing::backend_caller program{f, 10s};
  CHECK(program.call<int>("app::curious:ask") == 7);
  CHECK(heard.empty());
}

TEST_CASE("the latest event of a key replaces the one before it") {
  fixture f{3,
            event_overflow::coalesce([](const posted& x) { return x.room; })};
  // Only where it is too many.
  f.publish("a", "1");
  f.publish("a", "2");
  f.publish("b", "1");
  f.publish("a", "3");
  f.publish("b", "2");
  CHECK(f.run_and_look() == strings{"a1", "a3", "b2"});
  CHECK(f.domains.dropped_events() == 0);
  // Of three keys none is that of the fourth.
  f.publish("a", "1");
  f.publish("b", "1");
  f.publish("c", "1");
  f.publish("d", "1");
  f.publish("b", "2");
  CHECK(f.run_and_look() == strings{"c1", "d1", "b2"});
  CHECK(f.domains.dropped_events() == 1);
}

TEST_CASE("an event may have no key") {
  auto key = [](const event& what) -> std::optional<std::string> {
    auto& text = what.get_if<posted>()->text;
    if (text == "throw")
      throw std::runtime_error{"no"};
    if (text == "none")
      return std::nullopt;
    return text;
  };
  fixture f{2, event_overflow::coalesce(key)};
  f.publish("a", "none");
  f.publish("b", "throw");
  f.publish("c", "none");
  f.publish("d", "throw");
  f.publish("e", "1");
  f.publish("f", "1");
  CHECK(f.run_and_look() == strings{"dthrow", "f1"});
  CHECK(f.domains.dropped_events() == 3);
}

TEST_CASE("who waits for the listeners is told that one cannot keep up") {
  fixture f{2};
  f.publish("a", "1");
  auto first = f.publish_and_ask("2");
  auto second = f.publish_and_ask("3");
  // It is not what is dropped.
  f.publish("a", "4");
  f.publish("a", "5");
  CHECK(report_of(f, first).complete());
  auto report = report_of(f, second);
  REQUIRE(report.failures.size() == 1);
  CHECK(report.failures[0].why == errc::unavailable);
  CHECK(f.run_and_look() == strings{"a2", "a5"});
  CHECK(f.domains.dropped_events() == 2);
  // When all who wait are waited for, the new one is too many.
  auto third = f.publish_and_ask("6");
  auto fourth = f.publish_and_ask("fail");
  f.publish("a", "7");
  CHECK(report_of(f, third).complete());
  CHECK(report_of(f, fourth).failures.at(0).why == errc::conflict);
  CHECK(f.run_and_look() == strings{"a6", "afail"});
}

TEST_CASE("a publisher that waits each time loses nothing") {
  fixture f{1};
  for (int i = 0; i < 10; ++i) {
    auto sent = f.publish_and_ask(std::to_string(i));
    CHECK(report_of(f, sent).complete());
  }
  CHECK(heard.size() == 10);
  CHECK(f.domains.dropped_events() == 0);
}

TEST_CASE("who waits for a listener that ends is told so") {
  fixture f{10};
  f.publish("a", "quit");
  auto sent = f.publish_and_ask("1");
  auto report = report_of(f, sent);
  REQUIRE(report.failures.size() == 1);
  CHECK(report.failures[0].why == errc::unavailable);
  CHECK(f.run_and_look() == strings{"aquit"});
  // The next life has a queue of its own.
  f.publish("a", "2");
  CHECK(f.run_and_look() == strings{"a2"});
}

TEST_CASE("an event that CAF has sent waits with the others") {
  fixture f{2};
  caf::actor domain;
  f.adopt(host(f.services, {.max_queued_events = 2},
               [&domain](domain_actor<>* self) -> domain_behavior {
                 domain = self;
                 self->subscribe("halls");
                 return {listen([](const posted& what) {
                   heard.push_back("sent " + what.text);
                 })};
               }));
  f.run();
  for (auto text : {"1", "2", "3"})
    caf::anon_send(domain, *detail::make_event(posted{"a", text},
                                               {{}, backend_claims()}));
  CHECK(f.run_and_look() == strings{"sent 2", "sent 3"});
  domain = {};
}
