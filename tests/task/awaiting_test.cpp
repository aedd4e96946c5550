#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <boost/describe/class.hpp>

#include <caf/event_based_actor.hpp>

#include "flamigo/blocking/blocking.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/strategy/call.hpp"
#include "flamigo/task/callback.hpp"
#include "flamigo/task/publish_sync.hpp"
#include "flamigo/task/request.hpp"
#include "flamigo/task/sleep.hpp"
#include "flamigo/task/when_all.hpp"
#include "flamigo/task/when_any.hpp"
#include "flamigo/testing/app.hpp"
#include "support/events.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

struct charge {
  std::string card;
  int total;
};

BOOST_DESCRIBE_STRUCT(charge, (), (card, total))

struct payment {
  std::string number;
};

BOOST_DESCRIBE_STRUCT(payment, (), (number))

const std::string long_text = "a text that does not fit into a string itself";

/// A CAF actor that knows nothing of Flamigo.
caf::behavior teller(caf::event_based_actor* self) {
  return {
    [](const charge& in) -> caf::result<payment> {
      if (in.total > 100)
        return make_error(errc::conflict, "too much");
      return payment{in.card + "/" + std::to_string(in.total)};
    },
    [self](caf::atom_value what) {
      if (what == caf::atom("never"))
        self->make_response_promise();
      else
        self->quit();
    },
  };
}

struct fixture {
  fixture() {
    bank = app.system().spawn(teller);
    app.adopt(bank);
  }

  /// The connection's actor is where it runs.
  template <class F>
  void add(F handler) {
    app.strategies().add("app::test:run", std::move(handler));
  }

  testing::app app;
  caf::actor bank;
};

struct probe {
  explicit probe(int& count) : alive(&count) {
    ++*alive;
  }

  probe(const probe& other) : alive(other.alive) {
    ++*alive;
  }

  probe& operator=(const probe&) = delete;

  ~probe() {
    --*alive;
  }

  int* alive;
};

task<int> after(context& ctx, caf::timespan delay, int result) {
  auto slept = co_await sleep(ctx, delay);
  if (!slept)
    co_return slept.error();
  co_return result;
}

} // namespace

// -- sleep --------------------------------------------------------------------

TEST_CASE("a task sleeps on the clock of the actors") {
  fixture f;
  f.add([](context ctx) -> task<std::string> {
    auto slept = co_await sleep(ctx, 100ms);
    co_return slept ? "awake" : code_of(slept.error());
  });
  auto ada = f.app.connect();
  auto ref = ada.send("app::test:run");
  f.app.advance(99ms);
  ada.expect_nothing();
  f.app.advance(1ms);
  CHECK(ada.expect_reply<std::string>(ref) == "awake");
}

TEST_CASE("tasks wake in the order of their times") {
  std::vector<int> order;
  fixture f;
  f.add([&](context ctx, int in) -> task<void> {
    co_await sleep(ctx, std::chrono::milliseconds{in});
    order.push_back(in);
    co_return ok;
  });
  auto ada = f.app.connect();
  std::vector<int> expected;
  for (int i = 1; i <= 40; ++i) {
    ada.send("app::test:run", (i * 17) % 41);
    expected.push_back(i);
  }
  f.app.advance(1s);
  CHECK(order == expected);
  (void) ada.heard();
}

TEST_CASE("a sleep ends at the deadline of the call, and not before") {
  fixture f;
  f.add([](context ctx) -> task<std::string> {
    auto slept = co_await sleep(ctx, caf::timespan::max());
    co_return slept ? "awake" : code_of(slept.error());
  });
  auto ada = f.app.connect();
  auto ref = ada.send("app::test:run");
  f.app.advance(10s);
  ada.expect_error(ref, 504);
}

// -- request ------------------------------------------------------------------

TEST_CASE("a task asks any actor") {
  fixture f;
  f.add([&](context ctx, charge in) -> task<std::string> {
    charge what{in.card, in.total};
    auto paid = co_await request<payment>(ctx, f.bank, 2s, what);
    if (!paid)
      co_return paid.error();
    co_return paid->number;
  });
  auto ada = f.app.connect();
  CHECK(ada.call<std::string>("app::test:run", charge{long_text, 5})
        == long_text + "/5");
  CHECK(
    ada.expect_error(ada.send("app::test:run", charge{"x", 500}), 409).message
    == "too much");
}

