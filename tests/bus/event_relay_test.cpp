#include "flamigo/bus/event_relay.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <new>
#include <optional>
#include <random>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <caf/event_based_actor.hpp>

#include "flamigo/bus/bus.hpp"
#include "flamigo/bus/detail/sync_delivery.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/testing/actor_fixture.hpp"
#include "support/events.hpp"

using namespace flamigo;
using test::posted;

namespace {

/// What is wanted by what it was told, and what it was given.
struct recorder final : event_relay {
  void relay(const event_ptr& what) noexcept override {
    given.push_back(what->get_if<posted>()->text);
  }

  void wanted(std::string_view pattern) override {
    if (refuses)
      throw std::bad_alloc{};
    CHECK(wishes.emplace(pattern).second);
  }

  void unwanted(std::string_view pattern) noexcept override {
    auto there = wishes.erase(std::string{pattern}) == 1;
    CHECK(there);
  }

  std::set<std::string> wishes;
  std::vector<std::string> given;
  bool refuses = false;
};

struct fixture : testing::actor_fixture {
  caf::strong_actor_ptr spawn_silent() {
    auto who = system.spawn([](caf::event_based_actor* self) {
      self->set_default_handler(caf::drop);
      return caf::behavior{[](caf::unit_t) {}};
    });
    adopt(who);
    run();
    return caf::actor_cast<caf::strong_actor_ptr>(who);
  }

  const std::shared_ptr<recorder> relay = std::make_shared<recorder>();
};

} // namespace

TEST_CASE("a relay is given every event once, wanted here or not") {
  fixture f;
  f.bus.relay_by(f.relay);
  CHECK(!f.bus.publish(posted{"a", "one"}));
  auto who = f.spawn_silent();
  f.bus.subscribe(who, topic_pattern{"rooms/*"});
  f.bus.subscribe(who, topic_pattern{"rooms/a"});
  CHECK(!f.bus.publish(posted{"a", "two"}));
  // What a group is sent, and what is waited for, is delivered as well.
  auto made = detail::make_event(posted{"a", "three"}, {{}, backend_claims()});
  caf::anon_send(f.bus.group("rooms/b"), *made);
  auto waiting = f.bus.deliver_and_ask(*made, nullptr);
  CHECK(f.relay->given
        == std::vector<std::string>{"one", "two", "three", "three"});
}

namespace {

/// Has somebody who stands for subscribers elsewhere.
struct far_relay final : event_relay {
  void relay(const event_ptr&) noexcept override {
    ++relayed;
  }

  void wanted(std::string_view) override {
  }

  void unwanted(std::string_view) noexcept override {
  }

  std::vector<caf::strong_actor_ptr>
  subscribers(std::span<const topic> topics) const override {
    for (auto& x : topics)
      if (x.text() == "rooms/a")
        return {there};
    return {};
  }

  caf::strong_actor_ptr there;
  std::size_t relayed = 0;
};

} // namespace

TEST_CASE("who stands for subscribers elsewhere is among those of a topic") {
  fixture f;
  auto relay = std::make_shared<far_relay>();
  relay->there = f.spawn_silent();
  auto here = f.spawn_silent();
  f.bus.relay_by(relay);
  f.bus.subscribe(here, topic_pattern{"rooms/*"});
  CHECK(f.bus.subscribers(topic{"rooms/a"})
        == std::vector<caf::strong_actor_ptr>{relay->there, here});
  CHECK(f.bus.subscribers(topic{"rooms/b"})
        == std::vector<caf::strong_actor_ptr>{here});
}

TEST_CASE("who waits for listeners waits for those elsewhere as well") {
  fixture f;
  auto relay = std::make_shared<far_relay>();
  auto promise = std::make_shared<caf::response_promise>();
  auto there = f.system.spawn([=](caf::event_based_actor* self) {
    return caf::behavior{
      [=](const event_ptr&) {
        *promise = self->make_response_promise();
        return *promise;
      },
      [=](int) {
        std::exchange(*promise, {}).deliver(make_error(errc::conflict));
      },
    };
  });
  f.adopt(there);
  relay->there = caf::actor_cast<caf::strong_actor_ptr>(there);
  f.bus.relay_by(relay);
  f.bus.subscribe(f.spawn_silent(), topic_pattern{"rooms/*"});
  auto report = std::make_shared<std::optional<publish_report>>();
  auto asker = f.system.spawn([&, report](caf::event_based_actor* self) {
    auto made = detail::make_event(posted{"a", "hi"}, {{}, backend_claims()});
    f.bus.deliver_and_ask(*made, self->context())
      .then(*self, std::chrono::minutes{1},
            [report](publish_report x) { *report = std::move(x); });
    return caf::behavior{[](caf::unit_t) {}};
  });
  f.adopt(asker);
  f.run();
  CHECK_FALSE(*report);
  // It went there with the question, and not a second time.
  CHECK(relay->relayed == 0);
  caf::anon_send(there, 1);
  f.run();
  REQUIRE(*report);
  CHECK((*report)->listeners == 2);
  REQUIRE((*report)->failures.size() == 1);
  CHECK((*report)->failures[0].listener == there);
  CHECK((*report)->failures[0].why == errc::conflict);
}

