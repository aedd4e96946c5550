#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <boost/describe/class.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/strategy/call.hpp"
#include "flamigo/task/detail/frame_pool.hpp"
#include "flamigo/task/sleep.hpp"
#include "flamigo/task/stream.hpp"
#include "flamigo/task/when_all.hpp"
#include "flamigo/task/when_any.hpp"
#include "flamigo/testing/app.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

struct row {
  int number;
  std::string text;
};

BOOST_DESCRIBE_STRUCT(row, (), (number, text))

/// What is told of a frame: whether it is there.
struct probe {
  explicit probe(int& count) : alive(&count) {
    ++*alive;
  }

  probe(const probe&) = delete;

  probe& operator=(const probe&) = delete;

  ~probe() {
    --*alive;
  }

  int* alive;
};

const std::string long_text = "a text that does not fit into a string itself";

/// Rows, with a pause before each if one is given.
stream<row> count(context& ctx, int to, int& alive, caf::timespan pause = 0ms) {
  probe here{alive};
  for (int i = 1; i <= to; ++i) {
    if (pause > 0ms)
      co_await sleep(ctx, pause).or_throw();
    row next{i, long_text};
    co_yield next;
  }
}

/// Runs a coroutine as a strategy, and returns what it answers with.
template <class T, class F>
T run(testing::app& app, F fun) {
  app.strategies().add("app::test:run", std::move(fun));
  auto ada = app.connect();
  return ada.call<T>("app::test:run");
}

} // namespace

TEST_CASE("a stream gives one item after the other, to its end") {
  testing::app app;
  int alive = 0;
  auto sum = run<int>(app, [&alive](context ctx) -> task<int> {
    auto rows = count(ctx, 4, alive);
    int result = 0;
    while (auto next = co_await rows.next().or_throw())
      result += next->text == long_text ? next->number : 100;
    // Behind the end there is nothing but the end.
    auto more = co_await rows.next();
    co_return more && !*more && !rows && alive == 0 ? result : -1;
  });
  CHECK(sum == 10);
}

TEST_CASE("a stream is lazy: it runs as far as it is asked for") {
  testing::app app;
  auto steps = run<std::string>(app, []() -> task<std::string> {
    std::string log;
    auto make = [](std::string& to) -> stream<int> {
      to += "a";
      co_yield 1;
      to += "b";
      co_yield 2;
      to += "c";
    };
    auto items = make(log);
    log += "0";
    co_await items.next();
    log += "1";
    co_await items.next();
    log += "2";
    co_await items.next();
    co_return log;
  });
  CHECK(steps == "0a1b2c");
}

TEST_CASE("what a stream goes on using is copied, what it gives away is not") {
  testing::app app;
  using shared = std::shared_ptr<int>;
  auto fits = run<bool>(app, []() -> task<bool> {
    auto make = []() -> stream<shared> {
      auto mine = std::make_shared<int>(7);
      co_yield mine;
      co_yield std::make_shared<int>(mine.use_count());
      co_yield std::move(mine);
    };
    auto items = make();
    auto first = co_await items.next().or_throw();
    auto second = co_await items.next().or_throw();
    auto third = co_await items.next().or_throw();
    co_return **first == 7 && **second == 2 && *third == *first
      && third->use_count() == 2;
  });
  CHECK(fits);
}

TEST_CASE("a stream ends with an error in every way in which a task does") {
  testing::app app;
  auto ways = run<std::vector<int>>(app, []() -> task<std::vector<int>> {
    auto make = [](int way) -> stream<int> {
      co_yield 1;
      switch (way) {
        case 0:
          co_yield make_error(errc::conflict);
          break;
        case 1:
          co_yield errc::conflict;
          break;
        case 2:
          co_yield caf::expected<int>{make_error(errc::conflict)};
          break;
        case 3:
          throw thrown_error{make_error(errc::conflict)};
        case 4:
          throw std::runtime_error{"broken"};
        case 5:
          co_yield caf::error{};
          break;
        default:
          co_yield caf::expected<int>{2};
          co_return;
      }
      co_yield 99;
    };
    std::vector<int> result;
    for (int way = 0; way < 7; ++way) {
      auto items = make(way);
      co_await items.next();
      auto what = co_await items.next();
      result.push_back(what ? **what : status_of(what.error()));
      auto end = co_await items.next();
      result.push_back(end && !*end ? 0 : 1);
    }
    co_return result;
  });
  CHECK(
    ways
    == std::vector<int>{409, 0, 409, 0, 409, 0, 409, 0, 500, 0, 500, 0, 2, 0});
}

