// The one queue of a thread, without threads: what is put waits until the test
// says that it is the thread's turn.

#include "flamigo/bus/detail/home_unit.hpp"

#include <chrono>
#include <functional>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include <boost/describe/class.hpp>

#include <catch2/catch_test_macros.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include "flamigo/bus/bus.hpp"
#include "flamigo/bus/detail/homed_actor.hpp"
#include "flamigo/bus/detail/wake_batch.hpp"
#include "flamigo/testing/actor_fixture.hpp"
#include "support/log_capture.hpp"

using namespace flamigo;
using strings = std::vector<std::string>;

namespace {

struct rang {
  std::string bell;

  flamigo::topic topics() const {
    return topic{"bells/" + bell};
  }
};

BOOST_DESCRIBE_STRUCT(rang, (), (bell))

/// A thread whose turn comes when the test says so.
class other_thread final : public detail::home_unit {
public:
  explicit other_thread(caf::actor_system& system) : home_unit(&system) {
  }

  void exec_later(caf::resumable* what) override {
    if (is_here())
      system().scheduler().enqueue(what);
    else
      put(what);
  }

  void turn() {
    scope here{this};
    settle();
  }

  /// Returns whether something is left.
  bool turn(std::size_t limit) {
    scope here{this};
    settle_some(limit);
    return has_unsettled();
  }

  /// What the test does here.
  template <class F>
  void act(F f) {
    scope here{this};
    f();
  }

  using home_unit::begin_rest;
  using home_unit::end_rest;
  using home_unit::retire;

  int wakes = 0;

  /// Whether memory runs short for the next one.
  bool cannot_wake = false;

private:
  void wake() override {
    if (std::exchange(cannot_wake, false))
      throw std::bad_alloc{};
    ++wakes;
  }
};

/// Writes down what it is given.
class member final : public caf::event_based_actor, public detail::homed_actor {
public:
  member(caf::actor_config& cfg, detail::home_unit& home, strings& heard)
    : caf::event_based_actor(cfg), home_(home), heard_(heard) {
  }

  detail::home_unit* home() const noexcept override {
    return &home_;
  }

  void hear(const event_ptr& what) override {
    heard_.push_back("at once " + what->get_if<rang>()->bell);
    if (auto f = std::exchange(meanwhile, {}))
      f();
  }

  void accept_event(const event_ptr& what) override {
    heard_.push_back("event " + what->get_if<rang>()->bell);
    if (auto f = std::exchange(meanwhile, {}))
      f();
  }

  void accept_message(caf::mailbox_element_ptr what) override {
    if (std::exchange(refuses, false))
      throw std::bad_alloc{};
    if (what->content().match_elements<std::string>())
      heard_.push_back("message " + what->content().get_as<std::string>(0));
    else
      // That it ends.
      caf::event_based_actor::enqueue(std::move(what), nullptr);
  }

  void overrun() override {
    heard_.push_back("overrun");
  }

  /// What others do while this one gets its next event.
  std::function<void()> meanwhile;

  /// Whether memory runs short for its next message.
  bool refuses = false;

  using caf::event_based_actor::enqueue;

  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit*) override {
    home_.put({caf::strong_actor_ptr{ctrl()}, this}, std::move(what));
  }

private:
  detail::home_unit& home_;
  strings& heard_;
};

struct fixture : testing::actor_fixture {
  caf::actor add(other_thread& where, strings& heard, const char* pattern) {
    auto result = system.spawn<member, caf::lazy_init>(std::ref(where),
                                                       std::ref(heard));
    adopt(result);
    bus.subscribe(caf::actor_cast<caf::strong_actor_ptr>(result),
                  topic_pattern{pattern});
    return result;
  }

  ~fixture() {
    one.retire();
    two.retire();
    end();
  }

  other_thread one{system};
  other_thread two{system};
  strings first;
  strings second;
};

} // namespace

TEST_CASE("messages and events of one sender keep their order") {
  fixture f;
  auto who = f.add(f.one, f.first, "bells");
  caf::anon_send(who, std::string{"1"});
  CHECK_FALSE(f.bus.publish(rang{"2"}));
  caf::anon_send(who, std::string{"3"});
  CHECK_FALSE(f.bus.publish(rang{"4"}));
  CHECK(f.first.empty());
  f.one.turn();
  CHECK(f.first == strings{"message 1", "event 2", "message 3", "event 4"});
}

