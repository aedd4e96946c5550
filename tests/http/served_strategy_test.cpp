#include "flamigo/http/detail/served_strategy.hpp"

#include <chrono>
#include <set>
#include <stdexcept>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/auth/authentication.hpp"
#include "flamigo/auth/authenticator.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/http/detail/joined_payload.hpp"
#include "flamigo/limit/detail/call_limits.hpp"
#include "support/socket_fixture.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::contains;

namespace {

enum class color {
  red,
  blue
};

BOOST_DESCRIBE_ENUM(color, red, blue)

struct order {
  std::string id;
  std::uint32_t count = 1;
  std::optional<bool> urgent;
  std::optional<std::vector<std::string>> tags;
  std::optional<std::vector<int>> sizes;
  std::optional<color> paint;
};

BOOST_DESCRIBE_STRUCT(order, (), (id, count, urgent, tags, sizes, paint))

struct short_order {
  std::uint32_t id;
};

BOOST_DESCRIBE_STRUCT(short_order, (), (id))

struct owner_id {
  std::string value;
};

BOOST_DESCRIBE_STRUCT(owner_id, (), (value))

} // namespace

template <>
inline constexpr bool flamigo::is_strong_typedef<owner_id> = true;

namespace {

struct watch {
  std::chrono::sys_seconds from;
  std::chrono::milliseconds timeoutMs;
  std::set<std::string> rooms;
  owner_id owner;
};

BOOST_DESCRIBE_STRUCT(watch, (), (from, timeoutMs, rooms, owner))

/// What such a request comes to for a strategy that takes an order.
std::string
join(const http_parameters& path, const http_parameters& query,
     std::string body = {},
     std::vector<detail::kind_finder> inputs = {detail::kinds_of<order>()}) {
  http_request in{.body = std::move(body),
                  .path_parameters = path,
                  .query_parameters = query};
  auto result = detail::joined_payload(in, inputs);
  if (result)
    return *result;
  auto text = code_of(result.error());
  for (auto& flaw : field_errors_of(result.error()))
    text += " " + flaw.field + ": " + flaw.error;
  return text;
}

struct fixture : test::socket_fixture {
  fixture() {
    strategies.add("app::orders:create", [](const order& in) { return in; });
    strategies.add("app::orders:drop", [](const short_order& in) {
      return in.id == 1 ? caf::error{} : make_error(errc::conflict, "sold");
    });
    strategies.add("app::orders:mine", has_permission("buy"), [] { return 1; });
    strategies.add("app::orders:any", open_to_guests(),
                   [](const raw_json& in) { return in; });
    strategies.add("app::orders:hidden", internal(), [] { return 1; });
    strategies.add("app::orders:count",
                   [](context) -> stream<int> { co_yield 1; });
    auto& routes = core.routes;
    routes.strategy("PUT", "/orders/{id}", "app::orders:create");
    routes.strategy("POST", "/orders", "app::orders:create");
    routes.strategy("DELETE", "/orders/{id}", "app::orders:drop");
    routes.strategy("GET", "/mine", "app::orders:mine");
    routes.strategy("GET", "/any", "app::orders:any");
    routes.bind(strategies, false);
    accept(peer);
  }

  ~fixture() {
    loop.for_each([](detail::resident& what) { what.cut(); });
    requests.end();
    end();
    settle();
  }

  std::string ask(const std::string& line, const std::string& body = {},
                  const std::string& headers = {}) {
    peer.send_bytes(line + " HTTP/1.1\r\nHost: x\r\n" + headers
                    + "Content-Type: application/json\r\nContent-Length: "
                    + std::to_string(body.size()) + "\r\n\r\n" + body);
    settle();
    return peer.received();
  }

  test::socket_pair peer;
};

} // namespace

// -- the payload --------------------------------------------------------------

TEST_CASE("without parameters the body is the payload") {
  CHECK(join({}, {}, " [1, 2] ") == "[1, 2]");
  CHECK(join({}, {}, "null") == "null");
  CHECK(join({}, {}) == "{}");
  CHECK(join({}, {}, {}, {nullptr}) == "null");
  CHECK(join({}, {}, "{") == "malformed");
}

