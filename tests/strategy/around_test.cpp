#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/claims/validator.hpp"
#include "flamigo/client/client.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/strategy/call.hpp"
#include "flamigo/task/sleep.hpp"
#include "flamigo/testing/app.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

using texts = std::vector<std::string>;

/// Writes down when the rest begins and what it has come to.
auto noting(texts& log, std::string mark) {
  return [&log, mark](context ctx, next next) -> task<raw_json> {
    log.push_back(mark + " " + std::string{ctx.action()});
    auto answer = co_await next(ctx);
    log.push_back(mark + " "
                  + (answer ? answer->text : code_of(answer.error())));
    co_return answer;
  };
}

caf::result<int> halve(int in) {
  if (in % 2 != 0)
    return make_error(errc::conflict, "it is odd");
  return in / 2;
}

/// Strategies that answer at once, later, and as coroutines.
domain_behavior hosted(domain_actor<>*) {
  return {
    on("app::math:halve", halve),
    on("app::math:later",
       [](context& ctx, int in) {
         auto promise = ctx.make_promise<int>();
         promise.deliver(in + 1);
         return promise;
       }),
    on("app::math:slow",
       [](context ctx, int in) -> task<int> {
         co_await sleep(ctx, 1s).or_throw();
         co_return in + 2;
       }),
    on("app::math:long",
       [](context ctx) -> task<void> {
         co_await sleep(ctx, 1min).or_throw();
         co_return ok;
       }),
  };
}

std::string failure_of_around(testing::app& app, std::string pattern) {
  try {
    app.around(std::move(pattern),
               [](context ctx, next next) -> task<raw_json> {
                 co_return co_await next(ctx);
               });
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return {};
}

bool contains(const std::string& text, std::string_view what) {
  return text.find(what) != text.npos;
}

} // namespace

TEST_CASE("what wraps a strategy is around whatever it does") {
  texts log;
  testing::app app;
  app.around("app::math:*", noting(log, "a"));
  app.host(hosted);
  app.strategies().add("app::math:inline", halve);
  app.strategies().add("app::other:inline", halve);
  auto ada = app.connect();
  CHECK(ada.call<int>("app::math:halve", 8) == 4);
  CHECK(ada.call<int>("app::math:later", 8) == 9);
  CHECK(ada.call<int>("app::math:inline", 8) == 4);
  CHECK(ada.call<int>("app::other:inline", 8) == 4);
  CHECK(log
        == texts{"a app::math:halve", "a 4", "a app::math:later", "a 9",
                 "a app::math:inline", "a 4"});
  log.clear();
  auto ref = ada.send("app::math:slow", 8);
  CHECK(log == texts{"a app::math:slow"});
  app.advance(1s);
  CHECK(ada.expect_reply<int>(ref) == 10);
  CHECK(log == texts{"a app::math:slow", "a 10"});
}

TEST_CASE("errors pass what wraps as they are") {
  texts log;
  testing::app app;
  app.around("*", noting(log, "a"));
  app.host(hosted);
  app.strategies().add("app::math:inline", halve);
  app.strategies().add("app::math:throw",
                       []() -> int { throw std::runtime_error{"secret"}; });
  auto ada = app.connect();
  for (auto name : {"app::math:halve", "app::math:inline"}) {
    CHECK(ada.expect_error(ada.send(name, 7), 409).message == "it is odd");
    auto why = ada.expect_error(ada.send(name, std::string{"x"}), 400);
    CHECK(why.fieldErrors.has_value());
  }
  ada.expect_error(ada.send("app::math:throw"), 500);
  CHECK(log.size() == 10);
  CHECK(log.back() == "a internal");
}

TEST_CASE("several nest in the order in which they were declared") {
  texts log;
  testing::app app;
  app.around("*", noting(log, "outer"));
  app.around("app::*:ha*e", noting(log, "inner"));
  app.host(hosted);
  app.strategies().add("app::inline:halve", halve);
  auto ada = app.connect();
  for (auto name : {"app::math:halve", "app::inline:halve"}) {
    log.clear();
    ada.call<int>(name, 8);
    CHECK(log
          == texts{std::string{"outer "} + name, std::string{"inner "} + name,
                   "inner 4", "outer 4"});
  }
  auto all = app.strategies().list();
  CHECK(all.at(0).name == "app::inline:halve");
  CHECK(all.at(0).around == texts{"*", "app::*:ha*e"});
  CHECK(all.at(0).inputs == texts{"int32"});
  CHECK(all.at(2).name == "app::math:later");
  CHECK(all.at(2).around == texts{"*"});
  CHECK(all.at(2).outputs == texts{"int32"});
}

