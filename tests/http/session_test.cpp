#include "flamigo/http/detail/session.hpp"

#include <catch2/catch_test_macros.hpp>

#include "support/socket_fixture.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::contains;

namespace {

constexpr std::size_t large = 3'000'000;

constexpr std::string_view get_large = "GET /large HTTP/1.1\r\nHost: x\r\n\r\n";

constexpr std::string_view get_small = "GET /small HTTP/1.1\r\nHost: x\r\n\r\n";

/// A session with a peer that reads when the test says so, on a clock that the
/// test moves.
struct fixture : test::socket_fixture {
  fixture() {
    core.options.handshake_timeout = 1s;
    core.options.backlog_timeout = 10s;
    core.routes.get("/large", {.body = std::string(large, 'x')});
    core.routes.get("/small", {.body = "hello"});
    accept(peer);
  }

  ~fixture() {
    loop.for_each([](detail::resident& what) { what.cut(); });
  }

  /// Lets the time go on by that much.
  void pass(std::chrono::seconds time) {
    loop.tick(loop.now() + time);
  }

  /// All that comes while the peer reads on.
  std::string read_on() {
    std::string result;
    for (std::string part; !(part = peer.received()).empty(); settle())
      result += part;
    return result;
  }

  bool is_open() const {
    return core.open == 1;
  }

  void drain() {
    core.draining = true;
    loop.for_each([](detail::resident& what) { what.drain(); });
  }

  test::socket_pair peer;
};

} // namespace

