#include "flamigo/strategy/strategy_registry.hpp"

#include <stdexcept>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <boost/describe/class.hpp>

#include <caf/behavior.hpp>

#include "flamigo/described/inspect.hpp"
#include "flamigo/error/error.hpp"

using namespace flamigo;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;

namespace {

struct text_post {
  std::string text;
};

BOOST_DESCRIBE_STRUCT(text_post, (), (text))

struct photo_post {
  std::string url;
  int width;
};

BOOST_DESCRIBE_STRUCT(photo_post, (), (url, width))

struct receipt {
  std::string kind;
};

BOOST_DESCRIBE_STRUCT(receipt, (), (kind))

int plain_function(const text_post& in) {
  return static_cast<int>(in.text.size());
}

/// Runs a strategy without an actor.
struct runner {
  detail::outcome operator()(std::string_view name, std::string_view payload) {
    context ctx{{&who, name, payload, {}, nullptr, nullptr, nullptr}};
    out.clear();
    return strategies.find(name)->handlers()->invoke(ctx, out);
  }

  std::string done(std::string_view name, std::string_view payload = "null") {
    auto result = (*this)(name, payload);
    REQUIRE(result.what() == detail::outcome::kind::done);
    return out;
  }

  acting_actor who{{}, backend_claims()};
  strategy_registry strategies;
  std::string out;
};

} // namespace

TEST_CASE("a handler takes the context, an input, both or neither") {
  runner run;
  auto& s = run.strategies;
  s.add("app::t:neither", [] { return 1; });
  s.add("app::t:context", [](context& ctx) { return ctx.claims().type; });
  s.add("app::t:input", [](const text_post& in) { return in.text; });
  s.add("app::t:value", [](text_post in) { return std::move(in.text); });
  s.add("app::t:both", [](const context& ctx, const text_post& in) {
    return std::string{ctx.action()} + in.text;
  });
  s.add("app::t:function", plain_function);
  s.add("app::t:noexcept", [](const raw_json& in) noexcept { return in; });
  CHECK(run.done("app::t:neither") == "1");
  CHECK(run.done("app::t:context") == R"("backend")");
  CHECK(run.done("app::t:input", R"({"text":"hi"})") == R"("hi")");
  CHECK(run.done("app::t:value", R"({"text":"hi"})") == R"("hi")");
  CHECK(run.done("app::t:both", R"({"text":"!"})") == R"("app::t:both!")");
  CHECK(run.done("app::t:function", R"({"text":"four"})") == "4");
  CHECK(run.done("app::t:noexcept", "[1, 2]") == "[1, 2]");
}

TEST_CASE("a handler returns a value, nothing, a result or an error") {
  runner run;
  auto& s = run.strategies;
  s.add("app::t:nothing", [] {});
  s.add("app::t:result",
        []() -> caf::result<receipt> { return receipt{"result"}; });
  s.add("app::t:result_code",
        []() -> caf::result<receipt> { return errc::conflict; });
  s.add("app::t:void_result", []() -> caf::result<void> { return caf::unit; });
  s.add("app::t:expected",
        []() -> caf::expected<receipt> { return receipt{"expected"}; });
  s.add("app::t:error", [] { return make_error(errc::forbidden, "no"); });
  s.add("app::t:no_error", [] { return caf::error{}; });
  CHECK(run.done("app::t:nothing") == "null");
  CHECK(run.done("app::t:result") == R"({"kind":"result"})");
  CHECK(run.done("app::t:void_result") == "null");
  CHECK(run.done("app::t:expected") == R"({"kind":"expected"})");
  CHECK(run.done("app::t:no_error") == "null");
  auto failed = run("app::t:error", "null");
  CHECK(failed.what() == detail::outcome::kind::failed);
  CHECK(status_of(failed.error()) == 403);
  auto conflict = run("app::t:result_code", "null");
  CHECK(conflict.what() == detail::outcome::kind::failed);
  CHECK(status_of(conflict.error()) == 409);
}

TEST_CASE("a handler returns a literal") {
  runner run;
  auto& s = run.strategies;
  s.add("app::t:literal", [] { return "tea"; });
  s.add("app::t:view", []() -> std::string_view { return "tea"; });
  s.add("app::t:one_of", [](int x) { return x > 0 ? "much" : "few"; });
  s.add("app::t:array", []() -> decltype(auto) { return ("tea"); });
  for (auto name : {"app::t:literal", "app::t:view", "app::t:array"}) {
    INFO(name);
    CHECK(run.done(name) == R"("tea")");
    CHECK(s.find(name)->info().outputs.front() == "string");
  }
  CHECK(run.done("app::t:one_of", "1") == R"("much")");
  CHECK(run.done("app::t:one_of", "0") == R"("few")");
}

