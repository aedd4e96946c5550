#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/client/client.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/strategy/call.hpp"
#include "flamigo/task/sleep.hpp"
#include "flamigo/task/when_any.hpp"
#include "flamigo/testing/app.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

using texts = std::vector<std::string>;

using numbers = std::vector<int>;

struct probe {
  explicit probe(int& count) : alive(count) {
    ++alive;
  }

  probe(const probe&) = delete;

  probe& operator=(const probe&) = delete;

  ~probe() {
    --alive;
  }

  int& alive;
};

/// Whether frames are left when all has ended.
struct counts {
  counts() = default;

  counts(const counts&) = delete;

  counts& operator=(const counts&) = delete;

  ~counts() {
    CHECK(alive == 0);
  }

  int alive = 0;
  int made = 0;
};

/// Streams, inline and hosted, with something around them.
struct fixture : counts {
  /// Writes down when a stream begins and with what it ends.
  auto noting(std::string mark) {
    return [this, mark](context ctx, next next) -> task<raw_json> {
      probe here{alive};
      log.push_back(mark + " begins at " + std::to_string(made));
      auto answer = co_await next(ctx);
      log.push_back(mark + " "
                    + (answer ? answer->text : code_of(answer.error())) + " at "
                    + std::to_string(made));
      co_return answer;
    };
  }

  void start() {
    auto rows = [this](context ctx, int in) -> stream<int> {
      probe here{alive};
      for (int i = 1; i <= in; ++i) {
        ++made;
        co_yield i;
      }
      if (in == 0)
        co_yield make_error(errc::conflict, "there are none");
      if (in == 3)
        co_await sleep(ctx, 1s).or_throw();
      if (in == 4)
        co_await sleep(ctx, 1h).or_throw();
    };
    auto large = [this](int in) -> stream<std::string> {
      probe here{alive};
      for (int i = 1; i <= in; ++i) {
        ++made;
        std::string next(10'000, 'x');
        co_yield next;
      }
    };
    app.strategies().add("app::inline:rows", rows);
    app.strategies().add("app::inline:large", large);
    app.host([=](domain_actor<>* self) -> domain_behavior {
      return {on("app::hosted:rows", rows), on("app::hosted:large", large),
              on("app::hosted:quit",
                 [=] { self->quit(caf::sec::runtime_error); })};
    });
  }

  texts log;
  testing::app app;
};

const texts homes = {"app::inline:", "app::hosted:"};

} // namespace

TEST_CASE("what wraps a stream is around its beginning and its end") {
  for (auto& home : homes) {
    INFO(home);
    fixture f;
    f.app.around("*", f.noting("outer"));
    f.app.around("app::*:rows", f.noting("inner"));
    f.start();
    auto ada = f.app.connect();
    auto ref = ada.send(home + "rows", 2);
    CHECK(ada.expect_items<int>(ref) == numbers{1, 2});
    ada.expect_reply<void>(ref);
    CHECK(f.log
          == texts{"outer begins at 0", "inner begins at 0", "inner null at 2",
                   "outer null at 2"});
    CHECK(f.alive == 0);
    f.log.clear();
    ref = ada.send(home + "rows", 3);
    CHECK(ada.expect_items<int>(ref) == numbers{1, 2, 3});
    CHECK(f.log.size() == 2);
    f.app.advance(1s);
    ada.expect_reply<void>(ref);
    CHECK(f.log.back() == "outer null at 5");
    f.log.clear();
    auto why = ada.expect_error(ada.send(home + "rows", 0), 409);
    CHECK(why.message == "there are none");
    CHECK(f.log.back() == "outer conflict at 5");
    auto unfit = ada.send(home + "rows", std::string{"x"});
    CHECK(ada.expect_error(unfit, 400).fieldErrors.has_value());
  }
}

