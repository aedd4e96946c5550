#include "flamigo/http/http_routes.hpp"

#include <stdexcept>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/auth/authentication.hpp"
#include "flamigo/auth/authenticator.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/task/sleep.hpp"
#include "support/socket_fixture.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::contains;

namespace {

http_response nothing(const http_request&) {
  return {};
}

/// What a request comes to, in brief.
std::string brief(const http_request& in) {
  auto result = in.path;
  for (auto& [name, value] : in.path_parameters)
    result += " " + name + "=" + value;
  for (auto& [name, value] : in.query_parameters)
    result += " ?" + name + "=" + value;
  if (in.who->user)
    result += " by " + in.who->user->id;
  return result;
}

struct fixture : test::socket_fixture {
  fixture() {
    core.options.allowed_origins = {"https://page.example"};
    services.request_timeout = 10s;
    accept(peer);
  }

  ~fixture() {
    loop.for_each([](detail::resident& what) { what.cut(); });
    requests.end();
    end();
    settle();
  }

  void authenticate(authenticator who) {
    core.auth = &auth.emplace();
    auth->verifier = std::make_shared<const authenticator>(std::move(who));
    auth->now = [this] { return now(); };
  }

  /// The response to a request with these headers.
  std::string ask(const std::string& line, const std::string& headers = {},
                  const std::string& body = {}) {
    auto length = body.empty()
                    ? ""
                    : "Content-Length: " + std::to_string(body.size()) + "\r\n";
    peer.send_bytes(line + " HTTP/1.1\r\nHost: x\r\n" + headers + length
                    + "\r\n" + body);
    settle();
    return peer.received();
  }

  /// The same for a page of another origin.
  std::string ask_from_page(const std::string& line,
                            const std::string& headers = {}) {
    return ask(line, "Origin: https://page.example\r\n" + headers);
  }

  void brief_at(const std::string& path, http_route_options options = {}) {
    core.routes.handle("GET", path, std::move(options),
                       [](const http_request& in) {
                         return http_response{.body = brief(in)};
                       });
  }

  std::optional<authentication> auth;
  test::socket_pair peer;
};

caf::expected<user> knows_ada(std::string_view token, const claims& who) {
  CHECK(who.type == claims_type::http);
  if (token == "ada")
    return user{.id = "ada", .permissions = {"write"}};
  if (token == "old")
    return user{.id = "ada", .expiry = std::chrono::system_clock::time_point{}};
  return public_error("who is that", 401, "unauthorized");
}

} // namespace

// -- paths --------------------------------------------------------------------

TEST_CASE("segments of a path are parameters") {
  fixture f;
  for (auto path : {"/users/me", "/users/{id}", "/users/{id}/posts/{post_1}",
                    "/{a}/{b}", "/end/{x}/"})
    f.brief_at(path);
  auto at = [&](const std::string& target) {
    auto got = f.ask("GET " + target);
    return got.substr(got.find("\r\n\r\n") + 4);
  };
  CHECK(at("/users/me") == "/users/me");
  CHECK(at("/users/7") == "/users/7 id=7");
  CHECK(at("/users/a%2Fb%C3%A9+c") == "/users/a%2Fb%C3%A9+c id=a/b\u00e9+c");
  CHECK(at("/users/7/posts/8") == "/users/7/posts/8 id=7 post_1=8");
  CHECK(at("/x/y") == "/x/y a=x b=y");
  CHECK(at("/end/y/") == "/end/y/ x=y");
  for (auto path : {"/users", "/users/", "/users//posts/1", "/a/b/c"})
    CHECK(contains(f.ask("GET " + std::string{path}), " 404 Not Found"));
  for (auto path : {"/users/%", "/users/%4", "/users/%zz", "/users/%ff"}) {
    auto got = f.ask("GET " + std::string{path});
    CHECK(got.starts_with("HTTP/1.1 400 "));
    CHECK(contains(got, R"("code":"malformed")"));
  }
}

TEST_CASE("what only an order could decide is refused") {
  http_routes routes;
  routes.handle("GET", "/a/{x}/c", nothing);
  CHECK_THROWS_AS(routes.handle("GET", "/a/b/{y}", nothing),
                  std::invalid_argument);
  CHECK_THROWS_AS(routes.handle("GET", "/a/{y}/c", nothing),
                  std::invalid_argument);
  // A part of it, the same for another method, and what has nothing to do with
  // it.
  CHECK_NOTHROW(routes.handle("GET", "/a/b/c", nothing));
  CHECK_NOTHROW(routes.handle("PUT", "/a/{other}/c", nothing));
  CHECK_NOTHROW(routes.handle("GET", "/b/b/{y}", nothing));
  for (auto path :
       {"a", "/{", "/x{id}", "/{id}x", "/{}", "/{a-b}", "/{1}", "/{id}/{id}"}) {
    INFO(path);
    CHECK_THROWS_AS(routes.handle("GET", path, nothing), std::invalid_argument);
  }
  CHECK_THROWS_AS(routes.handle("GET", "/in", {.guard = internal()}, nothing),
                  std::invalid_argument);
}