TEST_CASE("what wraps may refuse, answer by itself, change and try again") {
  int runs = 0;
  testing::app app;
  app.around("app::a:refuse", [](context, next) -> task<raw_json> {
    co_return make_error(errc::unavailable, "switched off");
  });
  app.around("app::a:answer", [](context ctx, next) -> task<raw_json> {
    co_return raw_json{"[" + std::string{ctx.payload()} + "]"};
  });
  app.around("app::a:change", [](context ctx, next next) -> task<raw_json> {
    auto answer = co_await next(ctx);
    if (!answer)
      co_return make_error(errc::unknown_strategy, "there is no half of it");
    co_return raw_json{"-" + answer->text};
  });
  app.around("app::a:again", [](context ctx, next next) -> task<raw_json> {
    auto answer = co_await next(ctx);
    for (int i = 0; i < 2 && !answer; ++i) {
      co_await sleep(ctx, 10ms).or_throw();
      answer = co_await next(ctx);
    }
    co_return answer;
  });
  app.around("app::a:ignore", [](context ctx, next next) -> task<raw_json> {
    auto rest = next(ctx);
    co_await rest;
    co_return co_await rest;
  });
  for (auto action : {"refuse", "answer", "change", "again", "ignore"})
    app.strategies().add(std::string{"app::a:"} + action,
                         [&runs](int in) { return halve(in + runs++); });
  auto ada = app.connect();
  CHECK(ada.expect_error(ada.send("app::a:refuse", 8), 503).message
        == "switched off");
  CHECK(ada.call<std::vector<int>>("app::a:answer", 8) == std::vector{8});
  CHECK(runs == 0);
  CHECK(ada.call<int>("app::a:change", 8) == -4);
  ada.expect_error(ada.send("app::a:change", 8), 404);
  runs = 1;
  auto ref = ada.send("app::a:again", 8);
  app.advance(10ms);
  CHECK(ada.expect_reply<int>(ref) == 5);
  ada.expect_error(ada.send("app::a:ignore", 8), 500);
}

TEST_CASE("whoever calls, his call is wrapped where the strategy runs") {
  texts log;
  testing::app app;
  app.around("app::math:*", [&log](context ctx, next next) -> task<raw_json> {
    log.push_back(ctx.claims().type + " " + ctx.self()->name());
    co_return co_await next(ctx);
  });
  app.host(hosted);
  app.strategies().add("app::math:inline", internal(), halve);
  auto both = [](context ctx) -> task<int> {
    int sum = 0;
    for (auto name : {"app::math:halve", "app::math:inline"})
      sum += co_await ctx.call_strategy<int>(name, 8).or_throw();
    co_return sum;
  };
  app.strategies().add("app::other:both", both);
  app.host([both](domain_actor<>* self) -> domain_behavior {
    self->after(1s, [self] {
      self->call_strategy<int>("app::math:inline", 8).ignore();
    });
    return {on("app::third:both", both)};
  });
  auto ada = app.connect();
  CHECK(ada.call<int>("app::other:both") == 8);
  CHECK(ada.call<int>("app::third:both") == 8);
  CHECK(app.backend().call<int>("app::math:inline", 8) == 4);
  app.advance(1s);
  auto domain = log.at(0).substr(log.at(0).find(' '));
  CHECK(log
        == texts{"websocket" + domain, "websocket websocket_client",
                 "websocket" + domain, "websocket" + domain,
                 "backend backend_worker", "domain" + domain});
}

TEST_CASE("who may not call is refused before anything is wrapped") {
  texts log;
  testing::app app;
  app.authenticate();
  app.around("*", noting(log, "a"));
  app.strategies().add("app::a:internal", internal(), [] {});
  app.strategies().add("app::a:moderate", has_permission("moderate"), [] {});
  auto ada = app.connect(user{.id = "1", .name = "Ada"});
  log.clear();
  ada.expect_error(ada.send("app::a:internal"), 404);
  ada.expect_error(ada.send("app::a:moderate"), 403);
  app.connect();
  CHECK(log.empty());
}

TEST_CASE("an authentication is wrapped as well") {
  texts log;
  testing::app app;
  app.around("app::websocket:auth",
             [&log](context ctx, next next) -> task<raw_json> {
               log.push_back(std::string{ctx.action()});
               co_await sleep(ctx, 1ms).or_throw();
               auto answer = co_await next(ctx);
               log.push_back(answer ? answer->text : code_of(answer.error()));
               co_return answer;
             });
  app.authenticate();
  app.add_user(user{.id = "1", .name = "Ada"});
  auto ada = app.connect_with("1");
  app.advance(1ms);
  CHECK(log == texts{"app::websocket:auth", R"({"success":true})"});
  app.strategies().add("app::a:me", [](const user& me) { return me.name; });
  CHECK(ada.call<std::string>("app::a:me") == "Ada");
}