TEST_CASE("a thread is woken once for all that waits") {
  fixture f;
  for (int i = 0; i < 10; ++i) {
    f.add(f.one, f.first, "bells");
    f.add(f.two, f.second, "bells");
  }
  CHECK_FALSE(f.bus.publish(rang{"1"}));
  CHECK_FALSE(f.bus.publish(rang{"2"}));
  CHECK(f.one.wakes == 1);
  CHECK(f.two.wakes == 1);
  f.one.turn();
  CHECK(f.first.size() == 20);
  f.one.turn();
  CHECK(f.first.size() == 20);
  CHECK_FALSE(f.bus.publish(rang{"3"}));
  CHECK(f.one.wakes == 2);
  CHECK(f.two.wakes == 1);
}

TEST_CASE("a thread that rests is woken for messages, not for events") {
  fixture f;
  auto who = f.add(f.one, f.first, "bells");
  f.one.begin_rest();
  CHECK_FALSE(f.bus.publish(rang{"1"}));
  {
    detail::wake_batch together;
    CHECK_FALSE(f.bus.publish(rang{"2"}));
  }
  CHECK(f.one.wakes == 0);
  SECTION("a message") {
    caf::anon_send(who, std::string{"3"});
    CHECK(f.one.wakes == 1);
    f.one.turn();
    CHECK(f.first == strings{"event 1", "event 2", "message 3"});
  }
  SECTION("the end of the rest") {
    f.one.end_rest();
    f.one.turn();
    CHECK(f.first == strings{"event 1", "event 2"});
  }
  SECTION("so many events that others will soon be lost") {
    while (f.one.wakes == 0)
      CHECK_FALSE(f.bus.publish(rang{"3"}));
    f.one.turn();
    CHECK(f.first.size() == detail::home_unit::max_events / 2);
  }
  SECTION("a rest without anything") {
    f.one.turn();
    f.one.begin_rest();
    f.one.end_rest();
  }
  // The rest is over.
  auto before = f.one.wakes;
  CHECK_FALSE(f.bus.publish(rang{"4"}));
  CHECK(f.one.wakes == before + 1);
  f.one.turn();
  CHECK(f.first.back() == "event 4");
}

TEST_CASE("a thread that could not be woken is woken by what comes next") {
  fixture f;
  test::log_capture log;
  f.add(f.one, f.first, "bells");
  f.add(f.two, f.second, "bells");
  f.one.cannot_wake = true;
  CHECK_FALSE(f.bus.publish(rang{"1"}));
  CHECK(f.one.wakes == 0);
  CHECK(f.two.wakes == 1);
  CHECK_FALSE(f.bus.publish(rang{"2"}));
  CHECK(f.one.wakes == 1);
  f.one.turn();
  f.one.cannot_wake = true;
  {
    detail::wake_batch together;
    CHECK_FALSE(f.bus.publish(rang{"3"}));
  }
  CHECK_FALSE(f.bus.publish(rang{"4"}));
  CHECK(f.one.wakes == 2);
  f.one.turn();
  CHECK(f.first == strings{"event 1", "event 2", "event 3", "event 4"});
  CHECK(log.lines().size() == 2);
}

TEST_CASE("an event of its own thread waits for nothing") {
  fixture f;
  f.add(f.one, f.first, "bells");
  f.add(f.two, f.second, "bells");
  f.one.act([&] { (void) f.bus.publish(rang{"1"}); });
  CHECK(f.first == strings{"at once 1"});
  CHECK(f.second.empty());
  f.two.turn();
  CHECK(f.second == strings{"event 1"});
}

TEST_CASE("a turn takes about as much as it may, and the next one the rest") {
  fixture f;
  for (int i = 0; i < 3; ++i)
    f.add(f.one, f.first, "bells");
  for (auto bell : {"1", "2", "3"})
    CHECK_FALSE(f.bus.publish(rang{bell}));
  CHECK(f.one.turn(4));
  CHECK(f.first.size() == 6);
  // Behind what is left.
  CHECK_FALSE(f.bus.publish(rang{"4"}));
  f.one.turn();
  CHECK(f.first.size() == 12);
  CHECK(f.first[8] == "event 3");
  CHECK(f.first[11] == "event 4");
}