TEST_CASE("a payload is read where it is wanted") {
  runner run;
  run.strategies.add("app::t:read", [](context& ctx) -> caf::result<int> {
    auto in = ctx.payload_as<photo_post>();
    if (!in)
      return in.error();
    return in->width;
  });
  CHECK(run.done("app::t:read", R"({"url":"u","width":3})") == "3");
  auto wrong = run("app::t:read", R"({"url":1,"width":"x"})");
  CHECK(wrong.error() == errc::invalid_payload);
  CHECK(status_of(wrong.error()) == 400);
  CHECK(field_errors_of(wrong.error()).size() == 2);
}

// -- who asks -----------------------------------------------------------------

TEST_CASE("a handler takes who asks, beside the context and its input") {
  runner run;
  auto& s = run.strategies;
  claims ada;
  ada.type = "robot";
  ada.user = user{.id = "1", .name = "Ada"};
  run.who.claims = std::make_shared<const claims>(ada);
  s.add("app::t:user", [](const user& me) { return me.name; });
  s.add("app::t:value", [](user me) { return std::move(me.name); });
  s.add("app::t:actor",
        [](const acting_actor& who) { return who.claims->user->id; });
  s.add("app::t:all", [](context& ctx, const user& me, const acting_actor& who,
                         text_post in) {
    return std::string{ctx.action()} + me.name + who.claims->type + in.text;
  });
  s.add("app::t:input",
        [](const user& me, const text_post& in) { return me.name + in.text; });
  CHECK(run.done("app::t:user") == R"("Ada")");
  CHECK(run.done("app::t:value") == R"("Ada")");
  CHECK(run.done("app::t:actor") == R"("1")");
  CHECK(run.done("app::t:all", R"({"text":"!"})")
        == R"("app::t:allAdarobot!")");
  CHECK(run.done("app::t:input", R"({"text":"!"})") == R"("Ada!")");
  CHECK(s.find("app::t:input")->info().inputs.front() == "text_post");
  CHECK(s.find("app::t:user")->info().inputs.front() == "none");
}

TEST_CASE("what a handler takes of who asks is its guard") {
  strategy_registry s;
  auto count = 0;
  auto guard = [&](validator given, auto... handlers) {
    auto name = "app::t:" + std::to_string(++count);
    s.add(name, std::move(given), std::move(handlers)...);
    return s.find(name)->info().guard;
  };
  auto user_only = [](const user&) {};
  auto open = [](const text_post&) {};
  CHECK(guard({}, open) == "");
  CHECK(guard({}, [](const acting_actor&) {}) == "");
  CHECK(guard({}, user_only) == "is_authenticated");
  CHECK(guard(has_permission("x"), user_only)
        == "all_of(is_authenticated, has_permission(x))");
  // What is asked anyway is not asked twice.
  CHECK(guard(is_authenticated(), user_only) == "is_authenticated");
  CHECK(guard({is_websocket(), is_authenticated()}, user_only)
        == "all_of(is_websocket, is_authenticated)");
  CHECK(guard(any_of(is_authenticated(), is_server()), user_only)
        == "all_of(is_authenticated, any_of(is_authenticated, is_server))");
  // Of all handlers.
  CHECK(guard({}, open, user_only, user_only) == "is_authenticated");
  CHECK(guard({internal(), is_websocket()}, user_only)
        == "all_of(is_authenticated, all_of(internal, is_websocket))");
}

TEST_CASE("a handler does not run for who is not what it takes") {
  runner run;
  run.strategies.add("app::t:user", [](const user&) { return 1; });
  auto refused = run("app::t:user", "null");
  CHECK(refused.what() == detail::outcome::kind::failed);
  CHECK(status_of(refused.error()) == 403);
}

TEST_CASE("several handlers are picked by the input") {
  runner run;
  run.strategies.add(
    "app::t:post", validator{},
    [](const text_post&) { return receipt{"text"}; },
    [](const photo_post& in) { return in.width; });
  CHECK(run.done("app::t:post", R"({"text":"x"})") == R"({"kind":"text"})");
  CHECK(run.done("app::t:post", R"({"url":"u","width":3})") == "3");
  auto result = run("app::t:post", R"({"url":"u"})");
  CHECK(result.what() == detail::outcome::kind::mismatch);
  CHECK(field_errors_of(result.error()).size() == 1);
}

TEST_CASE("a strategy may be given as a CAF behavior") {
  runner run;
  run.strategies.add("app::t:post", validator{},
                     accepts<text_post, photo_post>{}, returns<receipt, int>{},
                     caf::behavior{
                       [](const context& ctx, const text_post&) {
                         return receipt{ctx.claims().type};
                       },
                       [](const photo_post& in) -> caf::result<int> {
                         if (in.width < 0)
                           return make_error(errc::invalid_payload, "negative");
                         return in.width;
                       },
                     });
  CHECK(run.done("app::t:post", R"({"text":"x"})") == R"({"kind":"backend"})");
  CHECK(run.done("app::t:post", R"({"url":"u","width":3})") == "3");
  auto failed = run("app::t:post", R"({"url":"u","width":-3})");
  CHECK(failed.what() == detail::outcome::kind::failed);
  CHECK(public_message(failed.error()) == "negative");
  CHECK(run("app::t:post", "{}").what() == detail::outcome::kind::mismatch);
}

