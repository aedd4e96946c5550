#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <boost/describe/class.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/strategy/call.hpp"
#include "flamigo/strategy/detail/stream_source.hpp"
#include "flamigo/task/sleep.hpp"
#include "flamigo/task/when_any.hpp"
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

struct found {
  int number;
  std::string text;
};

BOOST_DESCRIBE_STRUCT(found, (), (number, text))

struct finished {
  int count;

  flamigo::topic topics() const {
    return flamigo::topic{"finished"};
  }
};

BOOST_DESCRIBE_STRUCT(finished, (), (count))

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

const std::string long_text = "a text that does not fit into a string itself";

/// Sums up what a strategy gives, as far as it is told to.
task<int> sum_of(context& ctx, std::string name, query in, int most) {
  auto rows = ctx.call_strategy<stream<found>>(name, in);
  int sum = 0;
  while (auto next = co_await rows.next().or_throw()) {
    sum += next->text == long_text ? next->number : 1'000'000;
    if (next->number == most)
      break;
  }
  co_return sum;
}

struct order {
  std::string name;
  query what;
  int most;
};

BOOST_DESCRIBE_STRUCT(order, (), (name, what, most))

/// Rows of one strategy, inline and hosted, and who reads them, inline and
/// hosted.
struct fixture : counts {
  fixture() {
    auto rows = [this](context ctx, query in) -> stream<found> {
      probe here{alive};
      for (int i = 1; i <= in.count; ++i) {
        if (in.pause > 0)
          co_await sleep(ctx, std::chrono::seconds{in.pause}).or_throw();
        ++made;
        found next{i, long_text};
        co_yield next;
      }
      if (in.end == "error")
        co_yield make_error(errc::conflict, "it is taken");
      if (in.end == "sleep")
        co_await sleep(ctx, 1h).or_throw();
    };
    auto sum = [](context ctx, order in) -> task<int> {
      co_return co_await sum_of(ctx, in.name, in.what, in.most);
    };
    auto forward = [](context ctx, order in) -> stream<found> {
      return ctx.call_strategy<stream<found>>(in.name, in.what);
    };
    auto doubled = [](context ctx, order in) -> stream<int> {
      auto all = ctx.call_strategy<stream<found>>(in.name, in.what);
      while (auto next = co_await all.next().or_throw())
        co_yield 2 * next->number;
    };
    auto one = [](query in) { return found{in.count, long_text}; };
    auto add = [&](const char* home) {
      return [=, home = std::string{home}](auto to) {
        to(home + "rows", rows);
        to(home + "sum", sum);
        to(home + "forward", forward);
        to(home + "doubled", doubled);
        to(home + "one", one);
      };
    };
    add("app::inline:")([&](const std::string& name, auto what) {
      app.strategies().add(name, what);
    });
    app.host([=](domain_actor<>* self) -> domain_behavior {
      return {on("app::hosted:rows", rows), on("app::hosted:one", one),
              on("app::hosted:quit",
                 [=] { self->quit(caf::sec::runtime_error); })};
    });
    app.host([=](domain_actor<>* self) -> domain_behavior {
      return {on("app::reader:sum", sum), on("app::reader:forward", forward),
              on("app::reader:doubled", doubled), on("app::reader:quit", [=] {
                self->quit(caf::sec::runtime_error);
              })};
    });
  }

  testing::app app;
};

const std::vector<std::string> readers = {"app::inline:", "app::reader:"};
const std::vector<std::string> sources = {"app::inline:", "app::hosted:"};

template <class F>
void for_each_pair(F fun) {
  for (auto& reader : readers)
    for (auto& source : sources) {
      INFO(reader << " reads " << source);
      fun(reader, source + "rows");
    }
}

} // namespace

