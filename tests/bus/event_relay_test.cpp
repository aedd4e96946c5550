#include "flamigo/bus/event_relay.hpp"

#include <map>
#include <memory>
#include <new>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <caf/event_based_actor.hpp>

#include "flamigo/bus/bus.hpp"
#include "flamigo/bus/detail/sync_delivery.hpp"
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

TEST_CASE("who stands for subscribers elsewhere is among those of a topic") {
  struct far final : event_relay {
    void relay(const event_ptr&) noexcept override {
    }

    void wanted(std::string_view) override {
    }

    void unwanted(std::string_view) noexcept override {
    }

    std::vector<caf::strong_actor_ptr>
    subscribers(const topic& what) const override {
      if (what.text() == "rooms/a")
        return {there};
      return {};
    }

    caf::strong_actor_ptr there;
  };
  fixture f;
  auto relay = std::make_shared<far>();
  relay->there = f.spawn_silent();
  auto here = f.spawn_silent();
  f.bus.relay_by(relay);
  f.bus.subscribe(here, topic_pattern{"rooms/*"});
  CHECK(f.bus.subscribers(topic{"rooms/a"})
        == std::vector<caf::strong_actor_ptr>{relay->there, here});
  CHECK(f.bus.subscribers(topic{"rooms/b"})
        == std::vector<caf::strong_actor_ptr>{here});
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