TEST_CASE("exceptions become internal errors") {
  runner run;
  run.strategies.add("app::t:std",
                     []() -> int { throw std::runtime_error{"oops"}; });
  run.strategies.add("app::t:int", []() -> int { throw 1; });
  auto result = run("app::t:std", "null");
  CHECK(result.what() == detail::outcome::kind::failed);
  CHECK(public_message(result.error()) == "internal error");
  CHECK_THAT(trace_of(result.error()), ContainsSubstring("oops"));
  CHECK(run("app::t:int", "null").what() == detail::outcome::kind::failed);
}

TEST_CASE("names are checked where they are registered") {
  strategy_registry s;
  s.add("app::chat:post", [] {});
  auto add = [&](std::string name) { s.add(std::move(name), [] {}); };
  CHECK_THROWS_WITH(add("app::chat:post"),
                    ContainsSubstring("\"app::chat:post\"")
                      && ContainsSubstring("registered already"));
  CHECK_THROWS_WITH(add("web::chat:post"),
                    ContainsSubstring("must begin with \"app::\""));
  for (auto name : {"app::", "app::chat", "app::chat:", "app:::post",
                    "app::chat:po st", "app::chat:a:b"})
    CHECK_THROWS_WITH(add(name), ContainsSubstring("domain:action"));
  CHECK_THROWS_WITH(add("app::chat:" + std::string(300, 'x')),
                    ContainsSubstring("256"));
  CHECK_THROWS_AS(strategy_registry{"a:b"}, std::invalid_argument);
  CHECK(strategy_registry{"shop"}.list().empty());
}

TEST_CASE("strategies are listed with guard, types and home") {
  strategy_registry s;
  s.add("app::t:b", is_websocket(), [](const text_post&) { return receipt{}; });
  s.add("app::t:a", [] {});
  auto list = s.list();
  REQUIRE(list.size() == 2);
  CHECK(list[0].name == "app::t:a");
  CHECK(list[0].guard.empty());
  CHECK(list[0].inputs == std::vector<std::string>{"none"});
  CHECK(list[0].outputs == std::vector<std::string>{"none"});
  CHECK(list[1].guard == "is_websocket");
  CHECK(list[1].inputs == std::vector<std::string>{"text_post"});
  CHECK(list[1].outputs == std::vector<std::string>{"receipt"});
  CHECK(list[1].home == "inline");
  CHECK(list[1].defaults == std::vector<raw_json>{{"{}"}});
  CHECK(s.find("app::t:c") == nullptr);
}

TEST_CASE("when the program serves, its strategies do not change any more") {
  runner run;
  auto& s = run.strategies;
  auto& there = s.add("app::t:there", [] { return 1; });
  s.seal();
  auto late = [](const std::string& what) {
    return ContainsSubstring(what + " before start() or run()");
  };
  const std::string serves = ": the program serves already, ";
  CHECK_THROWS_MATCHES(
    s.add("app::t:late", [] {}), std::logic_error,
    MessageMatches(late("\"app::t:late\"" + serves + "register it")));
  CHECK_THROWS_MATCHES(s.check_name("app::t:late"), std::logic_error,
                       MessageMatches(late("register it")));
  CHECK_THROWS_MATCHES(there.detached(), std::logic_error,
                       MessageMatches(late("say that it is detached()")));
  auto wrap = [&] {
    s.around("app::t:*", [](context ctx, next next) -> task<raw_json> {
      co_return co_await next(ctx);
    });
  };
  CHECK_THROWS_MATCHES(wrap(), std::logic_error,
                       MessageMatches(late("around(\"app::t:*\")" + serves
                                           + "declare what wraps strategies")));
  CHECK(s.find("app::t:late") == nullptr);
  CHECK_FALSE(there.is_detached());
  CHECK(s.list().size() == 1);
  CHECK(run.done("app::t:there") == "1");
}

TEST_CASE("who has found handlers may run them while others wrap them") {
  runner run;
  auto& s = run.strategies;
  s.add("app::t:count", [] { return 1; });
  auto wrap = [&] {
    s.around("app::t:*", [](context ctx, next next) -> task<raw_json> {
      co_return co_await next(ctx);
    });
  };
  auto found = [&] { return s.find("app::t:count")->handlers(); };
  auto bare = found();
  wrap();
  auto once = found();
  wrap();
  CHECK(bare != once);
  CHECK(once != found());
  context ctx{
    {&run.who, "app::t:count", "null", {}, nullptr, nullptr, nullptr}};
  CHECK(bare->invoke(ctx, run.out).what() == detail::outcome::kind::done);
  CHECK_FALSE(once->streams());
}