TEST_CASE("parameters are what the members of the input are") {
  CHECK(join({{"id", "7"}}, {{"count", "7"}, {"urgent", "true"}})
        == R"({"count":7,"id":"7","urgent":true})");
  CHECK(join({}, {{"tags", "1"}, {"tags", "\""}, {"sizes", "-1"}})
        == R"({"sizes":[-1],"tags":["1","\""]})");
  CHECK(join({}, {{"paint", "blue"}, {"unknown", "1"}})
        == R"({"paint":"blue","unknown":"1"})");
  CHECK(join({{"id", "7"}}, {}, R"( {"count":2} )")
        == R"({"count":2,"id":"7"})");
  CHECK(join({{"id", "7"}}, {}, "{ }") == R"({ "id":"7"})");
  // Two inputs that do not agree, and one that has no members.
  CHECK(join({{"id", "7"}}, {}, {},
             {detail::kinds_of<order>(), detail::kinds_of<short_order>()})
        == R"({"id":"7"})");
  CHECK(join({{"id", "7"}}, {}, {}, {nullptr}) == R"({"id":"7"})");
}

TEST_CASE("times, durations, sets and strong typedefs are parameters, too") {
  CHECK(join({{"from", "2026-11-29T23:16:55Z"}, {"timeoutMs", "500"}},
             {{"rooms", "attic"}, {"rooms", "7"}, {"owner", "7"}}, {},
             {detail::kinds_of<watch>()})
        == R"({"from":"2026-11-29T23:16:55Z","owner":"7",)"
           R"("rooms":["attic","7"],"timeoutMs":500})");
}

TEST_CASE("what could be meant in two ways is refused") {
  CHECK(join({{"id", "7"}}, {{"id", "7"}})
        == "invalid_payload id: stands in the path and in the query");
  CHECK(join({}, {{"id", "7"}}, R"({"i\u0064":"7"})")
        == "invalid_payload id: stands in the body and in the query");
  CHECK(join({}, {{"id", "7"}, {"id", "7"}})
        == "invalid_payload id: stands more than once");
  CHECK(join({}, {{"unknown", "7"}, {"unknown", "7"}})
        == "invalid_payload unknown: stands more than once");
  CHECK(join({{"id", "7"}}, {}, "[]")
        == "invalid_payload : must be an object, since there are parameters "
           "beside it");
  for (auto text : {"", " 1", "1 ", "x", "01", "true", "\"1\"", "1,\"id\":2",
                    "NaN", "0x1", "+1"})
    CHECK(join({}, {{"count", text}})
          == "invalid_payload count: must be a number");
  for (auto text : {"", "1", "True", "null"})
    CHECK(join({}, {{"urgent", text}})
          == "invalid_payload urgent: must be true or false");
  CHECK(join({}, {{"sizes", "1"}, {"sizes", "a"}})
        == "invalid_payload sizes: must be a number");
}

// -- the answer ---------------------------------------------------------------

TEST_CASE("a strategy answers over HTTP as it does over a WebSocket") {
  fixture f;
  auto got = f.ask("PUT /orders/7?count=2&tags=a&tags=b", R"({"urgent":true})");
  CHECK(got.starts_with("HTTP/1.1 200 "));
  CHECK(contains(got, "Content-Type: application/json\r\n"));
  CHECK(
    got.ends_with(R"({"id":"7","count":2,"urgent":true,"tags":["a","b"]})"));
  CHECK(f.ask("POST /orders", R"({"id":"8"})").starts_with("HTTP/1.1 200 "));
  CHECK(f.ask("DELETE /orders/1").ends_with("\r\n\r\nnull"));
  auto conflict = f.ask("DELETE /orders/2");
  CHECK(conflict.starts_with("HTTP/1.1 409 "));
  CHECK(
    conflict.ends_with(R"({"message":"sold","status":409,"code":"conflict"})"));
  auto wrong = f.ask("DELETE /orders/x");
  CHECK(wrong.starts_with("HTTP/1.1 400 "));
  CHECK(contains(wrong, R"({"field":"id","error":"must be a number"})"));
  CHECK(contains(f.ask("POST /orders", "{}"),
                 R"({"field":"id","error":"is required"})"));
  CHECK(f.ask("POST /orders", "{").starts_with("HTTP/1.1 400 "));
  CHECK(f.ask("GET /mine").starts_with("HTTP/1.1 403 "));
  CHECK(f.ask("POST /mine").starts_with("HTTP/1.1 405 "));
  f.peer.send_bytes("POST /orders HTTP/1.1\r\nHost: x\r\n"
                    "Content-Length: 2\r\n\r\n{}");
  f.settle();
  CHECK(f.peer.received().starts_with("HTTP/1.1 415 "));
}

