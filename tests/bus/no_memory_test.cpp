// What becomes of events and subscriptions for which a piece of memory is
// missing: who has got nothing is told so, and what has failed can be done
// again.

#include <string>

#include <catch2/catch_test_macros.hpp>

#include <caf/event_based_actor.hpp>

#include "flamigo/bus/bus.hpp"
#include "flamigo/bus/detail/homed_actor.hpp"
#include "flamigo/bus/detail/subscription_table.hpp"
#include "flamigo/bus/detail/typed_event.hpp"
#include "flamigo/testing/actor_fixture.hpp"
#include "support/events.hpp"
#include "support/log_capture.hpp"
#include "support/memory_shortage.hpp"
#include "support/virtual_thread.hpp"

using namespace flamigo;
using test::posted;
using test::virtual_thread;
using test::without_piece;

namespace {

/// Counts what it hears or misses.
class member final : public caf::event_based_actor, public detail::homed_actor {
public:
  member(caf::actor_config& cfg, detail::home_unit& home, int& told)
    : caf::event_based_actor(cfg), home_(home), told_(told) {
  }

  detail::home_unit* home() const noexcept override {
    return &home_;
  }

  void hear(const event_ptr&) override {
    ++told_;
  }

  void accept_event(const event_ptr&) override {
    ++told_;
  }

  void accept_message(caf::mailbox_element_ptr) override {
    // Nobody sends any here.
  }

  void overrun() override {
    ++told_;
  }

private:
  detail::home_unit& home_;
  int& told_;
};

struct fixture : testing::actor_fixture {
  fixture() {
    for (auto home : {&one, &two})
      join(
        system.spawn<member, caf::lazy_init>(std::ref(*home), std::ref(told)));
    for (auto i = 0; i < 2; ++i)
      join(system.spawn([this](caf::event_based_actor*) -> caf::behavior {
        return {[this](const event_ptr&) { ++told; }};
      }));
  }

  ~fixture() {
    end();
  }

  void join(const caf::actor& who) {
    adopt(who);
    bus.subscribe(caf::actor_cast<caf::strong_actor_ptr>(who),
                  topic_pattern{"rooms"});
  }

  void settle() {
    for (auto home : {&one, &two})
      home->turn([] {}, 1'000, 1'000);
    run();
  }

  virtual_thread one{system};
  virtual_thread two{system};
  int told = 0;
};

int lines_about_a_subscriber(const test::log_capture& log) {
  int result = 0;
  for (auto& line : log.lines())
    result += line.find("cannot be told to a subscriber") != line.npos ? 1 : 0;
  return result;
}

} // namespace

TEST_CASE("nobody misses an event without a word because memory ran short") {
  for (int n = 0;; ++n) {
    fixture f;
    f.run();
    test::log_capture log;
    auto what = *detail::make_event(posted{"a", "hi"}, {});
    caf::error why;
    auto how = without_piece(n, [&] { why = f.bus.deliver(what, nullptr); });
    f.settle();
    INFO(n);
    CHECK_FALSE(why);
    // All of them, or none and the publisher knows.
    CHECK(f.told + lines_about_a_subscriber(log) == (how.threw ? 0 : 4));
    if (!how.was_short) {
      CHECK(n > 3);
      break;
    }
  }
}

TEST_CASE("what could not be subscribed can be, and is forgotten later") {
  testing::actor_fixture f;
  auto spawn = [&f] {
    auto result = f.system.spawn(
      [](caf::event_based_actor*) { return caf::behavior{[](int) {}}; });
    f.adopt(result);
    return caf::actor_cast<caf::strong_actor_ptr>(result);
  };
  auto other = spawn();
  auto who = spawn();
  f.run();
  for (std::string pattern : {"rooms/a", "rooms/b/c"})
    for (int n = 0;; ++n) {
      INFO(pattern << ' ' << n);
      detail::subscription_table table;
      table.add(other, "rooms/a");
      topic where{pattern};
      (void) table.match({&where, 1});
      auto how = without_piece(n, [&] { table.add(who, pattern); });
      if (how.threw) {
        CHECK(table.count(who->id()) == 0);
        // Whoever is new has to be watched.
        CHECK(table.add(who, pattern)
              == detail::subscription_table::added::first);
      }
      CHECK(table.match({&where, 1})->size() == (pattern == "rooms/a" ? 2 : 1));
      table.forget(who->id());
      table.forget(other->id());
      CHECK(table.nodes() == 0);
      if (!how.was_short) {
        CHECK(n > 1);
        break;
      }
    }
}