TEST_CASE("a client's own strategies are wrapped") {
  texts log;
  testing::app app;
  app.around("app::mine:*", noting(log, "a"));
  app.on_open(
    [](client& who) { CHECK_FALSE(who.subscribe("app::mine:halve", halve)); });
  auto ada = app.connect();
  CHECK(ada.call<int>("app::mine:halve", 8) == 4);
  CHECK(log == texts{"a app::mine:halve", "a 4"});
}

TEST_CASE("a restarted domain is wrapped as before") {
  texts log;
  testing::app app;
  app.around("app::math:*", noting(log, "a"));
  app.host([](domain_actor<>* self) -> domain_behavior {
    return {on("app::math:halve", halve), on("app::math:fall", [self] {
              self->quit(caf::sec::runtime_error);
            })};
  });
  auto ada = app.connect();
  ada.send("app::math:fall");
  app.run();
  log.clear();
  CHECK(ada.call<int>("app::math:halve", 8) == 4);
  CHECK(log == texts{"a app::math:halve", "a 4"});
}

TEST_CASE("the deadline ends what wraps and what is wrapped") {
  texts log;
  testing::app app;
  app.around("app::math:long", noting(log, "a"));
  app.host(hosted);
  auto ada = app.connect();
  auto ref = ada.send("app::math:long");
  app.advance(10s);
  ada.expect_error(ref, 504);
  CHECK(log == texts{"a app::math:long", "a timeout"});
}

TEST_CASE("what wraps is ended by who has called when the rest has ended") {
  texts log;
  testing::app app;
  app.around("app::*:brief", [&log](context ctx, next next) -> task<raw_json> {
    auto answer = co_await next(ctx);
    auto slept = co_await sleep(ctx, 1min);
    log.push_back(slept ? "slept" : code_of(slept.error()));
    co_return answer;
  });
  auto brief = [](context ctx) -> task<void> {
    co_await sleep(ctx, 1s).or_throw();
    co_return ok;
  };
  app.strategies().add("app::inline:brief", brief);
  app.host([=](domain_actor<>*) -> domain_behavior {
    return {on("app::hosted:brief", brief)};
  });
  auto ada = app.connect();
  for (auto name : {"app::inline:brief", "app::hosted:brief"}) {
    INFO(name);
    log.clear();
    auto ref = ada.send(name);
    app.advance(9s);
    CHECK(log.empty());
    app.advance(1s);
    ada.expect_error(ref, 504);
    CHECK(log == texts{"timeout"});
    ref = ada.send(name);
    app.advance(2s);
    CHECK(ada.cancel(ref));
    ada.expect_error(ref, 499);
    CHECK(log == texts{"timeout", "cancelled"});
  }
}

TEST_CASE("a call that is cancelled ends what is wrapped, and what wraps it") {
  texts log;
  testing::app app;
  app.around("*", noting(log, "outer"));
  app.around("app::*:long", noting(log, "inner"));
  auto wait = [&log](context ctx) -> task<void> {
    auto slept = co_await sleep(ctx, 5s);
    log.push_back(slept ? "slept" : code_of(slept.error()));
    co_return slept;
  };
  app.strategies().add("app::inline:long", wait);
  app.host([=](domain_actor<>*) -> domain_behavior {
    return {on("app::hosted:long", wait)};
  });
  for (auto name : {"app::inline:long", "app::hosted:long"}) {
    INFO(name);
    auto ada = app.connect();
    auto ref = ada.send(name);
    log.clear();
    CHECK(ada.cancel(ref));
    ada.expect_error(ref, 499);
    std::sort(log.begin(), log.end());
    // That of the client is around the strategy that cancels as well.
    CHECK(std::count(log.begin(), log.end(), "cancelled") == 1);
    CHECK(std::count(log.begin(), log.end(), "inner cancelled") == 1);
    CHECK(std::count(log.begin(), log.end(), "outer cancelled") == 1);
  }
}