TEST_CASE("what wraps streams is listed with them, and may come behind them") {
  fixture f;
  f.start();
  f.app.around("app::inline:*", f.noting("a"));
  for (auto& what : f.app.strategies().list())
    if (what.name == "app::inline:rows") {
      CHECK(what.streams);
      CHECK(what.around == texts{"app::inline:*"});
      CHECK(what.inputs == texts{"int32"});
      CHECK(what.outputs == texts{"int32"});
    }
  auto ada = f.app.connect();
  auto ref = ada.send("app::inline:rows", 1);
  CHECK(ada.expect_items<int>(ref) == numbers{1});
  ada.expect_reply<void>(ref);
  CHECK(f.log.size() == 2);
}

TEST_CASE("what wraps a stream refuses it, answers later, changes its error") {
  for (auto& home : homes) {
    INFO(home);
    fixture f;
    f.app.around("app::*:large", [](context ctx, next) -> task<raw_json> {
      co_await sleep(ctx, 1s).or_throw();
      co_return make_error(errc::forbidden, "pay first");
    });
    f.app.around("app::*:rows", [](context ctx, next next) -> task<raw_json> {
      co_await sleep(ctx, 1s).or_throw();
      auto answer = co_await next(ctx);
      co_await sleep(ctx, 1s).or_throw();
      if (!answer)
        co_return make_error(errc::unavailable, "come back");
      co_return answer;
    });
    f.start();
    auto ada = f.app.connect();
    auto ref = ada.send(home + "large", 2);
    f.app.advance(1s);
    CHECK(ada.expect_error(ref, 403).message == "pay first");
    CHECK(ada.expect_items<raw_json>(ref).empty());
    CHECK(f.made == 0);
    ref = ada.send(home + "rows", 2);
    CHECK(f.made == 0);
    f.app.advance(1s);
    CHECK(ada.expect_items<int>(ref) == numbers{1, 2});
    CHECK(f.alive == 0);
    f.app.advance(1s);
    ada.expect_reply<void>(ref);
    ref = ada.send(home + "rows", 0);
    f.app.advance(2s);
    CHECK(ada.expect_error(ref, 503).message == "come back");
  }
}

TEST_CASE("what wraps a stream awaits it however long its client reads") {
  for (auto& home : homes) {
    INFO(home);
    fixture f;
    f.app.around("*", f.noting("a"));
    f.start();
    auto ada = f.app.connect();
    ada.stop_reading();
    auto ref = ada.send(home + "large", 200);
    f.app.advance(1h);
    CHECK(f.made < 100);
    CHECK(f.log == texts{"a begins at 0"});
    ada.read_on();
    CHECK(ada.expect_items<raw_json>(ref).size() == 200);
    ada.expect_reply<void>(ref);
    CHECK(f.log.back() == "a null at 200");
  }
}

TEST_CASE("an item of a wrapped stream is made when it is asked for") {
  fixture f;
  f.app.around("*", f.noting("a"));
  f.start();
  numbers made;
  f.app.strategies().add("app::test:count", [&](context ctx) -> task<int> {
    auto rows = ctx.call_strategy<stream<int>>("app::inline:rows", 5);
    made.push_back(f.made);
    while (co_await rows.next().or_throw())
      made.push_back(f.made);
    co_return f.made;
  });
  auto ada = f.app.connect();
  CHECK(ada.call<int>("app::test:count") == 5);
  CHECK(made == numbers{0, 1, 2, 3, 4, 5});
}

TEST_CASE("a stream that is cancelled ends what wraps it with it") {
  for (auto& home : homes) {
    INFO(home);
    fixture f;
    f.app.around("app::*:rows", f.noting("outer"));
    f.app.around("app::*:rows", f.noting("inner"));
    f.start();
    auto ada = f.app.connect();
    auto ref = ada.send(home + "rows", 4);
    CHECK(ada.expect_items<int>(ref).size() == 4);
    CHECK(f.alive == 3);
    CHECK(ada.cancel(ref));
    ada.expect_error(ref, 499);
    f.app.run();
    CHECK(f.alive == 0);
    CHECK(std::count(f.log.begin(), f.log.end(), "inner cancelled at 4") == 1);
    CHECK(std::count(f.log.begin(), f.log.end(), "outer cancelled at 4") == 1);
    CHECK(f.log.size() == 4);
  }
}

