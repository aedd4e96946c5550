#include "flamigo/io/detail/io_thread.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include <boost/describe/class.hpp>

#include <catch2/catch_test_macros.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include "flamigo/bus/bus.hpp"
#include "flamigo/bus/detail/homed_actor.hpp"
#include "flamigo/claims/claims.hpp"
#include "flamigo/metrics/metric_registry.hpp"
#include "flamigo/roster/detail/client_opened.hpp"
#include "flamigo/roster/roster.hpp"
#include "flamigo/testing/actor_fixture.hpp"
#include "flamigo/topic/topic_pattern.hpp"

using namespace flamigo;

namespace {

/// As a connection's actor: for I/O threads.
class resident_actor : public caf::event_based_actor {
public:
  resident_actor(caf::actor_config& cfg, int& calls)
    : caf::event_based_actor(cfg), calls_(calls) {
  }

  subtype_t subtype() const override {
    return io_actor;
  }

protected:
  caf::behavior make_behavior() override {
    return {[this](int) { ++calls_; }};
  }

private:
  int& calls_;
};

/// One that is no connection's.
caf::actor add_worker(testing::actor_fixture& f, int& calls) {
  auto result = f.system.spawn([&calls](caf::event_based_actor*) {
    return caf::behavior{[&calls](int) { ++calls; }};
  });
  f.adopt(result);
  f.run();
  return result;
}

std::vector<caf::actor> add_residents(testing::actor_fixture& f, int& calls,
                                      int count) {
  std::vector<caf::actor> result;
  for (int i = 0; i < count; ++i) {
    result.push_back(f.system.spawn<resident_actor, caf::lazy_init>(calls));
    f.adopt(result.back());
  }
  f.run();
  return result;
}

void send_one(const caf::actor& to, caf::execution_unit& from) {
  caf::actor_cast<caf::strong_actor_ptr>(to)->enqueue(
    nullptr, caf::make_message_id(), caf::make_message(1), &from);
}

} // namespace

TEST_CASE("an actor that is no connection runs on CAF's scheduler") {
  testing::actor_fixture f;
  detail::io_thread loop{f.system, std::chrono::hours{1}, 1024};
  int calls = 0;
  auto worker = add_worker(f, calls);
  // As a connection's actor sends: with the unit that runs it.
  send_one(worker, loop);
  loop.context().poll();
  CHECK(calls == 0);
  f.run();
  CHECK(calls == 1);
}

namespace {

/// A connection that ends while its output leaves, and has to tell so.
struct ending : detail::flushable {
  ending(const caf::actor& who, detail::io_thread& where)
    : to(who), loop(where) {
  }

  virtual ~ending() = default;

  void flush() override {
    send_one(to, loop);
  }

  caf::actor to;
  detail::io_thread& loop;
};

} // namespace

TEST_CASE("who hears of it that a connection has ended waits for no turn") {
  testing::actor_fixture f;
  detail::io_thread loop{f.system, std::chrono::hours{1}, 1024};
  int calls = 0;
  auto worker = add_worker(f, calls);
  loop.turn([&] { loop.flush_later(std::make_shared<ending>(worker, loop)); });
  f.run();
  CHECK(calls == 1);
}

namespace {

struct noted : detail::flushable {
  noted(std::string& where, char what) : log(where), name(what) {
  }

  virtual ~noted() = default;

  void flush() override {
    log += name;
  }

  std::string& log;
  char name;
};

} // namespace

TEST_CASE("who has asked is served before those who hear of it") {
  testing::actor_fixture f;
  detail::io_thread loop{f.system, std::chrono::hours{1}, 1024};
  std::string log;
  auto hearer = std::make_shared<noted>(log, 'h');
  auto first = std::make_shared<noted>(log, '1');
  auto second = std::make_shared<noted>(log, '2');
  loop.turn([&] {
    loop.flush_later(hearer);
    for (auto& who : {first, first, first, second})
      loop.flush_first(who);
  });
  CHECK(log == "12h");
}

TEST_CASE("another thread is woken when a turn has all that it gets") {
  testing::actor_fixture f;
  detail::io_thread loop{f.system, std::chrono::hours{1}, 1024};
  detail::io_thread other{f.system, std::chrono::hours{1}, 1024};
  int calls = 0;
  auto actors = add_residents(f, calls, 2);
  // By its clock, the turn takes no time: one that takes long waits no longer.
  loop.tick(std::chrono::steady_clock::now() + std::chrono::hours{1});
  loop.turn([&] {
    for (auto& to : actors)
      send_one(to, other);
    CHECK(other.context().poll() == 0);
    other.context().restart();
  });
  CHECK(other.context().poll() == 1);
  CHECK(calls == 2);
}

TEST_CASE("another thread wakes this one once for all that it sends") {
  testing::actor_fixture f;
  detail::io_thread loop{f.system, std::chrono::hours{1}, 1024};
  int calls = 0;
  auto actors = add_residents(f, calls, 100);
  // The test's thread is not the one of the loop.
  for (auto& to : actors)
    send_one(to, loop);
  CHECK(calls == 0);
  CHECK(loop.context().poll() == 1);
  CHECK(calls == 100);
}

namespace {

struct rang {
  topic topics() const {
    return topic{"bells"};
  }
};

BOOST_DESCRIBE_STRUCT(rang, (), ())

/// A subscriber whose home is the loop.
class listener : public caf::event_based_actor, public detail::homed_actor {
public:
  listener(caf::actor_config& cfg, detail::home_unit& home, int& calls)
    : caf::event_based_actor(cfg), home_(home), calls_(calls) {
  }

  detail::home_unit* home() const noexcept override {
    return &home_;
  }

