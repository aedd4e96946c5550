#include "flamigo/strategy/strategy_registry.hpp"

#include <stdexcept>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <boost/describe/class.hpp>

#include <caf/behavior.hpp>

#include "flamigo/described/inspect.hpp"
#include "flamigo/error/error.hpp"

using namespace flamigo;
using Catch::Matchers::ContainsSubstring;

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
