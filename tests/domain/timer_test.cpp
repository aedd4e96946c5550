#include "flamigo/domain/timer.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <caf/send.hpp>

#include "flamigo/blocking/blocking.hpp"
#include "flamigo/domain/domain_actor.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/task/sleep.hpp"
#include "flamigo/testing/app.hpp"
#include "support/thrown.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

using host_type = domain_actor<>;

/// A domain that begins its timers in its function, and when it is told to.
struct clock_tower {
  explicit clock_tower(std::function<void(host_type*)> begin) {
    // Who calls has one timer for all of its calls.
    app.host([](host_type*) -> domain_behavior {
      return {on("app::idle:do", [] {})};
    });
    CHECK(app.backend().call("app::idle:do"));
    others = waiting();
    handle = app.host([this, begin](host_type* self) -> domain_behavior {
      domain = self;
      begin(self);
      return {
        on("app::tower:do", [this] { work(); }),
        on("app::tower:quit", [=] { self->quit(); }),
        on("app::tower:fall", [=] { self->quit(caf::sec::runtime_error); }),
      };
    });
  }

  /// Does something in the domain.
  void in_domain(std::function<void()> f) {
    work = std::move(f);
    CHECK(app.backend().call("app::tower:do"));
  }

  /// What waits in the clock for the domain.
  std::size_t waiting() {
    auto& clock = dynamic_cast<caf::detail::simple_actor_clock&>(
      app.system().scheduler().clock());
    return clock.schedule().size() - others;
  }

  test::log_capture log;
  std::function<void()> work;
  host_type* domain = nullptr;
  std::size_t others = 0;
  testing::app app;
  domain_handle handle;
};

} // namespace

TEST_CASE("after a time a function runs once") {
  auto runs = 0;
  timer it;
  clock_tower f{
    [&](host_type* self) { it = self->after(60s, [&] { ++runs; }); }};
  CHECK(it.pending());
  f.app.advance(59s);
  CHECK(runs == 0);
  f.app.advance(1s);
  CHECK(runs == 1);
  CHECK_FALSE(it.pending());
  f.app.advance(1h);
  CHECK(runs == 1);
}

TEST_CASE("again and again it runs at multiples of its period") {
  std::vector<caf::timespan> at;
  clock_tower f{[&](host_type* self) {
    auto begin = self->clock().now();
    self->every(1s, [=, &at] { at.push_back(self->clock().now() - begin); });
  }};
  f.app.advance(3500ms);
  CHECK(at == std::vector<caf::timespan>{1s, 2s, 3s});
}

TEST_CASE("what a busy domain has missed is made up for by one") {
  std::vector<caf::timespan> at;
  clock_tower f{[&](host_type* self) {
    auto begin = self->clock().now();
    self->every(1s, [=, &at] { at.push_back(self->clock().now() - begin); });
  }};
  // The domain is in a handler while its time passes.
  auto& clock = dynamic_cast<caf::scheduler::test_coordinator&>(
                  f.app.system().scheduler())
                  .clock();
  f.in_domain([&] { clock.advance_time(3500ms); });
  CHECK(at == std::vector<caf::timespan>{3500ms});
  f.app.advance(500ms);
  CHECK(at == std::vector<caf::timespan>{3500ms, 4s});
}

TEST_CASE("a timer that is taken back leaves the clock") {
  auto runs = 0;
  auto owned = std::make_shared<int>(1);
  timer once;
  timer often;
  clock_tower f{[&](host_type* self) {
    once = self->after(1h, [&runs, owned] { ++runs; });
    often = self->every(1s, [&runs, owned] { ++runs; });
  }};
  auto before = f.waiting();
  f.in_domain([&] {
    once.cancel();
    often.cancel();
  });
  CHECK(f.waiting() == before - 2);
  CHECK(owned.use_count() == 1);
  CHECK_FALSE(once.pending());
  once.cancel();
  f.app.advance(2h);
  CHECK(runs == 0);
}

TEST_CASE("a timer may be taken back when it waits in the mailbox") {
  auto runs = 0;
  timer it;
  clock_tower f{
    [&](host_type* self) { it = self->after(1s, [&] { ++runs; }); }};
  auto& clock = dynamic_cast<caf::scheduler::test_coordinator&>(
                  f.app.system().scheduler())
                  .clock();
  f.in_domain([&] {
    clock.advance_time(1s);
    it.cancel();
  });
  f.app.run();
  CHECK(runs == 0);
}

TEST_CASE("a function takes back its own timer") {
  auto runs = 0;
  timer it;
  clock_tower f{[&](host_type* self) {
    it = self->every(1s, [&] {
      if (++runs == 3)
        it.cancel();
    });
  }};
  f.app.advance(10s);
  CHECK(runs == 3);
}

TEST_CASE("a timer may be a coroutine") {
  std::vector<int> seen;
  clock_tower f{[&](host_type* self) {
    self->after(1s, [=, &seen, text = std::string(100, 'x')]() -> task<void> {
      co_await sleep(self->as_domain(), 1min).or_throw();
      // It is not bound to the time of a request, and has what it captured.
      auto more = co_await self->call_strategy<int>("app::tower:more");
      if (!more)
        co_return more.error();
      seen.push_back(*more + static_cast<int>(text.size()));
      co_return ok;
    });
  }};
  f.app.strategies().add("app::tower:more", [] { return 5; });
  f.app.advance(1s);
  CHECK(seen.empty());
  f.app.advance(1min);
  CHECK(seen == std::vector{105});
}