TEST_CASE("a stream is cancelled before what wraps it has called the rest") {
  for (auto& home : homes) {
    INFO(home);
    fixture f;
    f.app.around("app::*:rows", [&f](context ctx, next next) -> task<raw_json> {
      auto slept = co_await sleep(ctx, 5s);
      f.log.push_back(slept ? "slept" : code_of(slept.error()));
      if (ctx.cancelled())
        f.log.push_back("cancelled too");
      co_return co_await next(ctx);
    });
    f.start();
    auto ada = f.app.connect();
    auto ref = ada.send(home + "rows", 4);
    ada.cancel(ref);
    f.app.advance(5s);
    ada.expect_error(ref, 499);
    CHECK(f.made == 0);
    CHECK(std::count(f.log.begin(), f.log.end(), "cancelled") == 1);
    CHECK(std::count(f.log.begin(), f.log.end(), "cancelled too") == 1);
  }
}

TEST_CASE("who lets go of a wrapped stream ends what wraps it") {
  for (auto& home : homes) {
    INFO(home);
    fixture f;
    f.app.around("app::*:large", f.noting("a"));
    f.start();
    f.app.strategies().add("app::test:two", [&](context ctx) -> task<void> {
      auto rows = ctx.call_strategy<stream<std::string>>(home + "large", 1000);
      co_await rows.next().or_throw();
      co_await rows.next().or_throw();
      co_return ok;
    });
    auto ada = f.app.connect();
    ada.call<void>("app::test:two");
    f.app.run();
    CHECK(f.alive == 0);
    CHECK(f.made < 50);
    REQUIRE(f.log.size() == 2);
    CHECK(f.log.back().starts_with("a cancelled"));
  }
}

TEST_CASE("the time of an item ends a wrapped stream") {
  for (auto& home : homes) {
    INFO(home);
    fixture f;
    f.app.around("app::*:rows", f.noting("a"));
    f.start();
    auto ada = f.app.connect();
    auto ref = ada.send(home + "rows", 4);
    f.app.advance(9s);
    CHECK(f.log.size() == 1);
    f.app.advance(1s);
    ada.expect_error(ref, 504);
    f.app.run();
    CHECK(f.log == texts{"a begins at 0", "a timeout at 4"});
    CHECK(f.alive == 0);
  }
}

TEST_CASE("a stream ends when what wraps it has, and not before") {
  for (auto& home : homes) {
    INFO(home);
    fixture f;
    f.app.around("app::*:rows", [](context ctx, next next) -> task<raw_json> {
      auto first = co_await when_any(next(ctx), sleep(ctx, 2s));
      if (first.index() == 1)
        co_return make_error(errc::unavailable, "that is enough");
      co_return std::get<0>(first);
    });
    f.app.around("app::*:large", [](context ctx, next next) -> task<raw_json> {
      auto rest = next(ctx);
      co_return make_error(errc::conflict, "no more");
    });
    f.start();
    auto ada = f.app.connect();
    auto ref = ada.send(home + "rows", 4);
    CHECK(ada.expect_items<int>(ref).size() == 4);
    f.app.advance(2s);
    CHECK(ada.expect_error(ref, 503).message == "that is enough");
    CHECK(f.alive == 0);
    ref = ada.send(home + "rows", 3);
    f.app.advance(1s);
    CHECK(ada.expect_items<int>(ref).size() == 3);
    ada.expect_reply<void>(ref);
    f.made = 0;
    ref = ada.send(home + "large", 1000);
    CHECK(ada.expect_error(ref, 409).message == "no more");
    f.app.run();
    CHECK(f.made == 1);
    CHECK(f.alive == 0);
  }
}

