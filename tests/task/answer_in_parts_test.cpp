#include <chrono>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <boost/describe/class.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/strategy/call.hpp"
#include "flamigo/task/sleep.hpp"
#include "flamigo/testing/app.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

struct query {
  int count;
  int pause;
  std::string end;
};

BOOST_DESCRIBE_STRUCT(query, (), (count, pause, end))

struct row {
  int number;
  std::string text;
};

BOOST_DESCRIBE_STRUCT(row, (), (number, text))

struct told {
  int number;

  flamigo::topic topics() const {
    return flamigo::topic{"told"};
  }

  client_message to_client() const {
    return make_client_message("test:told", *this);
  }
};

BOOST_DESCRIBE_STRUCT(told, (), (number))

const std::string long_text = "a text that does not fit into a string itself";

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

/// The numbers from one on, as they are asked for.
std::vector<int> numbers(int from, int to) {
  std::vector<int> result(static_cast<std::size_t>(to - from + 1));
  std::iota(result.begin(), result.end(), from);
  return result;
}

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

/// Strategies, inline and hosted.
struct fixture : counts {
  fixture() {
    auto run = [this](context ctx, query in) -> stream<int> {
      probe here{alive};
      for (int i = 1; i <= in.count; ++i) {
        if (in.pause > 0)
          co_await sleep(ctx, std::chrono::seconds{in.pause}).or_throw();
        ++made;
        co_yield i;
      }
      if (in.end == "error")
        co_yield make_error(errc::conflict, "it is taken");
      if (in.end == "throw")
        throw std::runtime_error{"broken"};
      if (in.end == "sleep")
        co_await sleep(ctx, 1h).or_throw();
    };
    auto large = [this](context ctx, query in) -> stream<row> {
      probe here{alive};
      for (int i = 1; i <= in.count; ++i) {
        ++made;
        row next{i, std::string(10'000, 'x')};
        co_yield next;
      }
      if (in.pause > 0)
        co_await sleep(ctx, std::chrono::seconds{in.pause}).or_throw();
    };
    app.strategies().add("app::inline:rows", run);
    app.strategies().add("app::inline:large", large);
    app.host([=](domain_actor<>* self) -> domain_behavior {
      return {on("app::hosted:rows", run), on("app::hosted:large", large),
              on("app::hosted:quit",
                 [=] { self->quit(caf::sec::runtime_error); })};
    });
  }

  testing::app app;
};

const std::vector<std::string> homes = {"app::inline:", "app::hosted:"};

} // namespace

TEST_CASE("a stream answers in parts, and with one reply behind them") {
  fixture f;
  auto ada = f.app.connect();
  for (auto& home : homes) {
    auto ref = ada.send(home + "rows", query{3, 0, ""});
    auto frames = ada.heard();
    REQUIRE(frames.size() == 4);
    auto id = std::to_string(ref);
    for (int i = 0; i < 3; ++i)
      CHECK(frames[static_cast<std::size_t>(i)]
            == "{\"topic\":\"" + (home + "rows")
                 + "\",\"payload\":" + std::to_string(i + 1)
                 + ",\"ackId\":" + id + ",\"more\":true}");
    CHECK(frames[3]
          == "{\"topic\":\"" + (home + "rows")
               + "\",\"payload\":null,\"ackId\":" + id + "}");
    auto none = ada.send(home + "rows", query{0, 0, ""});
    CHECK(ada.expect_items<int>(none).empty());
    ada.expect_reply<void>(none);
    auto many = ada.send(home + "rows", query{1'000, 0, ""});
    CHECK(ada.expect_items<int>(many) == numbers(1, 1'000));
    ada.expect_reply<void>(many);
    ada.expect_nothing();
  }
}

TEST_CASE("a stream that fails answers with one error behind its items") {
  fixture f;
  auto ada = f.app.connect();
  for (auto& home : homes) {
    auto error = ada.send(home + "rows", query{40, 0, "error"});
    CHECK(ada.expect_items<int>(error) == numbers(1, 40));
    CHECK(ada.expect_error(error, 409).message == "it is taken");
    auto thrown = ada.send(home + "rows", query{2, 1, "throw"});
    f.app.advance(2s);
    CHECK(ada.expect_items<int>(thrown) == numbers(1, 2));
    ada.expect_error(thrown, 500);
    ada.expect_error(ada.send(home + "rows", 7), 400);
    ada.expect_nothing();
  }
}

TEST_CASE("the time of a request counts from one item to the next") {
  fixture f;
  auto ada = f.app.connect();
  for (auto& home : homes) {
    auto ref = ada.send(home + "rows", query{5, 9, "sleep"});
    for (int i = 1; i <= 5; ++i) {
      f.app.advance(9s);
      CHECK(ada.expect_items<int>(ref) == numbers(i, i));
    }
    f.app.advance(9s);
    ada.expect_nothing();
    CHECK(f.alive == 1);
    f.app.advance(1s);
    ada.expect_error(ref, 504);
    ada.expect_nothing();
    CHECK(f.alive == 0);
  }
}

TEST_CASE("what a stream calls has the time of an item each") {
  fixture f;
  f.app.strategies().add("app::test:slow", [](context ctx) -> task<int> {
    co_await sleep(ctx, 8s).or_throw();
    co_return 1;
  });
  f.app.strategies().add("app::test:calls", [](context ctx) -> stream<int> {
    for (int i = 0; i < 3; ++i)
      co_yield co_await ctx.call_strategy<int>("app::test:slow");
  });
  auto ada = f.app.connect();
  auto ref = ada.send("app::test:calls");
  for (int i = 0; i < 3; ++i)
    f.app.advance(8s);
  CHECK(ada.expect_items<int>(ref) == std::vector<int>{1, 1, 1});
  ada.expect_reply<void>(ref);
}

TEST_CASE("a stream waits while the client does not read") {
  fixture f;
  auto ada = f.app.connect();
  for (auto& home : homes) {
    f.made = 0;
    ada.stop_reading();
    auto ref = ada.send(home + "large", query{200, 0, ""});
    // A quarter of a megabyte, and what a domain makes ahead.
    CHECK(f.made < 28 + 33 + 2);
    CHECK(f.alive == 1);
    ada.expect_nothing();
    // That time is not the stream's.
    auto before = f.made;
    f.app.advance(1h);
    CHECK(f.made == before);
    std::vector<row> all;
    while (all.size() < 200) {
      ada.read_waiting();
      auto some = ada.expect_items<row>(ref);
      REQUIRE(!some.empty());
      all.insert(all.end(), some.begin(), some.end());
    }
    ada.read_on();
    for (int i = 0; i < 200; ++i)
      REQUIRE(all[static_cast<std::size_t>(i)].number == i + 1);
    ada.expect_reply<void>(ref);
    ada.expect_nothing();
    CHECK(f.alive == 0);
  }
}

TEST_CASE("several streams share the room that there is") {
  fixture f;
  auto ada = f.app.connect();
  ada.stop_reading();
  std::vector<int> refs;
  for (auto& home : homes)
    for (int i = 0; i < 3; ++i)
      refs.push_back(ada.send(home + "large", query{100, 0, ""}));
  CHECK(f.alive == 6);
  for (int i = 0; i < 20; ++i)
    ada.read_waiting();
  for (auto ref : refs)
    CHECK(ada.expect_items<row>(ref).size() > 20);
  ada.read_on();
  for (auto ref : refs) {
    CHECK(ada.expect_items<row>(ref).size() < 80);
    ada.expect_reply<void>(ref);
  }
}

TEST_CASE("without an ackId a stream runs, but sends no item") {
  fixture f;
  auto ada = f.app.connect();
  for (auto& home : homes) {
    f.made = 0;
    auto say = [&](const std::string& end) {
      ada.say(R"({"topic":")" + (home + "rows")
              + R"(","payload":{"count":50,"pause":0,"end":")" + end
              + R"("}})");
      f.app.run();
    };
    say("");
    CHECK(f.made == 50);
    ada.expect_nothing();
    say("error");
    CHECK(f.made == 100);
    CHECK(ada.expect_push<testing::error_frame>("error").status == 409);
    say("sleep");
    CHECK(f.alive == 1);
    f.app.advance(10s);
    CHECK(ada.expect_push<testing::error_frame>("error").status == 504);
    CHECK(f.alive == 0);
  }
}

TEST_CASE("a stream holds one place in flight until it ends") {
  testing::app_options options;
  options.client.max_in_flight = 2;
  fixture f;
  testing::app app{options};
  app.strategies().add("app::test:rows", [](context ctx) -> stream<int> {
    for (int i = 0; i < 2; ++i) {
      co_await sleep(ctx, 1s);
      co_yield i;
    }
  });
  auto ada = app.connect();
  auto first = ada.send("app::test:rows");
  ada.send("app::test:rows");
  ada.expect_error(ada.send("app::test:rows"), 429);
  app.advance(1s);
  ada.expect_error(ada.send("app::test:rows"), 429);
  app.advance(1s);
  CHECK(ada.expect_items<int>(first).size() == 2);
  ada.expect_reply<void>(first);
  auto again = ada.send("app::test:rows");
  app.advance(2s);
  ada.expect_reply<void>(again);
}

TEST_CASE("a stream ends with its client, wherever it is") {
  for (auto& home : homes)
    for (int place = 0; place < 4; ++place) {
      fixture f;
      auto ada = f.app.connect();
      if (place == 0)
        ada.send(home + "rows", query{3, 9, ""});
      else if (place == 1)
        ada.send(home + "rows", query{3, 0, "sleep"});
      else {
        ada.stop_reading();
        ada.send(home + "large", query{200, 0, ""});
        if (place == 3)
          ada.read_waiting();
      }
      CHECK(f.alive == 1);
      ada.disconnect();
      CHECK(f.alive == 0);
    }
}

TEST_CASE("a stream ends with its domain, wherever it is") {
  for (int place = 0; place < 3; ++place) {
    fixture f;
    auto ada = f.app.connect();
    int ref = 0;
    if (place == 0) {
      ref = ada.send("app::hosted:rows", query{3, 9, ""});
    } else if (place == 1) {
      ref = ada.send("app::hosted:rows", query{3, 0, "sleep"});
      CHECK(ada.expect_items<int>(ref).size() == 3);
    } else {
      ada.stop_reading();
      ref = ada.send("app::hosted:large", query{200, 0, ""});
    }
    CHECK(f.alive == 1);
    ada.send("app::hosted:quit");
    CHECK(f.alive == 0);
    ada.read_on();
    ada.expect_items<raw_json>(ref);
    ada.expect_error(ref, 503);
  }
}

TEST_CASE("a stream ends with the program, wherever it is") {
  auto f = std::make_unique<fixture>();
  auto ada = f->app.connect();
  for (auto& home : homes) {
    ada.send(home + "rows", query{3, 9, ""});
    ada.send(home + "rows", query{3, 0, "sleep"});
    ada.stop_reading();
    ada.send(home + "large", query{200, 0, ""});
  }
  CHECK(f->alive == 6);
}

TEST_CASE("a client's own strategy may answer in parts") {
  fixture f;
  f.app.on_open([](client& who) {
    auto rows = [text = long_text](context ctx) -> stream<std::string> {
      co_yield text;
      co_await sleep(ctx, 1s);
      co_yield text;
    };
    REQUIRE(!who.subscribe("app::mine:rows", rows));
  });
  auto ada = f.app.connect();
  auto ref = ada.send("app::mine:rows");
  f.app.advance(1s);
  CHECK(ada.expect_items<std::string>(ref)
        == std::vector<std::string>(2, long_text));
  ada.expect_reply<void>(ref);
}

TEST_CASE("a handler that returns a stream that has ended answers 500") {
  testing::app app;
  app.strategies().add("app::test:none", []() -> stream<int> { return {}; });
  auto ada = app.connect();
  ada.expect_error(ada.send("app::test:none"), 500);
}

TEST_CASE("the listing says that a strategy answers in parts") {
  fixture f;
  auto found = f.app.strategies().find("app::inline:large");
  REQUIRE(found != nullptr);
  CHECK(found->streams());
  CHECK(found->info().outputs == std::vector<std::string>{"row"});
  CHECK(f.app.strategies().find("app::hosted:large")->streams());
  CHECK(!f.app.strategies().find("app::hosted:quit")->streams());
}

TEST_CASE("a stream that is cancelled ends, and sends nothing more") {
  for (auto& home : homes)
    for (int place = 0; place < 3; ++place) {
      fixture f;
      auto ada = f.app.connect();
      int ref = 0;
      if (place == 0) {
        ref = ada.send(home + "rows", query{3, 9, ""});
      } else if (place == 1) {
        ref = ada.send(home + "rows", query{3, 0, "sleep"});
      } else {
        ada.stop_reading();
        ref = ada.send(home + "large", query{200, 0, ""});
      }
      CHECK(f.alive == 1);
      ada.send("app::websocket:cancel",
               raw_json{"{\"ackId\":" + std::to_string(ref) + "}"});
      CHECK(f.alive == 0);
      ada.read_on();
      f.app.advance(20s);
      auto before = ada.expect_items<raw_json>(ref).size();
      CHECK(before < 30);
      ada.expect_error(ref, 499);
      CHECK(ada.expect_items<raw_json>(ref).empty());
      // Its place is free.
      ada.call<void>("app::hosted:quit");
    }
}

TEST_CASE("a stream is not detached") {
  testing::app app;
  auto rows = []() -> stream<int> { co_yield 1; };
  CHECK_THROWS_AS(app.strategies().add("app::test:rows", rows).detached(),
                  std::invalid_argument);
  CHECK_THROWS_AS(on("app::test:more", rows).detached(), std::invalid_argument);
}

TEST_CASE("what a stream publishes and gives in its client keeps its order") {
  testing::app app;
  app.on_open([](client& who) { REQUIRE(!who.subscribe("told")); });
  app.strategies().add("app::test:tell", [](context ctx) -> stream<int> {
    for (int i = 0; i < 3; ++i) {
      if (auto err = ctx.publish(told{i}))
        co_yield err;
      co_yield i;
    }
  });
  auto ada = app.connect();
  ada.send("app::test:tell");
  std::string order;
  for (auto& text : ada.heard())
    order += text.find("\"more\"") != std::string::npos    ? 'i'
             : text.find("\"ackId\"") != std::string::npos ? 'r'
                                                           : 'e';
  CHECK(order == "eieieir");
}
