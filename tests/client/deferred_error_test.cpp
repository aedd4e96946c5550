// A handler that has made a promise and fails nevertheless.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <caf/behavior.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/strategy/call.hpp"
#include "flamigo/testing/app.hpp"

using namespace flamigo;

namespace {

/// Kept by whoever made it, as a slow service would.
std::optional<response_promise<int>> kept;

response_promise<int>& keep(context& ctx) {
  return kept.emplace(ctx.make_promise<int>());
}

caf::error full() {
  return public_error("the house is full", 418, "full");
}

/// The same failure of a handler, returned in each way that there is.
struct way {
  std::string name;
  strategy_handlers (*handlers)();
};

const std::vector<way> ways{
  {"caf::error",
   [] {
     return strategy_handlers::of([](context& ctx) -> caf::error {
       keep(ctx);
       return full();
     });
   }},
  {"caf::result",
   [] {
     return strategy_handlers::of([](context& ctx) -> caf::result<int> {
       keep(ctx);
       return full();
     });
   }},
  {"caf::result without a value",
   [] {
     return strategy_handlers::of([](context& ctx) -> caf::result<void> {
       keep(ctx);
       return full();
     });
   }},
  {"caf::expected",
   [] {
     return strategy_handlers::of([](context& ctx) -> caf::expected<int> {
       keep(ctx);
       return full();
     });
   }},
  {"an exception that a handler turns into an error",
   [] {
     return strategy_handlers::of([](context& ctx) -> caf::result<int> {
       auto& answer = keep(ctx);
       try {
         throw 42;
       } catch (int) {
         return full();
       }
       return answer;
     });
   }},
  {"caf::result of a behavior",
   [] {
     return strategy_handlers::of(
       accepts<raw_json>{}, returns<int>{},
       caf::behavior{[](context& ctx, const raw_json&) -> caf::result<int> {
         keep(ctx);
         return full();
       }});
   }},
  {"caf::error of a behavior",
   [] {
     return strategy_handlers::of(
       accepts<raw_json>{}, returns<int>{},
       caf::behavior{[](context& ctx, const raw_json&) -> caf::error {
         keep(ctx);
         return full();
       }});
   }},
};

void add_inline(testing::app& app, const std::string& name, const way& how) {
  app.strategies().insert(
    strategy{name, {}, std::make_shared<strategy_handlers>(how.handlers())});
}

void add_hosted(testing::app& app, const std::string& name, const way& how) {
  app.host([name, how](domain_actor<>*) -> domain_behavior {
    return {named_strategy{
      name, {}, std::make_shared<strategy_handlers>(how.handlers())}};
  });
}

/// Adds a strategy that passes on what `inner` answers.
void add_caller(testing::app& app, const std::string& inner) {
  app.strategies().add("app::test:enter", [inner](context& ctx) {
    auto answer = ctx.make_promise<int>();
    ctx.call_strategy<int>(inner).then(
      [answer](int in) mutable { answer.deliver(in); },
      [answer](caf::error why) mutable { answer.deliver(std::move(why)); });
    return answer;
  });
}

struct place {
  std::string name;
  std::function<void(testing::app&, const way&)> add;
};

const std::vector<place> places{
  {"inline",
   [](auto& app, auto& how) { add_inline(app, "app::test:enter", how); }},
  {"hosted",
   [](auto& app, auto& how) { add_hosted(app, "app::test:enter", how); }},
  {"nested inline",
   [](auto& app, auto& how) {
     add_inline(app, "app::test:inner", how);
     add_caller(app, "app::test:inner");
   }},
  {"nested hosted",
   [](auto& app, auto& how) {
     add_hosted(app, "app::test:inner", how);
     add_caller(app, "app::test:inner");
   }},
};

} // namespace

TEST_CASE("an error that is returned after make_promise answers at once") {
  for (auto& where : places)
    for (auto& how : ways) {
      INFO(where.name + ", " + how.name);
      testing::app app;
      where.add(app, how);
      auto ada = app.connect();
      auto why = ada.expect_error(ada.send("app::test:enter"), 418);
      CHECK(why.message == "the house is full");
      CHECK(why.code == "full");
      // What is delivered later does nothing.
      CHECK_FALSE(kept->pending());
      kept->deliver(7);
      kept.reset();
      ada.expect_nothing();
      app.advance(std::chrono::seconds{20});
      ada.expect_nothing();
    }
}

TEST_CASE("who has answered before fails in vain") {
  testing::app app;
  app.strategies().add("app::test:both", [](context& ctx) -> caf::result<int> {
    ctx.make_promise<int>().deliver(7);
    return full();
  });
  auto ada = app.connect();
  CHECK(ada.call<int>("app::test:both") == 7);
  ada.expect_nothing();
}

TEST_CASE("no error after make_promise leaves the answer to the promise") {
  testing::app app;
  app.strategies().add("app::test:error", [](context& ctx) -> caf::error {
    keep(ctx);
    return {};
  });
  app.strategies().add("app::test:result",
                       [](context& ctx) -> caf::result<int> {
                         return keep(ctx);
                       });
  app.strategies().add("app::test:nothing", [](context& ctx) { keep(ctx); });
  auto ada = app.connect();
  for (auto name :
       {"app::test:error", "app::test:result", "app::test:nothing"}) {
    INFO(name);
    auto ref = ada.send(name);
    ada.expect_nothing();
    kept->deliver(7);
    CHECK(ada.expect_reply<int>(ref) == 7);
  }
  kept.reset();
}

TEST_CASE("a failure without an error is one all the same") {
  testing::app app;
  app.strategies().add("app::test:returned",
                       []() -> caf::expected<int> { return caf::error{}; });
  app.strategies().add("app::test:delivered", [](context& ctx) {
    auto answer = ctx.make_promise<int>();
    answer.deliver(caf::error{});
    return answer;
  });
  auto ada = app.connect();
  for (auto name : {"app::test:returned", "app::test:delivered"}) {
    INFO(name);
    CHECK(ada.expect_error(ada.send(name), 500).code == "internal");
  }
}

TEST_CASE("a strategy without a result has succeeded with no error") {
  testing::app app;
  app.strategies().add("app::test:save", [](context& ctx) {
    auto answer = ctx.make_promise<void>();
    answer.deliver(caf::error{});
    return answer;
  });
  auto ada = app.connect();
  ada.call<void>("app::test:save");
}