TEST_CASE("what wraps a stream calls the rest again, and not at once") {
  for (auto& home : homes) {
    INFO(home);
    fixture f;
    f.app.around("app::*:large", [](context ctx, next next) -> task<raw_json> {
      auto one = next(ctx);
      auto other = next(ctx);
      auto refused = co_await other;
      auto answer = co_await one;
      if (!refused && answer)
        co_return refused.error();
      co_return answer;
    });
    int left = 2;
    f.app.around("app::*:rows", [&](context ctx, next next) -> task<raw_json> {
      auto answer = co_await next(ctx);
      while (answer && --left > 0)
        answer = co_await next(ctx);
      co_return answer;
    });
    f.start();
    auto ada = f.app.connect();
    auto ref = ada.send(home + "rows", 2);
    CHECK(ada.expect_items<int>(ref) == numbers{1, 2, 1, 2});
    ada.expect_reply<void>(ref);
    ref = ada.send(home + "large", 2);
    CHECK(ada.expect_items<raw_json>(ref).size() == 2);
    ada.expect_error(ref, 500);
  }
}

TEST_CASE("a value in place of a stream is an error") {
  for (auto& home : homes) {
    INFO(home);
    fixture f;
    f.app.around("app::*:rows", [](context, next) -> task<raw_json> {
      co_return raw_json{"[1,2]"};
    });
    f.start();
    caf::error why;
    f.app.strategies().add("app::test:read", [&](context ctx) -> task<void> {
      auto rows = ctx.call_strategy<stream<int>>(home + "rows", 2);
      auto first = co_await rows.next();
      why = first.error();
      co_return ok;
    });
    auto ada = f.app.connect();
    ada.call<void>("app::test:read");
    CHECK(trace_of(why).find("has only its items: end it with what next(ctx) "
                             "gives")
          != std::string::npos);
  }
}

TEST_CASE("a wrapped stream has another time and acts for the program") {
  for (auto& home : homes) {
    INFO(home);
    fixture f;
    f.app.around("app::*:rows", [](context ctx, next next) -> task<raw_json> {
      co_return co_await next(ctx.keep(1min));
    });
    f.app.around("app::*:rows", f.noting("a"));
    f.start();
    auto ada = f.app.connect();
    auto ref = ada.send(home + "rows", 4);
    CHECK(ada.expect_items<int>(ref).size() == 4);
    ada.cancel(ref);
    ada.expect_error(ref, 499);
    f.app.run();
    // Nobody reads it, so that it ends all the same.
    CHECK(f.log == texts{"a begins at 0", "a cancelled at 4"});
    CHECK(f.alive == 0);
  }
}

TEST_CASE("frames around a stream end with their actor") {
  fixture f;
  f.app.around("*", f.noting("a"));
  f.start();
  auto ada = f.app.connect();
  ada.send("app::inline:rows", 4);
  auto ref = ada.send("app::hosted:rows", 4);
  CHECK(f.alive == 4);
  ada.send("app::hosted:quit");
  ada.expect_items<int>(ref);
  ada.expect_error(ref, 503);
  CHECK(f.alive == 2);
  ada.disconnect();
  CHECK(f.alive == 0);
}

TEST_CASE("a wrapped stream is run for what it does") {
  for (auto& home : homes) {
    INFO(home);
    fixture f;
    f.app.around("*", f.noting("a"));
    f.start();
    auto ada = f.app.connect();
    ada.say(R"({"topic":")" + home + R"(large","payload":100})");
    f.app.run();
    CHECK(f.made == 100);
    CHECK(f.log == texts{"a begins at 0", "a null at 100"});
  }
}

TEST_CASE("a client's own streams are wrapped") {
  fixture f;
  f.app.around("app::mine:*", f.noting("a"));
  f.app.on_open([](client& who) {
    CHECK_FALSE(who.subscribe("app::mine:rows",
                              [](int in) -> stream<int> { co_yield in; }));
  });
  auto ada = f.app.connect();
  auto ref = ada.send("app::mine:rows", 7);
  CHECK(ada.expect_items<int>(ref) == numbers{7});
  ada.expect_reply<void>(ref);
  CHECK(f.log == texts{"a begins at 0", "a null at 0"});
}