TEST_CASE("a request fails in the ways in which one of CAF's does") {
  std::string seen;
  fixture f;
  f.add([&](context ctx, std::string in) -> task<void> {
    auto what = in == "empty"
                  ? request<payment>(ctx, caf::actor{}, 2s, caf::atom("never"))
                  : request<payment>(ctx, f.bank, 2s, caf::atom("never"));
    if (in == "gone")
      ctx.self()->send_exit(f.bank, caf::exit_reason::user_shutdown);
    auto got = co_await what;
    seen = got ? "value" : code_of(got.error());
    co_return ok;
  });
  auto ada = f.app.connect();
  ada.call<void>("app::test:run", std::string{"empty"});
  CHECK(seen == "internal");
  auto ref = ada.send("app::test:run", std::string{"never"});
  f.app.advance(1999ms);
  ada.expect_nothing();
  f.app.advance(1ms);
  ada.expect_reply<void>(ref);
  CHECK(seen == "timeout");
  ref = ada.send("app::test:run", std::string{"gone"});
  f.app.advance(2s);
  ada.expect_reply<void>(ref);
  ref = ada.send("app::test:run", std::string{"late"});
  ada.expect_reply<void>(ref);
  CHECK(seen == "unavailable");
}

TEST_CASE("what was taken is given back when time is up meanwhile") {
  fixture f;
  struct stock_state {
    int left = 3;
  };
  f.app.host([](domain_actor<stock_state>* self) -> domain_behavior {
    return {on("app::stock:take",
               [=](int count) { return self->state.left -= count; }),
            on("app::stock:give_back",
               [=](int count) { self->state.left += count; })};
  });
  auto bank = f.bank;
  f.app.host([bank](domain_actor<>*) -> domain_behavior {
    return {on("app::shop:buy", [=](context ctx, int count) -> task<int> {
      auto left = co_await ctx.call_strategy<int>("app::stock:take", count);
      auto paid = co_await request<payment>(ctx, bank, 1min,
                                            caf::atom("never"));
      if (!paid) {
        ctx.keep().call_strategy<void>("app::stock:give_back", count).ignore();
        co_return paid.error();
      }
      co_return left;
    })};
  });
  auto ada = f.app.connect();
  auto ref = ada.send("app::shop:buy", 2);
  CHECK(ada.call<int>("app::stock:take", 0) == 1);
  f.app.advance(10s);
  ada.expect_error(ref, 504);
  CHECK(ada.call<int>("app::stock:take", 0) == 3);
}

// -- blocking -----------------------------------------------------------------

TEST_CASE("a task awaits what blocks") {
  fixture f;
  f.add([](context ctx, int in) -> task<std::string> {
    auto text = co_await blocking(ctx, [in] {
      if (in < 0)
        throw std::runtime_error{"no disk"};
      return std::make_unique<std::string>(long_text);
    });
    if (!text)
      co_return text.error();
    co_await blocking(ctx, [] {}).or_throw();
    co_return **text;
  });
  auto ada = f.app.connect();
  CHECK(ada.call<std::string>("app::test:run", 1) == long_text);
  ada.expect_error(ada.send("app::test:run", -1), 500);
}

TEST_CASE("what blocks is taken back when nobody waits for it") {
  int runs = 0;
  fixture f;
  f.add([&](context ctx) -> task<int> {
    auto first = co_await when_any(blocking(ctx, [&runs] { return ++runs; }),
                                   sleep(ctx, 0s));
    co_return static_cast<int>(first.index());
  });
  auto ada = f.app.connect();
  // The pool of a test runs what it has when the actors have nothing to do:
  // whichever comes first, the function does not run behind it.
  auto index = ada.call<int>("app::test:run");
  CHECK(runs == (index == 0 ? 1 : 0));
}

// -- callbacks ----------------------------------------------------------------

TEST_CASE("a callback is awaited") {
  std::thread caller;
  fixture f;
  f.add([&](context ctx) -> task<std::string> {
    auto text = co_await callback<std::string>(ctx, [&](auto done) {
      caller = std::thread{[done] {
        done(long_text);
        done("too late");
      }};
    });
    co_return text;
  });
  auto ada = f.app.connect();
  auto ref = ada.send("app::test:run");
  caller.join();
  CHECK(ada.expect_reply<std::string>(ref) == long_text);
}