TEST_CASE("the rest may have a time of its own, and act for the program") {
  testing::app app;
  app.around("app::math:long", [](context ctx, next next) -> task<raw_json> {
    co_return co_await next(ctx.keep(2min));
  });
  app.around("app::a:who", [](context ctx, next next) -> task<raw_json> {
    co_return co_await next(ctx.as_program());
  });
  std::string who;
  bool ended = false;
  app.around("app::math:long",
             [&ended](context ctx, next next) -> task<raw_json> {
               auto answer = co_await next(ctx);
               ended = answer.operator bool();
               co_return answer;
             });
  app.host(hosted);
  app.strategies().add("app::a:who",
                       [&who](context& ctx) { who = ctx.claims().type; });
  auto ada = app.connect();
  ada.call<void>("app::a:who");
  CHECK(who == "backend");
  auto ref = ada.send("app::math:long");
  app.advance(1min);
  ada.expect_error(ref, 504);
  CHECK(ended);
}

TEST_CASE("frames end with their actor inside of what wraps them") {
  int alive = 0;
  struct probe {
    explicit probe(int& x) : count(x) {
      ++count;
    }
    probe(const probe&) = delete;
    ~probe() {
      --count;
    }
    int& count;
  };
  testing::app app;
  app.around("*", [&](context ctx, next next) -> task<raw_json> {
    probe here{alive};
    co_return co_await next(ctx);
  });
  auto wait = [&](context ctx) -> task<void> {
    probe here{alive};
    co_await sleep(ctx, 1s).or_throw();
    co_return ok;
  };
  app.strategies().add("app::wait:inline", wait);
  app.host([=](domain_actor<>* self) -> domain_behavior {
    return {on("app::wait:hosted", wait),
            on("app::wait:end", [self] { self->quit(); })};
  });
  auto ada = app.connect();
  ada.send("app::wait:inline");
  auto ref = ada.send("app::wait:hosted");
  CHECK(alive == 4);
  ada.send("app::wait:end");
  ada.expect_error(ref, 503);
  CHECK(alive == 2);
  ada.disconnect();
  CHECK(alive == 0);
}

// -- misuse -------------------------------------------------------------------

TEST_CASE("what is no pattern is refused with a sentence") {
  testing::app app;
  for (auto text :
       {"", "**", "app", "app::", "app::shop", "app::shop:", "app:shop:buy",
        "app::shop:buy:now", "app::shop:b uy", "::shop:*", "shop:*"}) {
    INFO(text);
    CHECK(contains(failure_of_around(app, text),
                   "a pattern reads \"namespace::domain:action\", such as "
                   "\"app::shop:*\""));
  }
  CHECK(contains(failure_of_around(app, "ap::shop:*"),
                 "all names here begin with \"app::\""));
  for (auto text : {"*", "*::*:*", "app::shop:buy", "a*::sh*p:*_*"})
    CHECK(failure_of_around(app, text).empty());
}

TEST_CASE("what comes too late for a domain is refused with a sentence") {
  testing::app app;
  app.host(hosted);
  CHECK(contains(failure_of_around(app, "app::math:*"),
                 "is hosted already: declare what wraps strategies before"));
  CHECK(contains(failure_of_around(app, "app::*:halve"), "is hosted already"));
  CHECK(failure_of_around(app, "app::shop:*").empty());
  CHECK(app.strategies().idle_arounds() == texts{"app::shop:*"});
  app.strategies().add("app::shop:halve", halve);
  CHECK(app.strategies().idle_arounds().empty());
}

TEST_CASE("the order of inline strategies and of what wraps them is free") {
  texts log;
  testing::app app;
  app.around("*", noting(log, "outer"));
  app.strategies().add("app::inline:halve", halve);
  app.around("app::inline:*", noting(log, "inner"));
  CHECK(app.connect().call<int>("app::inline:halve", 8) == 4);
  CHECK(log
        == texts{"outer app::inline:halve", "inner app::inline:halve",
                 "inner 4", "outer 4"});
}

TEST_CASE("a star stands for any text of one part") {
  using detail::strategy_pattern;
  auto matches = [](const char* pattern, const char* name) {
    return strategy_pattern{pattern}.matches(name);
  };
  CHECK(matches("*", "app::shop:buy"));
  CHECK(matches("app::shop:buy", "app::shop:buy"));
  CHECK_FALSE(matches("app::shop:buy", "app::shop:buy2"));
  CHECK_FALSE(matches("app::shop:buy", "app::shop:bu"));
  CHECK(matches("app::shop:*", "app::shop:buy"));
  CHECK_FALSE(matches("app::shop:*", "app::shop2:buy"));
  CHECK_FALSE(matches("app::*:buy", "app::shop:sell"));
  CHECK(matches("app::shop:get_*", "app::shop:get_"));
  CHECK(matches("app::shop:*_b*_c", "app::shop:a_b_b_c_c"));
  CHECK_FALSE(matches("app::shop:*_b*_c", "app::shop:a_c_b"));
  CHECK(matches("app::s**p:b*", "app::shop:b"));
}