TEST_CASE("a stream that is dropped ends where it rests or waits") {
  testing::app app;
  int alive = 0;
  app.strategies().add("app::test:drop", [&alive](context ctx) -> task<int> {
    { auto never_read = count(ctx, 4, alive); }
    auto rests = count(ctx, 4, alive);
    co_await rests.next();
    auto before = alive;
    rests = {};
    auto waits = count(ctx, 4, alive, 1h);
    co_await when_any(waits.next(), sleep(ctx, 0ms));
    before = 10 * before + alive;
    waits = {};
    co_return 10 * before + alive;
  });
  auto ada = app.connect();
  auto ref = ada.send("app::test:drop");
  app.advance(1ms);
  CHECK(ada.expect_reply<int>(ref) == 110);
}

TEST_CASE("an item that came too late is what the next call gives") {
  testing::app app;
  int alive = 0;
  app.strategies().add(
    "app::test:late", [&alive](context ctx) -> task<std::vector<int>> {
      std::vector<int> result;
      auto rows = count(ctx, 3, alive, 30ms);
      for (;;) {
        auto first = co_await when_any(rows.next(), sleep(ctx, 20ms));
        if (first.index() == 1) {
          result.push_back(0);
          continue;
        }
        auto& item = std::get<0>(first);
        if (!item || !*item)
          co_return result;
        result.push_back((*item)->number);
      }
    });
  auto ada = app.connect();
  auto ref = ada.send("app::test:late");
  app.advance(1s);
  CHECK(ada.expect_reply<std::vector<int>>(ref)
        == std::vector<int>{0, 1, 0, 2, 0, 3});
}

TEST_CASE("one at a time waits for the next item of a stream") {
  testing::app app;
  int alive = 0;
  app.strategies().add(
    "app::test:two", [&alive](context ctx) -> task<std::string> {
      auto rows = count(ctx, 3, alive, 30ms);
      auto [a, b] = co_await when_all(rows.next(), rows.next());
      if (!a || b)
        co_return "wrong";
      co_return trace_of(b.error());
    });
  auto ada = app.connect();
  auto ref = ada.send("app::test:two");
  app.advance(1s);
  CHECK(ada.expect_reply<std::string>(ref).find("two wait for the next item")
        != std::string::npos);
  CHECK(alive == 0);
}

TEST_CASE("a stream reads another one, and tasks") {
  testing::app app;
  int alive = 0;
  struct maker {
    static task<int> twice(context& ctx, int in) {
      co_await sleep(ctx, 10ms);
      co_return 2 * in;
    }

    static stream<int> doubled(context& ctx, stream<row> rows) {
      auto mine = std::move(rows);
      while (auto next = co_await mine.next().or_throw())
        co_yield co_await twice(ctx, next->number);
    }
  };
  app.strategies().add("app::test:nested",
                       [&alive](context ctx) -> task<std::vector<int>> {
                         auto all = maker::doubled(ctx, count(ctx, 3, alive));
                         std::vector<int> result;
                         while (auto next = co_await all.next().or_throw())
                           result.push_back(*next);
                         co_return result;
                       });
  auto ada = app.connect();
  auto ref = ada.send("app::test:nested");
  app.advance(30ms);
  CHECK(ada.expect_reply<std::vector<int>>(ref) == std::vector<int>{2, 4, 6});
  CHECK(alive == 0);
}