TEST_CASE("a relay knows what is wanted when it comes") {
  fixture f;
  auto who = f.spawn_silent();
  auto other = f.spawn_silent();
  f.bus.subscribe(who, topic_pattern{"rooms/*"});
  f.bus.subscribe(other, topic_pattern{"rooms/*"});
  f.bus.subscribe_exactly(who, topic{"rooms/42"});
  f.bus.relay_by(f.relay);
  CHECK(f.relay->wishes == std::set<std::string>{"rooms/*", "rooms/42/*!"});
}

TEST_CASE("a relay is told of first and last subscribers only") {
  fixture f;
  f.bus.relay_by(f.relay);
  auto who = f.spawn_silent();
  auto other = f.spawn_silent();
  f.bus.subscribe(who, topic_pattern{"rooms/*"});
  f.bus.subscribe(other, topic_pattern{"rooms/*"});
  f.bus.subscribe(other, topic_pattern{"users"});
  CHECK(f.relay->wishes == std::set<std::string>{"rooms/*", "users"});
  f.bus.unsubscribe(who.get(), topic_pattern{"rooms/*"});
  CHECK(f.relay->wishes == std::set<std::string>{"rooms/*", "users"});
  // Its end takes all of its wishes back.
  caf::anon_send_exit(caf::actor_cast<caf::actor>(other),
                      caf::exit_reason::user_shutdown);
  f.run();
  CHECK(f.relay->wishes.empty());
}

TEST_CASE("who cannot be told of is not subscribed") {
  fixture f;
  f.bus.relay_by(f.relay);
  auto who = f.spawn_silent();
  f.relay->refuses = true;
  CHECK_THROWS_AS(f.bus.subscribe(who, topic_pattern{"rooms/*"}),
                  std::bad_alloc);
  CHECK(f.bus.subscriptions(who.get()) == 0);
  CHECK(f.bus.subscriptions() == 0);
  f.relay->refuses = false;
  CHECK(f.bus.subscribe(who, topic_pattern{"rooms/*"}));
  CHECK(f.relay->wishes == std::set<std::string>{"rooms/*"});
}

TEST_CASE("a relay is told nothing once the bus has stopped") {
  fixture f;
  f.bus.relay_by(f.relay);
  auto who = f.spawn_silent();
  f.bus.subscribe(who, topic_pattern{"rooms/*"});
  f.bus.stop();
  CHECK(!f.bus.publish(posted{"a", "late"}));
  CHECK(f.relay->given.empty());
  CHECK(!f.bus.subscribe(who, topic_pattern{"users"}));
  CHECK(f.relay->wishes == std::set<std::string>{"rooms/*"});
}

TEST_CASE("what a relay knows agrees with the subscribers") {
  fixture f;
  f.bus.relay_by(f.relay);
  std::vector<caf::strong_actor_ptr> all;
  for (auto i = 0; i < 5; ++i)
    all.push_back(f.spawn_silent());
  std::mt19937 random{21};
  std::map<std::string, std::set<std::size_t>> expected;
  const std::vector<std::string> texts{"a", "a/b", "a/*", "*", "a/b/c", "*/c"};
  for (auto i = 0; i < 2'000; ++i) {
    auto who = random() % all.size();
    auto& text = texts[random() % texts.size()];
    if (random() % 2 == 0) {
      f.bus.subscribe(all[who], topic_pattern{text});
      expected[text].insert(who);
    } else {
      f.bus.unsubscribe(all[who].get(), topic_pattern{text});
      if (expected[text].erase(who); expected[text].empty())
        expected.erase(text);
    }
    std::set<std::string> wishes;
    for (auto& [wish, whose] : expected)
      wishes.insert(wish);
    REQUIRE(f.relay->wishes == wishes);
  }
}
