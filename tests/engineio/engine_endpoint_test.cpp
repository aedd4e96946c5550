// What a request is answered that is not as it should be, and pages of other
// origins.

#include "flamigo/engineio/detail/engine_endpoint.hpp"

#include <catch2/catch_test_macros.hpp>

#include "support/engine_fixture.hpp"

using namespace flamigo;
using namespace flamigo::test;
using test::contains;

TEST_CASE("a handshake says what there is to know") {
  engine_fixture f;
  auto got = f.say(f.getting,
                   engine_request("GET", "EIO=4&transport=polling&t=abc"));
  CHECK(got.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(contains(got, "Content-Type: text/plain; charset=UTF-8\r\n"));
  CHECK(contains(got, "Cache-Control: no-store\r\n"));
  CHECK_FALSE(contains(got, "Access-Control"));
  CHECK_FALSE(contains(got, "Set-Cookie"));
  auto sid = sid_of(got);
  CHECK(sid.size() == 32);
  CHECK(body_of(got)
        == R"(0{"sid":")" + sid
             + R"(","upgrades":["websocket"],"pingInterval":25000,)"
               R"("pingTimeout":20000,"maxPayload":65536})");
  CHECK(f.endpoint.sessions() == 1);
  REQUIRE(f.echo.last);
  CHECK(f.echo.last->id() == sid);
  CHECK(f.echo.last->transport() == client_transport::polling);
  CHECK(f.echo.last->who().type == "websocket");
  CHECK(f.echo.last->who().connection_id.empty());
}

TEST_CASE("a handshake shows a token") {
  engine_fixture f;
  f.say(f.getting, engine_request("GET", "EIO=4&transport=polling", {},
                                  "Authorization: Bearer abc\r\n"));
  REQUIRE(f.echo.last);
  CHECK(f.echo.last->token() == "abc");
}

TEST_CASE("a request that is not as it should be is answered with a number") {
  engine_fixture f;
  auto sid = f.begin();
  auto refused = [&](std::string_view method, const std::string& query,
                     std::string_view answer) {
    INFO(method << ' ' << query);
    auto got = f.say(f.posting, engine_request(method, query, "4x"));
    auto status = contains(answer, ":4") ? "HTTP/1.1 403 " : "HTTP/1.1 400 ";
    CHECK(got.starts_with(status));
    CHECK(contains(got, "Content-Type: application/json\r\n"));
    CHECK(body_of(got) == "{" + std::string{answer} + "}");
  };
  auto unknown = R"("code":1,"message":"Session ID unknown")";
  refused("GET", "EIO=4", R"("code":0,"message":"Transport unknown")");
  refused("GET", "EIO=4&transport=abc",
          R"("code":0,"message":"Transport unknown")");
  refused("GET", "EIO=4&transport=polling&sid=abc", unknown);
  refused("POST", "EIO=4&transport=polling&sid=abc", unknown);
  refused("GET", "EIO=4&transport=websocket&sid=abc", unknown);
  refused("POST", "EIO=4&transport=polling",
          R"("code":2,"message":"Bad handshake method")");
  refused("GET", "EIO=4&transport=websocket",
          R"("code":3,"message":"Bad request")");
  refused("GET", "EIO=4&transport=websocket&sid=" + sid,
          R"("code":3,"message":"Bad request")");
  refused("PUT", polling(sid), R"("code":3,"message":"Bad request")");
  auto version = R"("code":5,"message":"Unsupported protocol version")";
  refused("GET", "transport=polling", version);
  refused("GET", "EIO=3&transport=polling", version);
  CHECK(f.endpoint.sessions() == 1);
}

TEST_CASE("the path is exact") {
  engine_fixture f;
  CHECK(f.say(f.getting, "GET /socket.io?EIO=4&transport=polling HTTP/1.1\r\n"
                         "Host: x\r\n\r\n")
          .starts_with("HTTP/1.1 404 "));
}

TEST_CASE("a page of another origin may not connect, unless it is allowed") {
  engine_fixture f;
  f.core.options.allowed_origins = {"https://good.example"};
  auto from = [&](std::string_view method, std::string_view origin,
                  std::string_view more = {}) {
    return f.say(f.getting,
                 engine_request(method, "EIO=4&transport=polling", {},
                                "Origin: " + std::string{origin} + "\r\n"
                                  + std::string{more}));
  };
  auto got = from("GET", "https://bad.example");
  CHECK(got.starts_with("HTTP/1.1 403 "));
  CHECK(body_of(got) == R"({"code":4,"message":"Forbidden"})");
  CHECK_FALSE(contains(got, "Access-Control"));
  CHECK(from("OPTIONS", "https://bad.example").starts_with("HTTP/1.1 403 "));
  got = from("GET", "https://good.example");
  CHECK(got.starts_with("HTTP/1.1 200 "));
  CHECK(contains(got, "Access-Control-Allow-Origin: https://good.example\r\n"));
  CHECK(contains(got, "Access-Control-Allow-Credentials: true\r\n"));
  CHECK(contains(got, "Vary: Origin\r\n"));
  got = from("OPTIONS", "https://good.example",
             "Access-Control-Request-Method: POST\r\n"
             "Access-Control-Request-Headers: x-one\r\n");
  CHECK(got.starts_with("HTTP/1.1 204 "));
  CHECK(contains(got, "Access-Control-Allow-Origin: https://good.example\r\n"));
  CHECK(contains(got, "Access-Control-Allow-Methods: GET, POST\r\n"));
  CHECK(contains(got, "Access-Control-Allow-Headers: x-one\r\n"));
  // What is wrong can be read by the page, too.
  got = f.say(f.posting, engine_request("GET", polling("abc"), {},
                                        "Origin: https://good.example\r\n"));
  CHECK(got.starts_with("HTTP/1.1 400 "));
  CHECK(contains(got, "Access-Control-Allow-Origin: https://good.example\r\n"));
  CHECK(f.endpoint.sessions() == 1);
}