TEST_CASE("a coroutine of a timer is one at a time") {
  std::vector<caf::timespan> begun;
  std::vector<caf::timespan> ended;
  timer it;
  clock_tower f{[&](host_type* self) {
    auto begin = self->clock().now();
    it = self->every(1s, [=, &begun, &ended]() -> task<void> {
      begun.push_back(self->clock().now() - begin);
      co_await sleep(self->as_domain(), 2500ms).or_throw();
      ended.push_back(self->clock().now() - begin);
      co_return ok;
    });
  }};
  f.app.advance(8s);
  CHECK(begun == std::vector<caf::timespan>{1s, 4s, 7s});
  CHECK(ended == std::vector<caf::timespan>{3500ms, 6500ms});
  // What has begun goes on.
  it.cancel();
  f.app.advance(8s);
  CHECK(begun.size() == 3);
  CHECK(ended.size() == 3);
}

TEST_CASE("what a coroutine of a timer fails with is logged") {
  auto runs = 0;
  clock_tower f{[&](host_type* self) {
    self->every(1s, [=, &runs]() -> task<void> {
      if (++runs % 2 == 0)
        co_await sleep(self->as_domain(), 100ms).or_throw();
      if (runs > 2)
        throw std::runtime_error{"broken"};
      co_return make_error(errc::conflict, "no tea");
    });
  }};
  f.app.advance(4100ms);
  CHECK(runs == 4);
  CHECK(f.handle.state() == domain_state::up);
  auto lines = f.log.lines();
  auto count = [&](std::string_view what) {
    return std::count_if(lines.begin(), lines.end(), [&](auto& line) {
      return line.find(what) != line.npos;
    });
  };
  CHECK(count("the domain actor of app::tower: a timer: ") == 4);
  CHECK(count("no tea") == 2);
  CHECK(count("broken") == 2);
}

TEST_CASE("coroutines of timers end with their domain") {
  auto alive = std::make_shared<int>();
  clock_tower f{[&](host_type* self) {
    self->after(1s, [=]() -> task<void> {
      auto here = alive;
      co_await sleep(self->as_domain(), 1min).or_throw();
      co_return ok;
    });
  }};
  f.app.advance(1s);
  auto before = alive.use_count();
  CHECK(before > 2);
  CHECK(f.app.backend().call("app::tower:quit"));
  CHECK(alive.use_count() < before);
  CHECK(f.waiting() == 0);
}

TEST_CASE("timers end with a domain that ends") {
  auto runs = 0;
  auto owned = std::make_shared<int>(1);
  clock_tower f{[&](host_type* self) {
    self->every(1s, [&runs, owned] { ++runs; });
    self->after(1h, [&runs, owned] { ++runs; });
  }};
  CHECK(f.app.backend().call("app::tower:quit"));
  CHECK(f.handle.state() == domain_state::ended);
  CHECK(f.waiting() == 0);
  f.app.advance(2h);
  CHECK(runs == 0);
  CHECK(owned.use_count() == 1);
}

TEST_CASE("a restart begins the timers anew") {
  std::vector<int> runs;
  auto life = 0;
  timer of_before;
  clock_tower f{[&](host_type* self) {
    auto mine = ++life;
    auto it = self->every(1s, [&runs, mine] { runs.push_back(mine); });
    if (mine == 1)
      of_before = it;
  }};
  f.app.advance(1s);
  CHECK(f.app.backend().call("app::tower:fall"));
  CHECK_FALSE(of_before.pending());
  of_before.cancel();
  f.app.advance(2s);
  CHECK(runs == std::vector<int>{1, 2, 2});
}

TEST_CASE("what leaves a timer is treated as what leaves any handler") {
  auto runs = 0;
  clock_tower f{[&](host_type* self) {
    self->every(1s, [&] {
      ++runs;
      throw std::runtime_error{"out of oil"};
    });
  }};
  f.app.advance(2s);
  CHECK(runs == 2);
  CHECK(test::logged(f.log, "the domain actor of app::tower: a handler of "
                            "messages: exception: out of oil")
        == 2);
  CHECK(f.app.domains().failures() == 0);
  f.in_domain([&] {
    f.domain->set_exception_handler([](std::exception_ptr&) -> caf::error {
      return caf::sec::runtime_error;
    });
  });
  f.app.advance(1s);
  CHECK(f.app.domains().failures() == 1);
  CHECK(f.app.domains().restarts() == 1);
}

TEST_CASE(
  "a period is longer than nothing, and a time may be longer than all") {
  auto runs = 0;
  clock_tower f{[&](host_type* self) {
    CHECK_THROWS_AS(self->every(0s, [] {}), std::invalid_argument);
    CHECK_THROWS_AS(self->every(-1s, [] {}), std::invalid_argument);
    self->after(caf::timespan::max(), [&] { runs += 100; });
    self->every(caf::timespan::max(), [&] { runs += 100; });
    self->after(-1s, [&] { ++runs; });
  }};
  f.app.advance(0s);
  CHECK(runs == 1);
}

TEST_CASE("a timer's function need not be copied, and is kept by nobody else") {
  auto value = 0;
  clock_tower f{[&](host_type* self) {
    self->after(1s, [&value, x = std::make_unique<int>(7)] { value = *x; });
  }};
  f.app.advance(1s);
  CHECK(value == 7);
}

TEST_CASE("a timer has its blocking work done elsewhere") {
  auto found = 0;
  clock_tower f{[&](host_type* self) {
    self->every(1s, [=, &found] {
      blocking(self, [] {
        return 3;
      }).then([&found](int x) { found += x; }, [](caf::error) {});
    });
  }};
  f.app.advance(2s);
  CHECK(found == 6);
}