TEST_CASE("a response of any size comes to an end, and then the next one") {
  fixture f;
  f.peer.send_bytes(std::string{get_large} + std::string{get_small});
  f.settle();
  auto got = f.read_on();
  auto body = got.find("\r\n\r\n") + 4;
  CHECK(got.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(contains(got.substr(0, body), "Content-Length: 3000000\r\n"));
  REQUIRE(got.size() > body + large);
  CHECK(got.find_first_not_of('x', body) == body + large);
  auto next = got.substr(body + large);
  CHECK(next.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(next.ends_with("\r\n\r\nhello"));
  CHECK(f.is_open());
}

TEST_CASE("requests may be cut at every byte") {
  fixture f;
  f.core.routes.handle("POST", "/echo", [](const http_request& req) {
    return http_response{.body = req.body};
  });
  struct exchange {
    std::string headers;
    std::string body;
    std::string answer;
  };
  auto chunked = "Transfer-Encoding: chunked\r\n";
  for (auto& [headers, body, answer] : {
         exchange{"Content-Length: 5\r\n", "hello", "hello"},
         {chunked, "5\r\nhello\r\n0\r\n\r\n", "hello"},
         {chunked, "1;a=b\r\nh\r\n4\r\nello\r\n0\r\nX: y\r\n\r\n", "hello"},
         {chunked, "0\r\n\r\n", ""},
         {"", "", ""},
       }) {
    auto request = "POST /echo HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n"
                   + body;
    INFO(request);
    for (auto byte : request) {
      CHECK(f.peer.received().empty());
      f.peer.send_bytes({&byte, 1});
      f.settle();
    }
    auto got = f.peer.received();
    CHECK(got.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(got.ends_with("\r\n\r\n" + answer));
  }
  CHECK(f.is_open());
}

TEST_CASE("a request has to be complete in time, byte after byte or not") {
  fixture f;
  f.peer.send_bytes("GET /small HTTP/1.1\r\n");
  f.settle();
  f.pass(0s);
  CHECK(f.is_open());
  f.peer.send_bytes("Host: x\r\n");
  f.settle();
  f.pass(2s);
  CHECK_FALSE(f.is_open());
}

TEST_CASE("a response that makes progress takes its time") {
  fixture f;
  f.peer.send_bytes(get_large);
  f.settle();
  // Longer than a request may take.
  f.pass(5s);
  CHECK(f.is_open());
  std::string got;
  for (auto i = 0; i < 5; ++i) {
    got += f.peer.received();
    // The socket has not said yet that it is writable.
    f.pass(10s);
    REQUIRE(f.is_open());
  }
  f.settle();
  got += f.read_on();
  CHECK(got.ends_with("\r\n\r\n" + std::string(large, 'x')));
}

TEST_CASE("a response of which nothing is taken is cut") {
  fixture f;
  f.peer.send_bytes(get_large);
  f.settle();
  f.pass(9s);
  CHECK(f.is_open());
  f.pass(1s);
  CHECK_FALSE(f.is_open());
  CHECK(f.read_on().size() < large);
}

TEST_CASE("what is pipelined behind a slow response is served at a tick") {
  fixture f;
  f.peer.send_bytes(std::string{get_large} + std::string{get_small});
  f.settle();
  std::string got;
  while ((got += f.peer.received()).size() < large) {
    REQUIRE(f.is_open());
    f.pass(10s);
  }
  CHECK(got.ends_with("\r\n\r\nhello"));
}

TEST_CASE("a client that sends more than it reads is not read meanwhile") {
  fixture f;
  f.peer.send_bytes(get_large);
  f.settle();
  while (f.peer.try_send(get_small))
    ;
  auto part = f.peer.received();
  f.pass(10s);
  CHECK(f.is_open());
  // There was no room made.
  CHECK_FALSE(f.peer.try_send(get_small));
}

TEST_CASE("an error reaches a client that is still sending") {
  fixture f;
  f.peer.send_bytes("POST /small HTTP/1.1\r\nHost: x\r\n"
                    "Content-Length: 900000\r\n\r\n");
  f.settle();
  auto got = f.peer.received();
  CHECK(got.starts_with("HTTP/1.1 413 "));
  CHECK(contains(got, "Connection: close\r\n"));
  // Not another word, and the socket is open as long as the client sends.
  CHECK(f.peer.has_ended());
  for (auto i = 0; i < 9; ++i) {
    f.peer.send_bytes(std::string(100'000, 'x'));
    f.settle();
    CHECK(f.is_open());
  }
  f.peer.close();
  f.settle();
  CHECK_FALSE(f.is_open());
}

TEST_CASE("a client that goes on sending is read for some time only") {
  fixture f;
  f.peer.send_bytes("nonsense\r\n\r\n");
  f.settle();
  CHECK(f.peer.received().starts_with("HTTP/1.1 400 "));
  CHECK(f.is_open());
  SECTION("by the clock") {
    f.pass(4s);
    CHECK(f.is_open());
    f.pass(5s);
    CHECK_FALSE(f.is_open());
  }
  SECTION("by the bytes") {
    auto sent = 0;
    for (; f.is_open() && sent < 100; ++sent) {
      CHECK(f.peer.try_send(std::string(65'536, 'x')));
      f.settle();
    }
    CHECK(sent > 60);
    CHECK_FALSE(f.is_open());
  }
}

TEST_CASE("a client that was answered and has said all is not waited for") {
  fixture f;
  f.peer.send_bytes("GET /small HTTP/1.1\r\nHost: x\r\n"
                    "Connection: close\r\n\r\n");
  f.settle();
  CHECK_FALSE(f.is_open());
}

TEST_CASE("what is pipelined behind the last request is read and dropped") {
  fixture f;
  f.peer.send_bytes("GET /small HTTP/1.1\r\nHost: x\r\n"
                    "Connection: close\r\n\r\n"
                    + std::string{get_small});
  f.settle();
  auto got = f.peer.received();
  CHECK(got.starts_with("HTTP/1.1 200 "));
  CHECK(got.ends_with("\r\n\r\nhello"));
  CHECK(f.peer.has_ended());
  CHECK(f.is_open());
  f.peer.send_bytes(get_small);
  f.settle();
  CHECK(f.peer.received().empty());
  f.peer.close();
  f.settle();
  CHECK_FALSE(f.is_open());
}

TEST_CASE("half a request that the client has ended is answered") {
  fixture f;
  f.peer.send_bytes("POST /small HTTP/1.1\r\nHost: x\r\n"
                    "Content-Length: 5\r\n\r\nhel");
  f.peer.shut_down();
  f.settle();
  CHECK(f.peer.received().starts_with("HTTP/1.1 400 "));
  // Nothing is left to wait for.
  CHECK_FALSE(f.is_open());
}

TEST_CASE("a session that only listens on is cut at once") {
  fixture f;
  f.peer.send_bytes("nonsense\r\n\r\n");
  f.settle();
  f.loop.for_each([](detail::resident& what) { what.drain(); });
  CHECK(f.is_open());
  f.loop.for_each([](detail::resident& what) { what.cut(); });
  CHECK_FALSE(f.is_open());
}

TEST_CASE("one connection too many is told before it asks") {
  fixture f;
  f.core.options.max_connections = 1;
  test::socket_pair other;
  f.accept(other);
  CHECK(other.received().starts_with("HTTP/1.1 503 "));
  other.send_bytes(get_small);
  f.settle();
  CHECK(other.received().empty());
  other.close();
  f.settle();
  CHECK(f.core.open == 1);
}

TEST_CASE("no answer to HEAD has a body") {
  fixture f;
  for (auto& [request, status] :
       {std::pair{"HEAD /small HTTP/1.1\r\nHost: x\r\n", "200"},
        {"HEAD /nothing HTTP/1.1\r\nHost: x\r\n", "404"},
        {"HEAD /ws HTTP/1.1\r\nHost: x\r\n", "426"},
        {"HEAD /small HTTP/1.1\r\nHost: x\r\nHost: y\r\n", "400"},
        {"HEAD /small HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: x\r\n",
         "400"}}) {
    INFO(request);
    f.peer.send_bytes(std::string{request} + "\r\n");
    f.settle();
    auto got = f.peer.received();
    CHECK(got.starts_with("HTTP/1.1 " + std::string{status}));
    CHECK(contains(got, "Content-Length: "));
    CHECK_FALSE(contains(got, "Content-Length: 0\r\n"));
    CHECK(got.ends_with("\r\n\r\n"));
  }
}

TEST_CASE("a client that waits for a word before its body gets it") {
  fixture f;
  f.core.routes.handle("POST", "/echo", [](const http_request& req) {
    return http_response{.body = req.body};
  });
  f.peer.send_bytes("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
                    "Expect: 100-continue\r\n\r\n");
  f.settle();
  CHECK(f.peer.received() == "HTTP/1.1 100 Continue\r\n\r\n");
  f.peer.send_bytes("hello");
  f.settle();
  auto got = f.peer.received();
  CHECK(got.starts_with("HTTP/1.1 200 "));
  CHECK(got.ends_with("\r\n\r\nhello"));
}

TEST_CASE("an absolute target names the server as Host does") {
  fixture f;
  f.core.options.allowed_hosts = {"x.org"};
  for (auto& [target, status] : {std::pair{"http://x.org/small?a", "200"},
                                 {"http://y.org/small", "421"},
                                 {"/small", "421"},
                                 {"http://x.org/nothing", "404"}}) {
    f.peer.send_bytes("GET " + std::string{target}
                      + " HTTP/1.1\r\nHost: z.org\r\n\r\n");
    f.settle();
    CHECK(f.peer.received().starts_with("HTTP/1.1 " + std::string{status}));
  }
}

TEST_CASE("handlers see the name that was checked and no other") {
  fixture f;
  f.core.options.allowed_hosts = {"x.org"};
  f.core.routes.handle("GET", "/host", [](const http_request& req) {
    std::string all;
    for (auto& [name, value] : req.headers)
      all += name + "=" + value + ";";
    return http_response{.body = all};
  });
  for (auto version : {"1.0", "1.1"}) {
    f.peer.send_bytes("GET http://x.org/host HTTP/" + std::string{version}
                      + "\r\nHost: y.org\r\nConnection: keep-alive\r\n\r\n");
    f.settle();
    auto got = f.peer.received();
    CHECK(contains(got, "Host=x.org;"));
    CHECK_FALSE(contains(got, "y.org"));
  }
}

TEST_CASE("whether the connection stays is told as the version wants it") {
  for (std::string path : {"/small", "/nothing", "/ws"}) {
    INFO(path);
    auto answer = [&](std::string version, std::string connection) {
      fixture f;
      f.peer.send_bytes("GET " + path + " HTTP/" + version + "\r\nHost: x\r\n"
                        + connection + "\r\n");
      f.settle();
      return std::pair{f.peer.received(), f.is_open()};
    };
    auto stays = answer("1.0", "Connection: keep-alive\r\n");
    CHECK(contains(stays.first, "keep-alive"));
    CHECK(stays.first.starts_with("HTTP/1.0 "));
    CHECK(stays.second);
    CHECK_FALSE(answer("1.0", "").second);
    auto goes = answer("1.1", "Connection: close\r\n");
    CHECK(contains(goes.first, "close\r\n"));
    CHECK_FALSE(goes.second);
    CHECK(answer("1.1", "").second);
  }
}

TEST_CASE("a request that has begun is answered while the server drains") {
  fixture f;
  f.peer.send_bytes("GET /small HTTP/1.1\r\n");
  f.settle();
  f.drain();
  CHECK(f.is_open());
  f.peer.send_bytes("Host: x\r\n\r\n");
  f.settle();
  auto got = f.peer.received();
  CHECK(got.starts_with("HTTP/1.1 200 "));
  CHECK(contains(got, "Connection: close\r\n"));
  CHECK_FALSE(f.is_open());
}

TEST_CASE("a request on a connection that was idle is answered in a drain") {
  fixture f;
  f.core.options.handshake_timeout = 1h;
  f.peer.send_bytes(get_small);
  f.settle();
  CHECK(contains(f.peer.received(), "HTTP/1.1 200 "));
  SECTION("that waits in the socket") {
    f.peer.send_bytes(get_small);
    f.drain();
  }
  SECTION("that comes later") {
    f.drain();
    f.pass(2s);
    f.peer.send_bytes(get_small);
  }
  SECTION("half of which comes in time") {
    f.drain();
    f.pass(2s);
    f.peer.send_bytes(get_small.substr(0, 10));
    f.settle();
    f.pass(3s);
    f.peer.send_bytes(get_small.substr(10));
  }
  f.settle();
  auto got = f.peer.received();
  CHECK(got.starts_with("HTTP/1.1 200 "));
  CHECK(contains(got, "Connection: close\r\n"));
  CHECK(f.peer.has_ended());
  CHECK_FALSE(f.is_open());
}

TEST_CASE("a connection that stays idle is closed in a drain") {
  fixture f;
  f.core.options.handshake_timeout = 1h;
  f.peer.send_bytes(get_small);
  f.settle();
  f.drain();
  // A quarter of the time that there is.
  f.pass(2s);
  CHECK(f.is_open());
  f.pass(1s);
  CHECK_FALSE(f.is_open());
  CHECK(f.peer.received().ends_with("hello"));
  CHECK(f.peer.has_ended());
}

TEST_CASE("who was told that a connection stays may use it in a drain") {
  fixture f;
  f.peer.send_bytes(get_large);
  f.settle();
  f.drain();
  auto got = f.read_on();
  CHECK_FALSE(contains(got, "Connection: close\r\n"));
  f.peer.send_bytes(get_small);
  f.settle();
  got = f.peer.received();
  CHECK(got.starts_with("HTTP/1.1 200 "));
  CHECK(contains(got, "Connection: close\r\n"));
  CHECK_FALSE(f.is_open());
}

TEST_CASE("all that was sent in one go is answered in a drain") {
  fixture f;
  f.drain();
  f.peer.send_bytes(std::string{get_small} + std::string{get_large}
                    + std::string{get_small});
  f.settle();
  auto got = f.read_on();
  CHECK(got.size() > large);
  CHECK(got.find("Connection: close\r\n") > large);
  CHECK(got.ends_with("hello"));
  CHECK_FALSE(f.is_open());
}

TEST_CASE("a WebSocket does not begin in a drain") {
  fixture f;
  SECTION("on a new connection") {
    f.drain();
    f.peer.upgrade();
  }
  SECTION("on one that was idle") {
    f.peer.send_bytes(get_small);
    f.settle();
    f.peer.received();
    f.drain();
    f.peer.upgrade();
  }
  SECTION("that waits in the socket") {
    f.peer.upgrade();
    f.drain();
  }
  f.settle();
  auto got = f.peer.received();
  CHECK(got.starts_with("HTTP/1.1 503 "));
  CHECK(contains(got, "Connection: close\r\n"));
  CHECK_FALSE(f.is_open());
}