TEST_CASE("a strategy reads the stream of another one") {
  for_each_pair([](auto& reader, auto name) {
    fixture f;
    auto ada = f.app.connect();
    auto ask = [&](query what, int most) {
      return ada.send(reader + "sum", order{name, what, most});
    };
    CHECK(ada.expect_reply<int>(ask({0, 0, ""}, 0)) == 0);
    CHECK(ada.expect_reply<int>(ask({1'000, 0, ""}, 0)) == 500'500);
    auto slow = ask({3, 2, ""}, 0);
    f.app.advance(6s);
    CHECK(ada.expect_reply<int>(slow) == 6);
    CHECK(ada.expect_error(ask({50, 0, "error"}, 0), 409).message
          == "it is taken");
    CHECK(f.alive == 0);
    // The one who asks has a time as well, for all of it.
    auto late = ask({50, 4, ""}, 0);
    f.app.advance(10s);
    ada.expect_error(late, 504);
  });
}

TEST_CASE("whoever drops a stream ends it") {
  for_each_pair([](auto& reader, auto name) {
    fixture f;
    auto ada = f.app.connect();
    auto ref = ada.send(reader + "sum", order{name, {1'000, 0, ""}, 10});
    CHECK(ada.expect_reply<int>(ref) == 55);
    CHECK(f.alive == 0);
    // It was not much further than who has read it.
    CHECK(f.made <= 10 + static_cast<int>(detail::stream_source::window) + 1);
    // Also where it waits, or has given all that it may.
    auto waits = ada.send(reader + "sum", order{name, {20, 0, "sleep"}, 20});
    CHECK(ada.expect_reply<int>(waits) == 210);
    CHECK(f.alive == 0);
  });
}

TEST_CASE("a stream ends with who reads it, wherever it is") {
  for_each_pair([](auto& reader, auto name) {
    fixture f;
    auto ada = f.app.connect();
    ada.send(reader + "sum", order{name, {9, 1, ""}, 0});
    ada.send(reader + "sum", order{name, {9, 0, "sleep"}, 0});
    ada.send(reader + "doubled", order{name, {9, 0, "sleep"}, 0});
    CHECK(f.alive == 3);
    if (reader == "app::inline:")
      ada.disconnect();
    else
      ada.send("app::reader:quit");
    CHECK(f.alive == 0);
  });
}

TEST_CASE("a reader is told that the domain of its stream has ended") {
  for (auto& reader : readers) {
    fixture f;
    auto ada = f.app.connect();
    auto first = ada.send(reader + "sum",
                          order{"app::hosted:rows", {9, 1, ""}, 0});
    auto second = ada.send(reader + "doubled",
                           order{"app::hosted:rows", {9, 0, "sleep"}, 0});
    CHECK(f.alive == 2);
    ada.send("app::hosted:quit");
    CHECK(f.alive == 0);
    ada.expect_error(first, 503);
    CHECK(ada.expect_items<int>(second).size() == 9);
    ada.expect_error(second, 503);
  }
}

TEST_CASE("rows of a stream are forwarded to a client") {
  for_each_pair([](auto& reader, auto name) {
    fixture f;
    auto ada = f.app.connect();
    auto ref = ada.send(reader + "forward", order{name, {100, 0, ""}, 0});
    auto all = ada.expect_items<found>(ref);
    REQUIRE(all.size() == 100);
    CHECK(all[99].number == 100);
    ada.expect_reply<void>(ref);
    auto error = ada.send(reader + "doubled", order{name, {3, 0, "error"}, 0});
    CHECK(ada.expect_items<int>(error) == std::vector<int>{2, 4, 6});
    ada.expect_error(error, 409);
    // Each item has its time, in both of them.
    auto slow = ada.send(reader + "doubled", order{name, {4, 9, ""}, 0});
    for (int i = 1; i <= 4; ++i) {
      f.app.advance(9s);
      CHECK(ada.expect_items<int>(slow) == std::vector<int>{2 * i});
    }
    ada.expect_reply<void>(slow);
    CHECK(f.alive == 0);
  });
}

TEST_CASE("a client that does not read holds up all streams behind it") {
  for_each_pair([](auto& reader, auto name) {
    fixture f;
    auto ada = f.app.connect();
    ada.stop_reading();
    auto ref = ada.send(reader + "forward", order{name, {100'000, 0, ""}, 0});
    CHECK(f.made < 4'000);
    CHECK(f.alive == 1);
    auto before = f.made;
    f.app.advance(1h);
    CHECK(f.made == before);
    ada.read_waiting();
    CHECK(f.made > before);
    CHECK(ada.expect_items<found>(ref).size() > 1'000);
    ada.disconnect();
    CHECK(f.alive == 0);
  });
}

TEST_CASE("a stream that is called for one answer says what to do") {
  fixture f;
  for (auto& source : sources) {
    auto error = f.app.backend().call<found>(source + "rows", query{1, 0, ""});
    REQUIRE(!error);
    CHECK(status_of(error.error()) == 500);
    for (auto text : {"call_strategy<flamigo::stream<T>>",
                      "app.backend() gives all items at once, as "
                      "call<flamigo::stream<T>>"})
      CHECK(trace_of(error.error()).find(text) != std::string::npos);
  }
  CHECK(f.made == 0);
}

TEST_CASE("the program gets all items of a stream at once") {
  for (auto& source : sources) {
    INFO(source);
    fixture f;
    auto program = f.app.backend();
    auto all = program.call<stream<found>>(source + "rows", query{3, 0, ""});
    REQUIRE(all);
    REQUIRE(all->size() == 3);
    CHECK(all->at(0).number == 1);
    CHECK(all->at(2).text == long_text);
    auto none = program.call<stream<found>>(source + "rows", query{0, 0, ""});
    REQUIRE(none);
    CHECK(none->empty());
    auto one = program.call<stream<found>>(source + "one", query{7, 0, ""});
    REQUIRE(one);
    REQUIRE(one->size() == 1);
    CHECK(one->front().number == 7);
    auto slow = program.call_async<stream<found>>(source + "rows",
                                                  query{9, 1, ""});
    f.app.advance(9s);
    CHECK(slow.get()->size() == 9);
  }
}

TEST_CASE("the program gets nothing of a stream that fails or takes too long") {
  for (auto& source : sources) {
    INFO(source);
    fixture f;
    auto program = f.app.backend();
    auto status = [](const auto& answer) {
      return answer ? 200 : status_of(answer.error());
    };
    CHECK(
      status(program.call<stream<found>>(source + "rows", query{3, 0, "error"}))
      == 409);
    CHECK(status(program.call<stream<found>>(source + "nothing")) == 404);
    CHECK(status(program.call<stream<int>>(source + "rows", query{1, 0, ""}))
          == 400);
    // Its items come in time, the last one does not.
    auto slow = program.call_async<stream<found>>(source + "rows",
                                                  query{50, 1, ""});
    f.app.advance(10s);
    CHECK(status(slow.get()) == 504);
    CHECK(f.alive == 0);
  }
}

TEST_CASE("a strategy that does not stream gives its one result") {
  for_each_pair([](auto& reader, auto name) {
    fixture f;
    auto ada = f.app.connect();
    auto one = name.substr(0, name.rfind(':')) + ":one";
    CHECK(ada.call<int>(reader + "sum", order{one, {7, 0, ""}, 0}) == 7);
  });
}

TEST_CASE("what is wrong with a call is told when it is read") {
  fixture f;
  f.app.strategies().add("app::test:guarded", internal(),
                         []() -> stream<int> { co_yield 1; });
  f.app.strategies().add(
    "app::test:calls", [](context ctx) -> task<std::vector<int>> {
      std::vector<int> result;
      auto none = ctx.call_strategy<stream<int>>("app::test:none");
      auto unfit = ctx.call_strategy<stream<int>>("app::hosted:rows", 7);
      query in{1, 0, ""};
      auto other = ctx.call_strategy<stream<int>>("app::hosted:rows", in);
      auto fine = ctx.call_strategy<stream<int>>("app::test:guarded");
      for (auto all : {&none, &unfit, &other}) {
        auto what = co_await all->next();
        result.push_back(what ? 0 : status_of(what.error()));
      }
      auto item = co_await fine.next();
      result.push_back(item && *item ? **item : 0);
      co_return result;
    });
  auto ada = f.app.connect();
  CHECK(ada.call<std::vector<int>>("app::test:calls")
        == std::vector<int>{404, 400, 500, 1});
}

TEST_CASE("a listener reads a stream, and so does the backend's strategy") {
  fixture f;
  int sum = 0;
  f.app.host([&sum](domain_actor<>* self) -> domain_behavior {
    self->subscribe("finished");
    return {listen([=, &sum](context, finished what) -> task<void> {
      query in{what.count, 1, ""};
      auto rows
        = self->template call_strategy<stream<found>>("app::hosted:rows", in);
      while (auto next = co_await rows.next().or_throw())
        sum += next->number;
      co_return ok;
    })};
  });
  REQUIRE(!f.app.bus().publish(finished{3}));
  f.app.run();
  f.app.advance(3s);
  CHECK(sum == 6);
  CHECK(f.app.backend().call<int>("app::inline:sum",
                                  order{"app::hosted:rows", {4, 0, ""}, 0})
        == 10);
}

TEST_CASE("a stream reads one of its own domain") {
  testing::app app;
  app.host([](domain_actor<>*) -> domain_behavior {
    return {on("app::self:inner",
               []() -> stream<int> {
                 for (int i = 0; i < 100; ++i)
                   co_yield i;
               }),
            on("app::self:outer", [](context ctx) -> stream<int> {
              auto all = ctx.call_strategy<stream<int>>("app::self:inner");
              while (auto next = co_await all.next().or_throw())
                co_yield *next;
            })};
  });
  auto ada = app.connect();
  auto ref = ada.send("app::self:outer");
  CHECK(ada.expect_items<int>(ref).size() == 100);
  ada.expect_reply<void>(ref);
}
