// Responses that come in pieces.

#include "flamigo/http/http_stream.hpp"

#include <catch2/catch_test_macros.hpp>

#include <caf/event_based_actor.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/http/http_routes.hpp"
#include "flamigo/task/sleep.hpp"
#include "support/log_capture.hpp"
#include "support/socket_fixture.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::contains;

namespace {

struct track {
  int alive = 0;
  std::size_t given = 0;
  std::string end;
};

/// What a coroutine has on its stack.
struct probe {
  explicit probe(track& x) : of(&x) {
    ++of->alive;
  }

  probe(const probe&) = delete;

  ~probe() {
    --of->alive;
  }

  track* of;
};

/// One piece a second.
stream<std::string> seconds(context ctx, track& seen, int count) {
  probe here{seen};
  for (int i = 0; i < count; ++i) {
    auto slept = co_await sleep(ctx, 1s);
    if (!slept) {
      seen.end = code_of(slept.error());
      co_yield slept.error();
    }
    ++seen.given;
    co_yield "tick " + std::to_string(i) + "\n";
  }
}

/// As many as somebody takes, without ever waiting.
stream<std::string> blocks(track& seen, std::size_t count) {
  probe here{seen};
  std::string block(10'000, 'x');
  for (std::size_t i = 0; i < count; ++i) {
    ++seen.given;
    co_yield block;
  }
}

struct fixture : test::socket_fixture {
  fixture() {
    core.options.handshake_timeout = 1s;
    services.request_timeout = 10s;
    core.routes.get("/small", {.body = "hello"});
    core.routes.handle(
      "GET", "/ticks", [this](context ctx) -> task<http_stream> {
        co_return http_stream{.content_type = "text/x",
                              .body = seconds(std::move(ctx), seen, 2),
                              .headers = {{"X-Kind", "ticks"}}};
      });
    core.routes.handle("GET", "/blocks", [this](context) -> task<http_stream> {
      co_return http_stream{.body = blocks(seen, 1'000)};
    });
    accept(peer);
  }

  ~fixture() {
    loop.for_each([](detail::resident& what) { what.cut(); });
    requests.end();
    settle();
  }

  void say(std::string_view what) {
    peer.send_bytes(what);
    settle();
  }

  void get(const std::string& path, const std::string& version = "1.1",
           const std::string& method = "GET") {
    say(method + " " + path + " HTTP/" + version + "\r\nHost: x\r\n\r\n");
  }

  /// Lets the time of sockets go on by that much.
  void pass(std::chrono::seconds time) {
    loop.tick(loop.now() + time);
    settle();
  }

  /// The same for actors.
  void wait(std::chrono::seconds time) {
    advance(time);
    settle();
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

  track seen;
  test::socket_pair peer;
};

} // namespace

TEST_CASE("a response in pieces comes as they are made") {
  fixture f;
  f.get("/ticks");
  auto head = f.peer.received();
  CHECK(head.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(contains(head, "Content-Type: text/x\r\n"));
  CHECK(contains(head, "X-Kind: ticks\r\n"));
  CHECK(contains(head, "Transfer-Encoding: chunked\r\n"));
  CHECK_FALSE(contains(head, "Content-Length"));
  CHECK(head.ends_with("\r\n\r\n"));
  // However long the whole of it takes.
  f.pass(20s);
  f.wait(1s);
  CHECK(f.peer.received() == "7\r\ntick 0\n\r\n");
  f.wait(1s);
  CHECK(f.peer.received() == "7\r\ntick 1\n\r\n0\r\n\r\n");
  CHECK(f.seen.alive == 0);
  // And then the next one.
  f.get("/small");
  CHECK(f.peer.received().ends_with("\r\n\r\nhello"));
  CHECK(f.is_open());
}

TEST_CASE("a client of HTTP/1.0 reads pieces up to the end") {
  fixture f;
  f.say("GET /ticks HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\n\r\n");
  auto head = f.peer.received();
  CHECK(head.starts_with("HTTP/1.0 200 OK\r\n"));
  CHECK_FALSE(contains(head, "Transfer-Encoding"));
  CHECK_FALSE(contains(head, "keep-alive"));
  CHECK_FALSE(contains(head, "Content-Length"));
  f.wait(1s);
  CHECK(f.peer.received() == "tick 0\n");
  f.wait(1s);
  CHECK(f.peer.received() == "tick 1\n");
  CHECK(f.peer.has_ended());
}

TEST_CASE("no piece answers HEAD, and none is made") {
  fixture f;
  f.get("/ticks", "1.1", "HEAD");
  auto got = f.peer.received();
  CHECK(got.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(contains(got, "Transfer-Encoding: chunked\r\n"));
  CHECK(got.ends_with("\r\n\r\n"));
  CHECK(f.seen.given == 0);
  f.get("/small");
  CHECK(f.peer.received().ends_with("\r\n\r\nhello"));
}

TEST_CASE("pieces are made as the client takes them") {
  fixture f;
  f.get("/blocks");
  // What the sockets hold, and a quarter of what may wait.
  CHECK(f.seen.given < 200);
  CHECK(f.seen.alive == 1);
  auto first = f.seen.given;
  f.pass(9s);
  CHECK(f.seen.given == first);
  auto got = f.read_on();
  CHECK(f.seen.given == 1'000);
  CHECK(got.ends_with("\r\n0\r\n\r\n"));
  CHECK(got.size() > 10'000'000);
  CHECK(f.is_open());
}

TEST_CASE("one piece may be larger than what may wait") {
  fixture f;
  f.core.options.max_backlog_bytes = 1'000;
  f.core.routes.handle("GET", "/large", [](context) -> task<http_stream> {
    auto pieces = []() -> stream<std::string> {
      co_yield std::string(1'000'000, 'a');
      co_yield std::string(1'000'000, 'b');
    };
    co_return http_stream{.body = pieces()};
  });
  test::socket_pair other;
  f.accept(other);
  other.send_bytes("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
  f.settle();
  std::string got;
  for (std::string part; !(part = other.received()).empty(); f.settle())
    got += part;
  CHECK(std::count(got.begin(), got.end(), 'a') >= 1'000'000);
  CHECK(std::count(got.begin(), got.end(), 'b') >= 1'000'000);
  CHECK(got.ends_with("\r\n0\r\n\r\n"));
}

TEST_CASE("a client that takes no piece is cut, and the stream ends") {
  fixture f;
  f.get("/blocks");
  f.pass(11s);
  CHECK_FALSE(f.is_open());
  CHECK(f.seen.alive == 0);
}

TEST_CASE("a client that goes ends the stream where it waits") {
  fixture f;
  f.get("/ticks");
  f.wait(1s);
  CHECK(f.seen.alive == 1);
  SECTION("altogether") {
    f.peer.close();
  }
  SECTION("on its side") {
    f.peer.shut_down();
  }
  f.settle();
  CHECK(f.seen.alive == 0);
  CHECK(f.seen.end == "cancelled");
  CHECK_FALSE(f.is_open());
}

TEST_CASE("what is sent behind the request waits for the last piece") {
  fixture f;
  f.get("/ticks");
  f.get("/small");
  f.peer.received();
  f.wait(1s);
  CHECK(f.peer.received() == "7\r\ntick 0\n\r\n");
  f.wait(1s);
  auto got = f.peer.received();
  CHECK(got.starts_with("7\r\ntick 1\n\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n"));
  CHECK(got.ends_with("\r\n\r\nhello"));
}

TEST_CASE("a client that says too much meanwhile is read again behind it") {
  fixture f;
  f.get("/ticks");
  std::string_view next = "GET /small HTTP/1.1\r\nHost: x\r\n\r\n";
  std::size_t count = 0;
  while (f.peer.try_send(next)) {
    ++count;
    f.settle();
  }
  REQUIRE(count > 8'192 / next.size());
  f.wait(1s);
  f.wait(1s);
  auto got = f.read_on();
  std::size_t answers = 0;
  for (auto at = got.find("hello"); at != got.npos;
       at = got.find("hello", at + 1))
    ++answers;
  CHECK(answers == count);
}

TEST_CASE("a piece has the time of a request, and waiting does not count") {
  fixture f;
  f.core.routes.handle("GET", "/late", [&](context ctx) -> task<http_stream> {
    auto pieces = [](context own, track& seen) -> stream<std::string> {
      co_yield "a";
      auto slept = co_await sleep(own, 1h);
      if (!slept)
        seen.end = code_of(slept.error());
      co_yield "b";
    };
    co_return http_stream{.body = pieces(std::move(ctx), f.seen)};
  });
  test::log_capture log;
  f.get("/late");
  f.wait(9s);
  CHECK(f.peer.received().ends_with("1\r\na\r\n"));
  CHECK(f.is_open());
  f.wait(1s);
  CHECK(f.seen.end == "timeout");
  // Without the last chunk: the client knows that it has not got all.
  CHECK(f.peer.received().empty());
  CHECK_FALSE(f.is_open());
  CHECK(contains(log.lines().back(), "GET /late: its response was broken off"));
}

TEST_CASE("an error before the first piece breaks off what has begun") {
  fixture f;
  f.core.routes.handle("GET", "/bad", [](context) -> task<http_stream> {
    auto pieces = []() -> stream<std::string> {
      co_yield make_error(errc::forbidden);
    };
    co_return http_stream{.body = pieces()};
  });
  test::log_capture log;
  f.get("/bad");
  auto got = f.peer.received();
  CHECK(got.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK_FALSE(contains(got, "0\r\n\r\n"));
  CHECK_FALSE(f.is_open());
}

TEST_CASE("a handler may refuse instead of a stream, and wait before it") {
  fixture f;
  f.core.routes.handle("GET", "/maybe", [&](context ctx) -> task<http_stream> {
    auto slept = co_await sleep(ctx, 1s);
    if (!slept || f.seen.given == 0) {
      f.seen.given = 1;
      co_return make_error(errc::forbidden);
    }
    co_return http_stream{.body = seconds(std::move(ctx), f.seen, 1)};
  });
  f.get("/maybe");
  f.wait(1s);
  auto got = f.peer.received();
  CHECK(got.starts_with("HTTP/1.1 403 "));
  CHECK(contains(got, "\"code\":\"forbidden\""));
  f.get("/maybe");
  f.wait(1s);
  CHECK(f.peer.received().starts_with("HTTP/1.1 200 "));
  f.wait(1s);
  CHECK(f.peer.received() == "7\r\ntick 0\n\r\n0\r\n\r\n");
}

TEST_CASE("one without pieces is a response like any other") {
  fixture f;
  f.core.routes.handle("GET", "/none", [](context) -> task<http_stream> {
    co_return http_stream{.status = 304};
  });
  f.core.routes.handle("GET", "/odd", [&](context ctx) -> task<http_stream> {
    co_return http_stream{.status = 204,
                          .body = seconds(std::move(ctx), f.seen, 1)};
  });
  f.get("/none");
  CHECK(f.peer.received().starts_with("HTTP/1.1 304 "));
  test::log_capture log;
  f.get("/odd");
  CHECK(f.peer.received().starts_with("HTTP/1.1 500 "));
  CHECK(contains(log.lines().back(), "the status 204 with a body"));
  CHECK(f.is_open());
}

TEST_CASE("a stream goes on while the server drains, until it is cut") {
  fixture f;
  f.get("/ticks");
  f.wait(1s);
  f.drain();
  f.pass(5s);
  REQUIRE(f.is_open());
  SECTION("it ends") {
    f.wait(1s);
    CHECK(f.peer.received().ends_with("0\r\n\r\n"));
    CHECK(f.peer.has_ended());
    f.peer.close();
    f.settle();
  }
  SECTION("it does not") {
    f.loop.for_each([](detail::resident& what) { what.cut(); });
  }
  CHECK(f.seen.alive == 0);
  CHECK_FALSE(f.is_open());
}

TEST_CASE("the end of its actor ends a stream and its response") {
  fixture f;
  f.get("/ticks");
  f.wait(1s);
  f.requests.end();
  f.settle();
  CHECK(f.seen.alive == 0);
  CHECK_FALSE(contains(f.peer.received(), "0\r\n\r\n"));
  CHECK_FALSE(f.is_open());
}

TEST_CASE("what a handler has captured lives as long as its stream") {
  fixture f;
  std::weak_ptr<int> alive;
  {
    auto kept = std::make_shared<int>(1);
    alive = kept;
    // Whose program ends it with what is mounted; a copy is in the handler.
    f.core.routes.handle(
      "GET", "/kept", [kept](context ctx) -> task<http_stream> {
        auto pieces = [](context own, const int& what) -> stream<std::string> {
          auto slept = co_await sleep(own, 1s);
          auto text = std::to_string(what) + (slept ? "" : "-");
          co_yield text;
        };
        co_return http_stream{.body = pieces(std::move(ctx), *kept)};
      });
  }
  f.get("/kept");
  f.peer.received();
  f.wait(1s);
  CHECK(f.peer.received() == "1\r\n1\r\n0\r\n\r\n");
  CHECK(alive.use_count() == 1);
}