TEST_CASE("a callback that is dropped, or fails, is an error") {
  fixture f;
  std::optional<resolver<void>> kept;
  f.add([&](context ctx) -> task<void> {
    co_await callback(ctx, [&](resolver<void> done) {
      kept = done;
    }).or_throw();
    co_return ok;
  });
  auto ada = f.app.connect();
  auto ref = ada.send("app::test:run");
  kept.reset();
  ada.expect_error(ref, 500);
  ref = ada.send("app::test:run");
  kept->fail(make_error(errc::conflict, "it is taken"));
  CHECK(ada.expect_error(ref, 409).message == "it is taken");
  ref = ada.send("app::test:run");
  (*kept)();
  ada.expect_reply<void>(ref);
  // Nobody waits any more.
  ref = ada.send("app::test:run");
  ada.disconnect();
  (*kept)();
}

// -- several ------------------------------------------------------------------

// -- once ---------------------------------------------------------------------

TEST_CASE("what has given its result is not awaited again") {
  fixture f;
  std::vector<std::string> told;
  auto twice = [&told](auto what) -> task<void> {
    auto mine = std::move(what);
    co_await mine;
    auto more = co_await mine;
    told.push_back(more ? "a value" : trace_of(more.error()));
    co_return ok;
  };
  f.add([&](context ctx) -> task<void> {
    charge what{"a card", 1};
    co_await twice(request<payment>(ctx, f.bank, 1s, what));
    // What it has captured is gone when it has run.
    auto text = std::make_shared<std::string>(long_text);
    auto copy = [text] { return *text; };
    co_await twice(blocking(ctx, copy));
    test::posted said{"room", "hi"};
    co_await twice(ctx.publish_sync(said, 1s));
    co_await twice(ctx.call_strategy<int>("app::test:none"));
    co_await twice(callback<int>(ctx, [](auto done) { done(1); }));
    co_await twice(after(ctx, 0ms, 1));
    co_return ok;
  });
  auto ada = f.app.connect();
  auto ref = ada.send("app::test:run");
  f.app.advance(1ms);
  ada.expect_reply<raw_json>(ref);
  REQUIRE(told.size() == 6);
  for (auto& each : told)
    CHECK(each.find("awaited twice") != std::string::npos);
}

TEST_CASE("two do not wait for one thing at the same time") {
  fixture f;
  int told = 0;
  auto note = [&told](const caf::error& why) {
    told += trace_of(why).find("two wait for one") != std::string::npos ? 1 : 0;
  };
  auto wait = [&](auto& what) -> task<void> {
    auto result = co_await what;
    if constexpr (requires { result.index(); })
      std::visit([&](auto& x) { note(x ? caf::error{} : x.error()); }, result);
    else if constexpr (requires { result.error(); })
      note(result ? caf::error{} : result.error());
    else
      note(std::get<0>(result) ? caf::error{} : std::get<0>(result).error());
    co_return ok;
  };
  auto both = [&](auto what) -> task<void> {
    auto mine = std::move(what);
    co_await when_all(wait(mine), wait(mine));
    co_return ok;
  };
  f.app.strategies().add("app::test:slow", [](context ctx) -> task<int> {
    co_return co_await after(ctx, 1ms, 1);
  });
  f.add([&](context ctx) -> task<void> {
    co_await both(sleep(ctx, 1ms));
    co_await both(after(ctx, 1ms, 1));
    co_await both(ctx.call_strategy<int>("app::test:slow"));
    co_await both(request<int>(ctx, f.bank, 1ms, caf::atom("never")));
    co_await both(when_all(sleep(ctx, 1ms), sleep(ctx, 1ms)));
    co_await both(when_any(sleep(ctx, 1ms), sleep(ctx, 2ms)));
    co_return ok;
  });
  auto ada = f.app.connect();
  auto ref = ada.send("app::test:run");
  f.app.advance(10ms);
  ada.expect_reply<raw_json>(ref);
  CHECK(told == 6);
}

TEST_CASE("a task that awaits itself is told so") {
  fixture f;
  f.add([](context ctx) -> task<int> {
    task<int> mine;
    auto wait = [&mine](context in) -> task<int> {
      co_await sleep(in, 1ms);
      co_return co_await mine;
    };
    mine = wait(ctx);
    co_return co_await mine;
  });
  auto ada = f.app.connect();
  auto ref = ada.send("app::test:run");
  f.app.advance(1ms);
  ada.expect_error(ref, 500);
}