TEST_CASE("who would get more events than may wait is told so") {
  fixture f;
  f.add(f.one, f.first, "bells");
  f.add(f.two, f.second, "bells");
  for (std::size_t i = 0; i < detail::home_unit::max_events; ++i)
    CHECK_FALSE(f.bus.publish(rang{"1"}));
  f.two.turn();
  CHECK(f.first.empty());
  CHECK_FALSE(f.bus.publish(rang{"2"}));
  CHECK(f.first == strings{"overrun"});
  f.two.turn();
  CHECK(f.second.back() == "event 2");
  f.one.turn();
  CHECK_FALSE(f.bus.publish(rang{"3"}));
  f.one.turn();
  CHECK(f.first.back() == "event 3");
}

TEST_CASE("an event that one subscriber cannot be told is told to the others") {
  fixture f;
  auto first = f.add(f.one, f.first, "bells");
  f.add(f.one, f.second, "bells");
  auto& actor
    = *static_cast<member*>(caf::actor_cast<caf::abstract_actor*>(first));
  auto fail = [] { throw std::bad_alloc{}; };
  actor.meanwhile = fail;
  f.one.act([&] { CHECK_FALSE(f.bus.publish(rang{"1"})); });
  CHECK(f.first == strings{"at once 1", "overrun"});
  CHECK(f.second == strings{"at once 1"});
  actor.meanwhile = fail;
  CHECK_FALSE(f.bus.publish(rang{"2"}));
  CHECK_FALSE(f.bus.publish(rang{"3"}));
  f.one.turn();
  CHECK(f.first
        == strings{"at once 1", "overrun", "event 2", "overrun", "event 3"});
  CHECK(f.second == strings{"at once 1", "event 2", "event 3"});
}

TEST_CASE("a message that is not taken leaves the queue as it was") {
  fixture f;
  auto who = f.add(f.one, f.first, "bells");
  auto& actor
    = *static_cast<member*>(caf::actor_cast<caf::abstract_actor*>(who));
  actor.refuses = true;
  caf::anon_send(who, std::string{"1"});
  caf::anon_send(who, std::string{"2"});
  CHECK_THROWS_AS(f.one.turn(), std::bad_alloc);
  f.one.turn();
  CHECK(f.first == strings{"message 2"});
}

TEST_CASE(
  "what was put for a thread that has ended is handed on all the same") {
  fixture f;
  auto who = f.add(f.one, f.first, "bells");
  CHECK_FALSE(f.bus.publish(rang{"1"}));
  f.one.retire();
  CHECK_FALSE(f.bus.publish(rang{"2"}));
  caf::anon_send(who, std::string{"3"});
  CHECK(f.first == strings{"event 1", "event 2", "message 3"});
}

TEST_CASE("who puts something while a thread ends does not overtake himself") {
  fixture f;
  auto who = f.add(f.one, f.first, "bells");
  auto& actor
    = *static_cast<member*>(caf::actor_cast<caf::abstract_actor*>(who));
  actor.meanwhile = [&] { caf::anon_send(who, std::string{"3"}); };
  CHECK_FALSE(f.bus.publish(rang{"1"}));
  CHECK_FALSE(f.bus.publish(rang{"2"}));
  f.one.retire();
  CHECK(f.first == strings{"event 1", "event 2", "message 3"});
}

TEST_CASE("an actor that publishes often wakes the others once") {
  fixture f;
  f.add(f.one, f.first, "bells");
  f.add(f.two, f.second, "bells");
  {
    detail::wake_batch together;
    // Quick enough, or it is woken before, which is right as well.
    CHECK_FALSE(f.bus.publish(rang{"1"}));
    CHECK_FALSE(f.bus.publish(rang{"2"}));
    // Whoever looks by itself finds it.
    f.two.turn();
    CHECK(f.second.size() == 2);
  }
  CHECK(f.one.wakes == 1);
  f.one.turn();
  CHECK(f.first == strings{"event 1", "event 2"});
  CHECK_FALSE(f.bus.publish(rang{"3"}));
  CHECK(f.one.wakes == 2);
}

TEST_CASE("an actor that takes its time keeps nothing back") {
  fixture f;
  f.add(f.one, f.first, "bells");
  detail::wake_batch together;
  auto begin = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - begin
         < detail::wake_batch::patience)
    ;
  CHECK_FALSE(f.bus.publish(rang{"1"}));
  CHECK(f.one.wakes == 1);
}