TEST_CASE("with authentication, what is not open is for users") {
  fixture f;
  authentication auth;
  auth.verifier = std::make_shared<const authenticator>(
    [](std::string_view token, const claims&) -> caf::expected<user> {
      return user{.id = std::string{token}, .permissions = {"buy"}};
    });
  f.core.auth = &auth;
  f.core.routes.bind(f.strategies, true);
  CHECK(f.ask("GET /any").ends_with("\r\n\r\nnull"));
  CHECK(f.ask("GET /mine").starts_with("HTTP/1.1 401 "));
  CHECK(f.ask("POST /orders", R"({"id":"8"})").starts_with("HTTP/1.1 401 "));
  CHECK(f.ask("GET /mine", {}, "Authorization: Bearer ada\r\n")
          .ends_with("\r\n\r\n1"));
}

TEST_CASE("limits count what is asked over HTTP") {
  fixture f;
  auto now = [&] { return f.scheduler.clock().now(); };
  f.strategies.add("app::orders:rare", {open_to_guests(), limit(1, 10s)},
                   [] { return 1; });
  f.core.routes.strategy("GET", "/rare", "app::orders:rare");
  f.core.routes.handle("GET", "/page", {.guard = limit_in_total(2, 10s)},
                       [](const http_request&) { return http_response{}; });
  authentication auth;
  auth.verifier = std::make_shared<const authenticator>(
    [](std::string_view token, const claims&) -> caf::expected<user> {
      return user{.id = std::string{token}};
    });
  auto users = std::make_shared<caller_table>();
  f.core.callers.share(users, {});
  f.core.routes.bind(f.strategies, false);
  // What was bound once more counts once.
  f.core.routes.bind(f.strategies, false);
  SECTION("who is nobody counts by the address") {
    CHECK(f.ask("GET /rare").starts_with("HTTP/1.1 200 "));
    auto refused = f.ask("GET /rare");
    CHECK(refused.starts_with("HTTP/1.1 429 "));
    CHECK(contains(refused, "Retry-After: 10\r\n"));
    CHECK(contains(refused, R"("retryAfterMs":10000)"));
    // Others are not held up.
    CHECK(f.ask("GET /any").starts_with("HTTP/1.1 200 "));
    f.advance(10s);
    CHECK(f.ask("GET /rare").starts_with("HTTP/1.1 200 "));
    CHECK(users->size() == 0);
  }
  SECTION("users count together with their other connections") {
    f.core.auth = &auth;
    auto ada = "Authorization: Bearer ada\r\n";
    auto& limited = *f.strategies.find("app::orders:rare")->limits();
    CHECK(limited.admit(*users->find("ada", now()), now()).count() == 0);
    CHECK(f.ask("GET /rare", {}, ada).starts_with("HTTP/1.1 429 "));
    CHECK(f.ask("GET /rare", {}, "Authorization: Bearer bob\r\n")
            .starts_with("HTTP/1.1 200 "));
  }
  SECTION("all that a user says has a limit") {
    f.core.auth = &auth;
    f.core.callers.share(users, rate{2, 10s});
    auto ada = "Authorization: Bearer ada\r\n";
    for (auto status : {"200", "200", "429"})
      CHECK(f.ask("GET /any", {}, ada)
              .starts_with("HTTP/1.1 " + std::string{status}));
    CHECK(f.ask("GET /any").starts_with("HTTP/1.1 200 "));
  }
  SECTION("the guard of a handler may have limits") {
    for (auto status : {"200", "200", "429"})
      CHECK(f.ask("GET /page").starts_with("HTTP/1.1 " + std::string{status}));
  }
}

TEST_CASE("a strategy that cannot be served is told of at the start") {
  fixture f;
  for (auto name :
       {"app::orders:none", "app::orders:hidden", "app::orders:count"}) {
    http_routes routes;
    routes.strategy("GET", "/x", name);
    CHECK_THROWS_AS(routes.bind(f.strategies, false), std::logic_error);
  }
}

TEST_CASE("a path whose parameters the strategy cannot take is told of, too") {
  fixture f;
  auto flaw = [&f](std::string path, std::string name) {
    http_routes routes;
    routes.strategy("GET", std::move(path), std::move(name));
    try {
      routes.bind(f.strategies, false);
    } catch (const std::logic_error& e) {
      return std::string{e.what()};
    }
    return std::string{};
  };
  CHECK(flaw("/orders/{id}/{count}", "app::orders:create").empty());
  CHECK(flaw("/orders/{tags}", "app::orders:create").empty());
  CHECK(flaw("/any/{thing}", "app::orders:any").empty());
  CHECK(flaw("/orders/{order}", "app::orders:drop")
        == "\"GET /orders/{order}\" cannot be served: the strategy "
           "\"app::orders:drop\" has no member \"order\" in its input that "
           "the path could fill: a text, a number, a bool or a list of such");
}