TEST_CASE("when_all waits for all of them") {
  fixture f;
  f.add([&](context ctx) -> task<std::string> {
    charge little{long_text, 1};
    charge much{long_text, 101};
    auto [paid, slept, later, none] = co_await when_all(
      request<payment>(ctx, f.bank, 2s, little), sleep(ctx, 30ms),
      after(ctx, 20ms, 7), request<payment>(ctx, f.bank, 2s, much));
    co_return paid->number + (slept ? "," : "?") + std::to_string(*later)
      + (none ? "?" : code_of(none.error()));
  });
  auto ada = f.app.connect();
  auto ref = ada.send("app::test:run");
  f.app.advance(29ms);
  ada.expect_nothing();
  f.app.advance(1ms);
  CHECK(ada.expect_reply<std::string>(ref) == long_text + "/1,7conflict");
}

TEST_CASE("when_all takes a list, and throws what has failed") {
  fixture f;
  f.add([&](context ctx, int most) -> task<int> {
    std::vector<task<int>> parts;
    for (int i = 0; i < most; ++i)
      parts.push_back(after(ctx, std::chrono::milliseconds{i % 3}, i));
    int sum = 0;
    for (auto& each : co_await when_all(std::move(parts)))
      sum += *each;
    std::vector<pending_response<payment>> asked;
    for (int i = 0; i < most; ++i)
      asked.push_back(
        request<payment>(ctx, f.bank, 2s, charge{long_text, 20 * i}));
    auto paid = co_await when_all(std::move(asked)).or_throw();
    co_return sum + static_cast<int>(paid.size());
  });
  auto ada = f.app.connect();
  CHECK(ada.call<int>("app::test:run", 0) == 0);
  auto ref = ada.send("app::test:run", 4);
  f.app.advance(2ms);
  CHECK(ada.expect_reply<int>(ref) == 0 + 1 + 2 + 3 + 4);
  ref = ada.send("app::test:run", 9);
  f.app.advance(2ms);
  ada.expect_error(ref, 409);
}

TEST_CASE("when_any goes on with the first, and drops the others") {
  int alive = 0;
  fixture f;
  auto slow = [&alive](context& ctx) -> task<int> {
    probe here{alive};
    co_return co_await after(ctx, 1s, 1);
  };
  f.add([&](context ctx) -> task<std::string> {
    auto first = co_await when_any(slow(ctx), sleep(ctx, 50ms), slow(ctx));
    // Their frames are gone.
    auto left = alive;
    auto at_once = co_await when_any(
      slow(ctx), callback<int>(ctx, [](auto done) { done(4); }),
      []() -> task<std::string> { co_return long_text; }(), slow(ctx));
    co_return std::to_string(first.index()) + std::to_string(left)
      + std::to_string(at_once.index()) + *std::get<2>(at_once);
  });
  auto ada = f.app.connect();
  auto ref = ada.send("app::test:run");
  CHECK(alive == 2);
  f.app.advance(50ms);
  CHECK(alive == 0);
  CHECK(ada.expect_reply<std::string>(ref) == "102" + long_text);
}

// -- the end of the world -----------------------------------------------------