TEST_CASE("a method that only a wider path has is found there") {
  http_routes routes;
  routes.handle("GET", "/a/{x}", nothing);
  routes.handle("POST", "/a/b", nothing);
  CHECK(routes.find("POST", "/a/b").values.empty());
  auto found = routes.find("HEAD", "/a/b");
  REQUIRE(found.what != nullptr);
  CHECK(found.values == std::vector<std::string_view>{"b"});
  CHECK(routes.find("PUT", "/a/b").what == nullptr);
  CHECK(routes.allowed("/a/b") == "GET, HEAD, POST");
  CHECK(routes.allowed("/a/c") == "GET, HEAD");
  CHECK(routes.allowed("/a").empty());
}

TEST_CASE("a test asks a handler without a server") {
  http_routes routes;
  routes.handle("GET", "/users/{id}", [](const http_request& in) {
    return http_response{.body = std::string{in.path_parameter("id")} + " "
                                 + in.method + " " + in.query};
  });
  routes.handle("POST", "/in", {.guard = is_authenticated()}, nothing);
  CHECK(routes.answer({.path = "/users/a%20b?x=1"}).body == "a b GET x=1");
  CHECK(routes.answer({.path = "/users/%"}).status == 400);
  CHECK(routes.answer({.path = "/users"}).status == 404);
  CHECK(routes.answer({.method = "PUT", .path = "/users/1"}).status == 405);
  CHECK_THROWS_AS(routes.answer({.method = "POST", .path = "/in"}),
                  std::logic_error);
}

// -- queries, headers, bodies -------------------------------------------------

TEST_CASE("a query is decoded, and its names may be repeated") {
  fixture f;
  f.brief_at("/q");
  CHECK(f.ask("GET /q?a=1&&b&a=x+y%26%C3%A9&=z")
          .ends_with("/q ?a=1 ?b= ?a=x y&\u00e9 ?=z"));
  for (auto query : {"a=%", "%zz", "a=1&b=%f", "a=%80"}) {
    INFO(query);
    CHECK(f.ask("GET /q?" + std::string{query}).starts_with("HTTP/1.1 400 "));
  }
}

TEST_CASE("what a request has is found by its name") {
  http_request in{.headers = {{"X-One", "1"}, {"x-one", "2"}},
                  .path_parameters = {{"id", "7"}},
                  .query_parameters = {{"a", ""}, {"a", "2"}}};
  CHECK(in.header("x-ONE") == "1");
  CHECK(in.header("x-two").empty());
  CHECK(in.path_parameter("id") == "7");
  CHECK(in.path_parameter("ID").empty());
  CHECK(in.query_parameter("a") == "");
  CHECK_FALSE(in.query_parameter("b"));
}