TEST_CASE("a stream that outlives who has read it ends with him") {
  testing::app app;
  int alive = 0;
  struct keeper {
    stream<row> rows;
  };
  app.host([&alive](domain_actor<keeper>* self) -> domain_behavior {
    return {on("app::keep:first",
               [=, &alive](context ctx) -> task<int> {
                 self->state.rows = count(ctx, 9, alive, 1h);
                 auto first = co_await when_any(self->state.rows.next(),
                                                sleep(ctx, 1ms));
                 co_return static_cast<int>(first.index());
               }),
            on("app::keep:second", [=](context) -> task<std::string> {
              auto what = co_await self->state.rows.next();
              co_return what ? "an item" : trace_of(what.error());
            })};
  });
  auto ada = app.connect();
  auto ref = ada.send("app::keep:first");
  CHECK(alive == 1);
  app.advance(1ms);
  CHECK(ada.expect_reply<int>(ref) == 1);
  CHECK(alive == 0);
  CHECK(ada.call<std::string>("app::keep:second").find("was ended by the end")
        != std::string::npos);
}

/// A domain that keeps a stream, which one handler leaves and others go on
/// with.
struct kept_stream {
  struct state {
    stream<row> rows;
  };

  explicit kept_stream(caf::timespan pause) {
    app.host([this, pause](domain_actor<state>* self) -> domain_behavior {
      return {on("app::keep:leave",
                 [=, this](context ctx) -> task<void> {
                   self->state.rows = count(ctx, 9, alive, pause);
                   co_await when_any(self->state.rows.next(), sleep(ctx, 1ms));
                   co_await sleep(ctx, 10ms);
                   co_return ok;
                 }),
              on("app::keep:next",
                 [=](context) -> task<int> {
                   auto what = co_await self->state.rows.next();
                   if (!what)
                     co_return what.error();
                   co_return *what ? (*what)->number : 0;
                 }),
              on("app::keep:quit",
                 [=] { self->quit(caf::sec::runtime_error); })};
    });
  }

  int alive = 0;
  testing::app app;
};

TEST_CASE("an item that comes meanwhile outlives who has not waited for it") {
  kept_stream f{5ms};
  auto ada = f.app.connect();
  auto left = ada.send("app::keep:leave");
  f.app.advance(20ms);
  ada.expect_reply<raw_json>(left);
  CHECK(f.alive == 1);
  CHECK(ada.call<int>("app::keep:next") == 1);
  auto next = ada.send("app::keep:next");
  f.app.advance(5ms);
  CHECK(ada.expect_reply<int>(next) == 2);
}

TEST_CASE("a stream that waits in one is read by another") {
  kept_stream f{8ms};
  auto ada = f.app.connect();
  auto left = ada.send("app::keep:leave");
  f.app.advance(2ms);
  auto next = ada.send("app::keep:next");
  f.app.advance(6ms);
  CHECK(ada.expect_reply<int>(next) == 1);
  next = ada.send("app::keep:next");
  f.app.advance(20ms);
  ada.expect_reply<raw_json>(left);
  CHECK(ada.expect_reply<int>(next) == 2);
}

TEST_CASE("who reads a stream that waits in another one ends by himself") {
  kept_stream f{8ms};
  auto ada = f.app.connect();
  auto left = ada.send("app::keep:leave");
  f.app.advance(2ms);
  auto next = ada.send("app::keep:next");
  CHECK(ada.cancel(next));
  ada.expect_error(next, 499);
  f.app.advance(20ms);
  ada.expect_reply<raw_json>(left);
  CHECK(ada.call<int>("app::keep:next") == 1);
}

TEST_CASE("who reads a stream is told that it ends with another one") {
  kept_stream f{1h};
  auto ada = f.app.connect();
  auto left = ada.send("app::keep:leave");
  f.app.advance(2ms);
  auto next = ada.send("app::keep:next");
  CHECK(f.alive == 1);
  SECTION("which has ended") {
    f.app.advance(20ms);
    ada.expect_reply<raw_json>(left);
    ada.expect_error(next, 500);
  }
  SECTION("which ends with their actor") {
    ada.send("app::keep:quit");
    f.app.run();
    ada.expect_error(left, 503);
    ada.expect_error(next, 503);
  }
  CHECK(f.alive == 0);
}

TEST_CASE("many items that are there at once need no stack") {
  testing::app app;
  struct maker {
    static stream<int> all() {
      for (int i = 0; i < 300'000; ++i)
        co_yield i;
    }
  };
  auto sum = run<int>(app, []() -> task<int> {
    int result = 0;
    auto items = maker::all();
    while (auto next = co_await items.next().or_throw())
      ++result;
    co_return result;
  });
  CHECK(sum == 300'000);
}