namespace {

/// Waits at the place with this number in one of the ways in which a task can.
task<std::string> visit(context ctx, int place, caf::actor bank, int& alive,
                        std::vector<resolver<int>>& kept) {
  probe here{alive};
  auto never = caf::atom("never");
  std::string text = long_text;
  switch (place) {
    case 0:
      co_await sleep(ctx, 1s);
      break;
    case 1:
      co_await request<payment>(ctx, bank, 5s, never);
      break;
    case 2:
      co_await ctx.call_strategy<int>("app::test:never");
      break;
    case 3:
      co_await callback<int>(ctx, [&kept](auto done) { kept.push_back(done); });
      break;
    case 4:
      co_await visit(ctx, 0, bank, alive, kept);
      break;
    case 5:
      co_await visit(ctx, 4, bank, alive, kept);
      break;
    case 6:
      co_await when_all(visit(ctx, 0, bank, alive, kept), sleep(ctx, 2s),
                        request<payment>(ctx, bank, 5s, never),
                        visit(ctx, 5, bank, alive, kept));
      break;
    case 7:
      co_await when_any(visit(ctx, 6, bank, alive, kept), sleep(ctx, 2s),
                        request<payment>(ctx, bank, 5s, never));
      break;
    case 8: {
      auto early = ctx.call_strategy<int>("app::test:never");
      auto other = request<payment>(ctx, bank, 5s, never);
      co_await sleep(ctx, 1s);
      break;
    }
    case 9:
      co_await sleep(ctx, 1s).or_throw();
      break;
    case 10:
      co_await when_all(visit(ctx, 7, bank, alive, kept)).or_throw();
      break;
    default:
      break;
  }
  if (place == 9)
    throw std::runtime_error{"broken"};
  co_return text;
}

constexpr int places = 11;

struct never_state {
  std::vector<response_promise<int>> promises;
};

domain_behavior never(domain_actor<never_state>* self) {
  return {on("app::test:never", [=](context& ctx) {
    self->state.promises.push_back(ctx.make_promise<int>());
    return self->state.promises.back();
  })};
}

/// All places at once, inline and hosted, in one program.
struct world {
  world() {
    f.app.host(never);
    auto run = [this](context ctx, int place) {
      return visit(std::move(ctx), place, f.bank, alive, kept);
    };
    f.app.strategies().add("app::world:inline", run);
    f.app.host([=](domain_actor<>* self) -> domain_behavior {
      return {on("app::world:hosted", run), on("app::world:quit", [=] {
                self->quit(caf::sec::runtime_error);
              })};
    });
  }

  ~world() {
    // As a promise, it is not for longer than the program.
    kept.clear();
  }

  void begin(testing::fake_client& who) {
    for (int i = 0; i < places; ++i) {
      who.send("app::world:inline", i);
      who.send("app::world:hosted", i);
    }
  }

  int alive = 0;
  std::vector<resolver<int>> kept;
  fixture f;
};

} // namespace

TEST_CASE("frames end with their connection wherever they wait") {
  world w;
  auto ada = w.f.app.connect();
  w.begin(ada);
  auto all = w.alive;
  CHECK(all > 2 * places);
  // Those of the domain are cancelled.
  ada.disconnect();
  CHECK(w.alive == 0);
}

TEST_CASE("frames end with their domain wherever they wait") {
  world w;
  auto ada = w.f.app.connect();
  w.begin(ada);
  auto all = w.alive;
  ada.call<void>("app::world:quit");
  CHECK(w.alive == all / 2);
  std::size_t gone = 0;
  for (auto& text : ada.heard())
    gone += text.find("\"status\":503") != std::string::npos;
  CHECK(gone == places);
  ada.disconnect();
  CHECK(w.alive == 0);
}

TEST_CASE("frames end at the deadline wherever they wait") {
  world w;
  auto ada = w.f.app.connect();
  w.begin(ada);
  w.f.app.advance(10s);
  CHECK(w.alive == 0);
  CHECK(ada.heard().size() == 2 * places);
}

TEST_CASE("frames end with the program wherever they wait") {
  auto w = std::make_unique<world>();
  auto ada = w->f.app.connect();
  w->begin(ada);
  CHECK(w->alive > 0);
}

TEST_CASE("a hundred thousand tasks of one actor wait at the same time") {
  int alive = 0;
  fixture f;
  f.app.host([&](domain_actor<>*) -> domain_behavior {
    return {on("app::many:one",
               [&alive](context ctx, int in) -> task<int> {
                 probe here{alive};
                 co_await sleep(ctx, std::chrono::milliseconds{in % 100});
                 co_return in;
               }),
            on("app::many:all", [](context ctx, int count) -> task<int> {
              std::vector<pending_call<int>> all;
              for (int i = 0; i < count; ++i)
                all.push_back(ctx.call_strategy<int>("app::many:one", i));
              int sum = 0;
              for (auto& each : co_await when_all(std::move(all)))
                sum += each ? 1 : 0;
              co_return sum;
            })};
  });
  auto ada = f.app.connect();
  // No more than wait in the mailbox at a time.
  std::vector<int> refs;
  for (int i = 0; i < 11; ++i)
    refs.push_back(ada.send("app::many:all", 9'999));
  CHECK(alive == 11 * 9'999);
  f.app.advance(100ms);
  CHECK(alive == 0);
  for (auto ref : refs)
    CHECK(ada.expect_reply<int>(ref) == 9'999);
}
