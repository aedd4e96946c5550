#include "flamigo/http/detail/response_check.hpp"

#include <stdexcept>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/http/http_routes.hpp"
#include "support/socket_fixture.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using detail::flaw_of;
using test::contains;

namespace {

http_response with_header(std::string name, std::string value) {
  return {.headers = {{std::move(name), std::move(value)}}};
}

/// What a client gets of such a response on a connection that it keeps.
std::string answer_of(http_response what) {
  test::socket_fixture f;
  f.core.routes.get("/", std::move(what));
  test::socket_pair peer;
  f.accept(peer);
  peer.send_bytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  f.settle();
  return peer.received();
}

} // namespace

TEST_CASE("a header that HTTP takes is sent as it is") {
  for (auto value :
       {"", "a", "a b\tc", "caf\xc3\xa9", "\xff", "a: b", "max-age=1"}) {
    INFO(value);
    CHECK(flaw_of(with_header("X-Name", value)).empty());
  }
  CHECK(flaw_of({.headers = {{"Set-Cookie", "a=1"}, {"Set-Cookie", "b=2"}}})
          .empty());
  CHECK(
    contains(answer_of(with_header("X-Name", "a: b")), "\r\nX-Name: a: b\r\n"));
}

TEST_CASE("a header cannot begin another one, or another response") {
  for (std::string value :
       {"a\r\nX-Evil: 1", "a\nX-Evil: 1", "a\rb", "\r\n", "a\r\n b",
        "a\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", "\x01", "\x7f", "a\x1b[0m"}) {
    INFO(value);
    auto flaw = flaw_of(with_header("X-Name", value));
    CHECK(contains(flaw, "the header \"X-Name\""));
    CHECK(contains(flaw_of({.content_type = value}),
                   "the header \"Content-Type\""));
    auto answer = answer_of(with_header("X-Name", value));
    CHECK(answer.starts_with("HTTP/1.1 500 "));
    CHECK(answer.ends_with("\r\n\r\ninternal error\n"));
    CHECK_FALSE(contains(answer, "X-Name"));
    CHECK_FALSE(contains(answer, "X-Evil"));
    CHECK(answer_of({.content_type = value}).starts_with("HTTP/1.1 500 "));
  }
  CHECK(flaw_of(with_header("a", std::string{"b\0c", 3})) != "");
}

TEST_CASE("the name of a header is a token") {
  for (std::string name : {"", " ", "a b", "X-Evil: 1\r\nX-Name", "a:", "a\n",
                           "caf\xc3\xa9", "(a)"}) {
    INFO(name);
    CHECK(contains(flaw_of(with_header(name, "b")), "no token"));
    CHECK(answer_of(with_header(name, "b")).starts_with("HTTP/1.1 500 "));
  }
}

TEST_CASE("the length and the connection are the server's business") {
  for (auto name : {"Content-Length", "content-length", "Transfer-Encoding",
                    "CONNECTION", "Keep-Alive", "Upgrade", "Trailer"}) {
    INFO(name);
    CHECK(contains(flaw_of(with_header(name, "5")), "the server's business"));
    auto answer = answer_of(with_header(name, "5"));
    CHECK(answer.starts_with("HTTP/1.1 500 "));
    CHECK(contains(answer, "\r\nContent-Length: 15\r\n"));
  }
  // It would stand there twice.
  CHECK(contains(flaw_of(with_header("content-type", "text/html")),
                 "content_type"));
}

TEST_CASE("a status that HTTP has not is 500") {
  for (auto status :
       {0u, 1u, 42u, 100u, 101u, 199u, 600u, 999u, 1000u, 70'000u}) {
    INFO(status);
    CHECK(contains(flaw_of({.status = status}), std::to_string(status)));
    CHECK(answer_of({.status = status}).starts_with("HTTP/1.1 500 "));
  }
  for (auto status : {200u, 299u, 418u, 599u}) {
    INFO(status);
    CHECK(flaw_of({.status = status}).empty());
    CHECK(answer_of({.status = status})
            .starts_with("HTTP/1.1 " + std::to_string(status) + " "));
  }
}

TEST_CASE("what follows a status without a body would be another response") {
  for (auto status : {204u, 304u}) {
    CHECK(contains(flaw_of({.status = status, .body = "x"}), "body"));
    CHECK(flaw_of({.status = status}).empty());
    CHECK_FALSE(contains(answer_of({.status = status}), "Content-Length"));
    CHECK(
      answer_of({.status = status, .body = "x"}).starts_with("HTTP/1.1 500 "));
  }
}

TEST_CASE("a header that is too long is named, not sent") {
  auto response = with_header("X-Name", std::string(70'000, 'x'));
  CHECK(contains(flaw_of(response), "\"X-Name\""));
  CHECK(answer_of(response).starts_with("HTTP/1.1 500 "));
  // Nor is a name that nobody would read to its end.
  CHECK(flaw_of(with_header(std::string(70'000, ' '), "x")).size() < 200);
}

TEST_CASE("without a content type there is no such header") {
  auto answer = answer_of({.status = 204, .content_type = ""});
  CHECK(answer.starts_with("HTTP/1.1 204 "));
  CHECK_FALSE(contains(answer, "Content-Type"));
}

TEST_CASE("the methods that a path takes are words") {
  http_routes routes;
  auto handler = [](const http_request&) { return http_response{}; };
  for (auto method : {"", "GET\r\nX-Evil: 1", "GET, POST", "A B"})
    CHECK_THROWS_AS(routes.handle(method, "/", handler), std::invalid_argument);
  CHECK(routes.allowed("/").empty());
  routes.handle("M-SEARCH", "/", handler);
  CHECK(routes.allowed("/") == "M-SEARCH");
}