TEST_CASE("a route says how large a body may be, before it was read") {
  fixture f;
  auto size = [](const http_request& in) {
    return http_response{.body = std::to_string(in.body.size())};
  };
  f.core.routes.handle("POST", "/large", {.max_body_bytes = 200'000}, size);
  f.core.routes.handle("POST", "/small", {.max_body_bytes = 10}, size);
  CHECK(f.ask("POST /large", {}, std::string(200'000, 'x'))
          .ends_with("\r\n\r\n200000"));
  CHECK(f.ask("POST /small", {}, std::string(10, 'x')).ends_with("\r\n10"));
  auto chunked = f.ask("POST /small", "Transfer-Encoding: chunked\r\n",
                       "b\r\n01234567890\r\n0\r\n\r\n");
  CHECK(chunked.starts_with("HTTP/1.1 400 "));
  test::socket_pair other;
  f.accept(other);
  other.send_bytes("POST /small HTTP/1.1\r\nHost: x\r\n"
                   "Transfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n");
  f.settle();
  CHECK(other.received().starts_with("HTTP/1.1 413 "));
  test::socket_pair early;
  f.accept(early);
  early.send_bytes("POST /large HTTP/1.1\r\nHost: x\r\n"
                   "Content-Length: 200001\r\n\r\n");
  f.settle();
  CHECK(early.received().ends_with(
    R"({"message":"the request's body is too large","status":413,)"
    R"("code":"payload_too_large"})"));
}

TEST_CASE("a route says what a body may be") {
  fixture f;
  f.core.routes.handle("POST", "/json", {.content_types = {"application/json"}},
                       nothing);
  auto with = [&](const std::string& type) {
    return f.ask("POST /json", type, "{}");
  };
  CHECK(with("Content-Type: Application/JSON ; charset=utf-8\r\n")
          .starts_with("HTTP/1.1 200 "));
  CHECK(f.ask("POST /json").starts_with("HTTP/1.1 200 "));
  for (auto type : {"", "Content-Type: text/plain\r\n",
                    "Content-Type: application/jsonx\r\n"}) {
    auto got = with(type);
    CHECK(got.starts_with("HTTP/1.1 415 "));
    CHECK(contains(got, R"("code":"unsupported_media_type")"));
  }
}

TEST_CASE("what is not there, or not for this method") {
  fixture f;
  f.core.routes.handle("PUT", "/a/{x}", nothing);
  auto got = f.ask("GET /a/1");
  CHECK(got.starts_with("HTTP/1.1 405 "));
  CHECK(contains(got, "Allow: PUT\r\n"));
  CHECK(contains(got, R"("status":405,"code":"method_not_allowed")"));
  CHECK(f.ask("GET /a").ends_with(
    R"({"message":"nothing is served under this path","status":404,)"
    R"("code":"not_found"})"));
}

// -- who may ------------------------------------------------------------------

TEST_CASE("a guard asks who it is") {
  fixture f;
  f.authenticate(knows_ada);
  f.brief_at("/free");
  f.brief_at("/open", {.guard = open_to_guests()});
  f.brief_at("/members", {.guard = is_authenticated()});
  f.brief_at("/readers", {.guard = has_permission("read")});
  f.core.routes.handle("GET", "/later", {.guard = is_authenticated()},
                       [](context ctx) -> task<http_response> {
                         co_await sleep(ctx, 0s).or_throw();
                         co_return http_response{.body = ctx.claims().user->id};
                       });
  auto as = [&](const std::string& path, const std::string& token) {
    return f.ask("GET " + path, "authorization: bearer " + token + "\r\n");
  };
  CHECK(f.ask("GET /free").ends_with("\r\n\r\n/free"));
  CHECK(as("/free", "bad").ends_with("\r\n\r\n/free"));
  CHECK(f.ask("GET /open").ends_with("\r\n\r\n/open"));
  CHECK(as("/open", "ada").ends_with("\r\n\r\n/open by ada"));
  CHECK(as("/members", "ada").ends_with("\r\n\r\n/members by ada"));
  auto guest = f.ask("GET /members");
  CHECK(guest.starts_with("HTTP/1.1 401 "));
  CHECK(contains(guest, "WWW-Authenticate: Bearer\r\n"));
  CHECK(contains(guest, R"("code":"unauthorized")"));
  CHECK(f.ask("GET /readers").starts_with("HTTP/1.1 401 "));
  auto refused = as("/readers", "ada");
  CHECK(refused.starts_with("HTTP/1.1 403 "));
  CHECK(contains(refused, R"("code":"forbidden")"));
  for (auto path : {"/open", "/members"})
    for (auto token : {"bad", "old"}) {
      auto got = as(path, token);
      CHECK(got.starts_with("HTTP/1.1 401 "));
    }
  CHECK(contains(as("/members", "bad"), "who is that"));
  f.peer.send_bytes("GET /later HTTP/1.1\r\nHost: x\r\n"
                    "Authorization: Bearer ada\r\n\r\n");
  f.settle();
  f.advance(1s);
  f.settle();
  CHECK(f.peer.received().ends_with("\r\n\r\nada"));
}

TEST_CASE("an actor may say who it is, when it knows") {
  fixture f;
  std::vector<caf::response_promise> asked;
  auto service = f.system.spawn([&](caf::event_based_actor* self) {
    return caf::behavior{[&, self](const credentials& what) {
      CHECK(what.token == "tok-1");
      asked.push_back(self->make_response_promise());
    }};
  });
  f.adopt(service);
  f.authenticate(service);
  f.brief_at("/members", {.guard = is_authenticated()});
  auto line = "GET /members";
  CHECK(f.ask(line, "Authorization: Bearer tok-1\r\n").empty());
  REQUIRE(asked.size() == 1);
  // Others of this thread go on.
  test::socket_pair other;
  f.accept(other);
  other.send_bytes("GET /members HTTP/1.1\r\nHost: x\r\n\r\n");
  f.settle();
  CHECK(other.received().starts_with("HTTP/1.1 401 "));
  asked.back().deliver(user{.id = "eve"});
  f.settle();
  CHECK(f.peer.received().ends_with("/members by eve"));
  // Too late.
  CHECK(f.ask(line, "Authorization: Bearer tok-1\r\n").empty());
  f.advance(11s);
  f.settle();
  auto late = f.peer.received();
  INFO(late);
  CHECK(late.starts_with("HTTP/1.1 504 "));
  // It does not matter any more.
  CHECK(f.ask(line, "Authorization: Bearer tok-1\r\n").empty());
  f.peer.close();
  f.settle();
  asked.back().deliver(user{.id = "eve"});
  f.settle();
}

// -- pages of other origins ---------------------------------------------------

TEST_CASE("a page of an allowed origin reads all answers") {
  fixture f;
  f.brief_at("/a", {.max_body_bytes = 10});
  f.core.routes.handle("POST", "/fail", [](context) -> task<http_response> {
    co_return make_error(errc::unavailable);
  });
  f.core.routes.handle("GET", "/own", [](const http_request&) {
    return http_response{
      .headers = {{"access-control-allow-origin", "https://other"}}};
  });
  auto is_readable = [](const std::string& got) {
    return contains(got, "Access-Control-Allow-Origin: https://page.example")
           && contains(got, "Access-Control-Allow-Credentials: true")
           && contains(got, "Vary: Origin");
  };
  CHECK(is_readable(f.ask_from_page("GET /a")));
  CHECK(is_readable(f.ask_from_page("GET /nothing")));
  auto failed = f.ask_from_page("POST /fail");
  CHECK(failed.starts_with("HTTP/1.1 503 "));
  CHECK(is_readable(failed));
  // It says so itself.
  auto own = f.ask_from_page("GET /own");
  CHECK_FALSE(contains(own, "page.example"));
  // No page, or none that may; a cache has to know.
  for (auto& got :
       {f.ask("GET /a"), f.ask("GET /a", "Origin: https://o\r\n")}) {
    CHECK(got.starts_with("HTTP/1.1 200 "));
    CHECK(contains(got, "Vary: Origin\r\n"));
    CHECK_FALSE(contains(got, "Access-Control"));
  }
  auto large = f.ask_from_page("GET /a", "Content-Length: 11\r\n");
  CHECK(large.starts_with("HTTP/1.1 413 "));
  CHECK(is_readable(large));
}

TEST_CASE("a page asks what it may send") {
  fixture f;
  f.core.routes.handle("PUT", "/a/{x}", nothing);
  f.core.routes.handle("POST", "/own", nothing);
  f.core.routes.handle("OPTIONS", "/own", nothing);
  auto wants = "Access-Control-Request-Method: PUT\r\n"
               "Access-Control-Request-Headers: x-one, authorization\r\n";
  auto got = f.ask_from_page("OPTIONS /a/1", wants);
  CHECK(got.starts_with("HTTP/1.1 204 "));
  for (auto header : {"Access-Control-Allow-Origin: https://page.example\r\n",
                      "Access-Control-Allow-Credentials: true\r\n",
                      "Access-Control-Allow-Methods: PUT\r\n",
                      "Access-Control-Allow-Headers: x-one, authorization\r\n",
                      "Vary: Origin\r\n"})
    CHECK(contains(got, header));
  CHECK(f.ask_from_page("OPTIONS /own", wants).starts_with("HTTP/1.1 200 "));
  CHECK(f.ask_from_page("OPTIONS /a/1").starts_with("HTTP/1.1 405 "));
  CHECK(f.ask_from_page("OPTIONS /b", wants).starts_with("HTTP/1.1 404 "));
  auto other = f.ask("OPTIONS /a/1",
                     std::string{"Origin: https://other\r\n"} + wants);
  CHECK(other.starts_with("HTTP/1.1 403 "));
  CHECK_FALSE(contains(other, "Access-Control-Allow-Origin"));
}

TEST_CASE("where any origin may, none has credentials") {
  fixture f;
  f.core.options.allowed_origins = {"*"};
  f.brief_at("/a");
  auto got = f.ask_from_page("GET /a");
  CHECK(contains(got, "Access-Control-Allow-Origin: *\r\n"));
  CHECK_FALSE(contains(got, "Credentials"));
  f.core.options.allowed_origins = {};
  CHECK_FALSE(contains(f.ask_from_page("GET /a"), "Access-Control"));
}