TEST_CASE("a session is a cookie where that is wanted") {
  socket_fixture f;
  engine_echo echo;
  detail::engine_endpoint endpoint{f.core, {.cookie = "io"}, echo};
  socket_pair peer;
  f.accept(peer);
  peer.send_bytes(engine_request("GET", "EIO=4&transport=polling"));
  f.settle();
  auto got = peer.received();
  CHECK(contains(got, "Set-Cookie: io=" + sid_of(got)
                        + "; Path=/; HttpOnly; SameSite=Lax\r\n"));
  f.loop.for_each([](detail::resident& what) { what.cut(); });
  f.settle();
}

TEST_CASE("a body has a limit") {
  socket_fixture f;
  f.core.options.max_message_bytes = 100'000;
  engine_echo echo;
  detail::engine_endpoint endpoint{f.core, {}, echo};
  f.core.routes.handle("POST", "/plain",
                       [](const http_request&) { return http_response{}; });
  socket_pair get;
  f.accept(get);
  get.send_bytes(engine_request("GET", "EIO=4&transport=polling"));
  f.settle();
  auto sid = sid_of(get.received());
  auto answer = [&](const std::string& request) {
    socket_pair peer;
    f.accept(peer);
    for (std::string_view rest{request}; !rest.empty();
         rest.remove_prefix(std::min<std::size_t>(rest.size(), 10'000))) {
      peer.send_bytes(rest.substr(0, 10'000));
      f.settle();
    }
    return peer.received();
  };
  auto post = [&](std::size_t size) {
    return answer(engine_request("POST", polling(sid), std::string(size, '4')));
  };
  CHECK(post(100'000).starts_with("HTTP/1.1 200 "));
  CHECK(post(100'001).starts_with("HTTP/1.1 413 "));
  // Others have theirs.
  auto plain = [&](std::size_t size) {
    return answer("POST /plain HTTP/1.1\r\nHost: x\r\nContent-Length: "
                  + std::to_string(size) + "\r\n\r\n" + std::string(size, 'x'));
  };
  CHECK(plain(65'536).starts_with("HTTP/1.1 200 "));
  CHECK(plain(65'537).starts_with("HTTP/1.1 413 "));
  f.loop.for_each([](detail::resident& what) { what.cut(); });
  f.settle();
}

TEST_CASE("sessions count as connections") {
  engine_fixture f;
  f.core.options.max_connections = 3;
  f.begin();
  // Two sockets and this one.
  CHECK(f.core.open == 3);
  CHECK(f.say(f.posting, engine_request("GET", "EIO=4&transport=polling"))
          .starts_with("HTTP/1.1 503 "));
}

TEST_CASE("a server that drains begins no session, and ends those it has") {
  engine_fixture f;
  auto sid = f.begin();
  f.getting.send_bytes(engine_request("GET", polling(sid)));
  f.settle();
  f.core.draining = true;
  f.loop.for_each([](detail::resident& what) { what.drain(); });
  f.settle();
  CHECK(body_of(f.getting.received()) == "1");
  CHECK(f.echo.last_code == 3001);
  CHECK(f.has_ended());
  CHECK(f.say(f.posting, engine_request("GET", "EIO=4&transport=polling"))
          .starts_with("HTTP/1.1 503 "));
}

TEST_CASE("a session goes on by its connections while the server drains") {
  engine_fixture f;
  f.echo.waits = true;
  auto sid = f.begin();
  f.post(sid, "4one");
  f.core.draining = true;
  f.loop.for_each([](detail::resident& what) { what.drain(); });
  f.settle();
  CHECK(body_of(f.get(sid)) == "4one");
  CHECK(body_of(f.post(sid, "4two")) == "ok");
  CHECK(body_of(f.get(sid)) == "4two");
  f.get(sid);
  f.loop.turn([&] { f.echo.last->end({close_code::shutting_down, "bye"}); });
  f.settle();
  auto got = f.getting.received();
  CHECK(body_of(got) == "1");
  CHECK(contains(got, "Connection: close\r\n"));
  CHECK(f.getting.has_ended());
  CHECK(f.has_ended());
}