  void hear(const event_ptr& what) override {
    accept_event(what);
  }

  void accept_event(const event_ptr&) override {
    ++calls_;
  }

  void accept_message(caf::mailbox_element_ptr what) override {
    caf::event_based_actor::enqueue(std::move(what), nullptr);
  }

  void overrun() override {
    FAIL("too many events");
  }

private:
  detail::home_unit& home_;
  int& calls_;
};

} // namespace

TEST_CASE("a thread that rests has events when it is over") {
  testing::actor_fixture f;
  detail::io_thread loop{f.system, std::chrono::hours{1}, 1024};
  int calls = 0;
  auto who = f.system.spawn<listener, caf::lazy_init>(loop, calls);
  f.adopt(who);
  f.bus.subscribe(caf::actor_cast<caf::strong_actor_ptr>(who),
                  topic_pattern{"bells"});
  auto publish = [&] { CHECK_FALSE(f.bus.publish(rang{})); };
  auto poll = [&] {
    loop.context().restart();
    loop.context().poll();
    return calls;
  };
  auto come = [&](int count) {
    // The timer's own time, which is none.
    while (calls < count)
      poll();
  };
  // It ends when nothing has come, too.
  loop.rest(std::chrono::nanoseconds{0});
  loop.context().restart();
  loop.context().run_one();
  publish();
  CHECK(poll() == 1);
  loop.rest(std::chrono::hours{1});
  publish();
  publish();
  CHECK(poll() == 1);
  SECTION("at its end") {
    loop.rest(std::chrono::nanoseconds{0});
    come(3);
  }
  SECTION("when it is called") {
    loop.call_later([] {});
    CHECK(poll() == 3);
  }
  // And then at once.
  publish();
  CHECK(poll() == 4);
  loop.retire();
}

TEST_CASE("actors of a thread that has stopped run on CAF's scheduler") {
  testing::actor_fixture f;
  detail::io_thread loop{f.system, std::chrono::hours{1}, 1024};
  int calls = 0;
  auto actors = add_residents(f, calls, 2);
  // Before and after, as those are sent to whose sender was a little late.
  send_one(actors[0], loop);
  loop.retire();
  send_one(actors[1], loop);
  f.run();
  CHECK(calls == 2);
}

namespace {

/// Has something to do each time, and wants more.
struct worker : detail::patient, std::enable_shared_from_this<worker> {
  explicit worker(detail::io_thread& where) : loop(where) {
  }

  virtual ~worker() = default;

  void go_on() override {
    if (++times < 5)
      loop.when_idle(shared_from_this());
  }

  detail::io_thread& loop;
  int times = 0;
};

/// A descriptor that is always ready.
struct busy : detail::socket_poller::watcher {
  virtual ~busy() = default;

  void on_ready(bool, bool) override {
    ++times;
  }

  int times = 0;
};

} // namespace

TEST_CASE("whoever has had a share waits for the others, but not for long") {
  testing::actor_fixture f;
  detail::io_thread loop{f.system, std::chrono::hours{1}, 1024};
  auto patient = std::make_shared<worker>(loop);
  // Alone, it goes on at once.
  loop.turn([&] { loop.when_idle(patient); });
  loop.context().poll();
  CHECK(patient->times == 5);
  // Beside others, it waits; the clock of the thread says for how long.
  auto later = std::chrono::steady_clock::now() + std::chrono::hours{1};
  loop.tick(later);
  int fds[2];
  REQUIRE(::pipe(fds) == 0);
  REQUIRE(::write(fds[1], "x", 1) == 1);
  busy other;
  detail::error_code ec;
  loop.sockets().add(fds[0], other, ec);
  patient->times = 4;
  loop.turn([&] { loop.when_idle(patient); });
  loop.context().restart();
  while (other.times < 10)
    loop.context().poll_one();
  CHECK(patient->times == 4);
  loop.tick(later + std::chrono::milliseconds{1});
  while (patient->times == 4)
    loop.context().poll_one();
  CHECK(patient->times == 5);
  loop.sockets().remove(fds[0], other);
  ::close(fds[0]);
  ::close(fds[1]);
}

TEST_CASE("a roster runs where it is told to") {
  testing::actor_fixture f;
  roster watch{f.bus};
  f.adopt(watch.handle());
  f.run();
  int calls = 0;
  auto client = f.system.spawn<resident_actor>(calls);
  detail::io_thread loop{f.system, std::chrono::hours{1}, 1024};
  watch.run_on(&loop);
  caf::anon_send(watch.handle(),
                 client_opened{client, std::make_shared<claims>()});
  f.run();
  CHECK(watch.open() == 0);
  loop.context().poll();
  CHECK(watch.open() == 1);
  watch.run_on(nullptr);
  caf::anon_send_exit(client, caf::exit_reason::user_shutdown);
  f.run();
  CHECK(watch.open() == 0);
}

TEST_CASE("turns are counted, and the one that goes on is seen by others") {
  testing::actor_fixture f;
  metric_registry counted{{""}};
  detail::io_thread loop{f.system, std::chrono::hours{1}, 1024};
  CHECK(loop.meter() == nullptr);
  loop.count_in(counted, 3);
  auto& turns = counted.turns_of(3);
  auto later = std::chrono::steady_clock::now() + std::chrono::hours{1};
  auto age = std::chrono::nanoseconds{0};
  loop.turn([&] { age = turns.age(later); });
  CHECK(age > std::chrono::minutes{59});
  CHECK(turns.age(later) == std::chrono::nanoseconds{0});
  CHECK(loop.meter() == &counted.here());
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < detail::duration_cells::buckets; ++i)
    count += turns.took().count(i);
  CHECK(count == 1);
}
