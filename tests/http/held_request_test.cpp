#include "flamigo/http/detail/held_request.hpp"

#include <stdexcept>

#include <catch2/catch_test_macros.hpp>

#include <boost/describe/class.hpp>

#include <caf/event_based_actor.hpp>

#include "flamigo/blocking/blocking.hpp"
#include "flamigo/domain/host.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/strategy/call.hpp"
#include "flamigo/task/on_cancel.hpp"
#include "flamigo/task/request.hpp"
#include "flamigo/task/sleep.hpp"
#include "flamigo/testing/backend_caller.hpp"
#include "support/log_capture.hpp"
#include "support/socket_fixture.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::contains;

namespace {

struct order {
  std::string item;
};

BOOST_DESCRIBE_STRUCT(order, (), (item))

struct stock_state {
  std::vector<response_promise<std::string>> kept;
  std::vector<std::string> ends;
};

/// Answers when the test says so.
domain_behavior stock(domain_actor<stock_state>* self) {
  return {
    on("app::stock:wait",
       [=](context& ctx) {
         self->state.kept.push_back(ctx.make_promise<std::string>());
         return self->state.kept.back();
       }),
    on("app::stock:deliver",
       [=](const std::string& what) {
         auto kept = std::exchange(self->state.kept, {});
         for (auto& x : kept)
           x.deliver(what);
       }),
    on("app::stock:sleep",
       [=](context ctx) -> task<void> {
         auto slept = co_await sleep(ctx, 1h);
         self->state.ends.push_back(slept ? "slept" : code_of(slept.error()));
         co_return ok;
       }),
    on("app::stock:ends", [=] { return self->state.ends; }),
    on("app::stock:who",
       [](context& ctx) {
         return ctx.claims().type + " " + ctx.claims().interface;
       }),
    on("app::stock:members", is_authenticated(), [] { return "in"; }),
  };
}

/// What has become of handlers.
struct track {
  int begun = 0;
  int alive = 0;
  std::vector<std::string> seen;
};

struct probe {
  explicit probe(track& what) : of(&what) {
    ++of->begun;
    ++of->alive;
  }

  probe(const probe&) = delete;

  probe& operator=(const probe&) = delete;

  ~probe() {
    --of->alive;
  }

  track* of;
};

struct fixture : test::socket_fixture {
  fixture() {
    core.options.handshake_timeout = 1s;
    services.request_timeout = 10s;
    adopt(host(services, {}, stock));
    core.routes.get("/small", {.body = "hello"});
    core.routes.handle(
      "GET", "/wait", [this](context ctx) -> task<http_response> {
        probe here{seen};
        auto got = co_await ctx.call_strategy<std::string>("app::stock:wait");
        seen.seen.push_back(got ? *got : code_of(got.error()));
        if (!got)
          co_return got.error();
        co_return http_response{.body = *got};
      });
    settle();
    accept(peer);
  }

  ~fixture() {
    loop.for_each([](detail::resident& what) { what.cut(); });
    requests.end();
    end();
    settle();
  }

  /// Has the stock answer all who wait for it.
  void deliver(const std::string& what) {
    REQUIRE(caller.call("app::stock:deliver", what));
    settle();
  }

  void say(std::string_view what) {
    peer.send_bytes(what);
    settle();
  }

  void get(const std::string& path) {
    say("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
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

  bool is_open() const {
    return core.open == 1;
  }

  void drain() {
    core.draining = true;
    loop.for_each([](detail::resident& what) { what.drain(); });
  }

  testing::backend_caller caller{*this, 10s};
  track seen;
  test::socket_pair peer;
};

} // namespace

// -- answers ------------------------------------------------------------------

TEST_CASE("a handler of HTTP answers when it knows") {
  fixture f;
  f.get("/wait");
  CHECK(f.peer.received().empty());
  CHECK(f.seen.alive == 1);
  f.deliver("three");
  auto got = f.peer.received();
  CHECK(got.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(got.ends_with("\r\n\r\nthree"));
  CHECK(f.seen.alive == 0);
  // And then the next one.
  f.get("/small");
  CHECK(f.peer.received().ends_with("\r\n\r\nhello"));
  f.get("/wait");
  f.deliver("four");
  CHECK(f.peer.received().ends_with("\r\n\r\nfour"));
  CHECK(f.is_open());
}

TEST_CASE("one that does not wait answers at once, with all of the request") {
  fixture f;
  f.core.options.kept_headers = {"X-Kept"};
  f.core.routes.handle(
    "POST", "/echo", [](context ctx, http_request req) -> task<http_response> {
      auto who = ctx.claims();
      co_return http_response{
        .status = 201,
        .body = req.method + " " + req.path + "?" + req.query + " " + req.body
                + "|" + std::string{ctx.action()} + "|" + who.type + "|"
                + who.interface + "|" + std::string{header_of(who, "x-kept")}
                + (who.user ? "|user" : "") + who.connection_id};
    });
  f.say("POST /echo?a=b HTTP/1.1\r\nHost: x\r\nX-Kept: y\r\n"
        "Content-Length: 3\r\n\r\nabc");
  auto got = f.peer.received();
  CHECK(got.starts_with("HTTP/1.1 201 "));
  CHECK(got.ends_with("POST /echo?a=b abc|POST /echo|http|test:0|y"));
}

TEST_CASE("the body is the payload of the context") {
  fixture f;
  f.core.routes.handle("POST", "/order",
                       [](context ctx) -> task<http_response> {
                         co_await sleep(ctx, 1s);
                         auto in = ctx.payload_as<order>();
                         if (!in)
                           co_return in.error();
                         co_return http_response{.body = in->item};
                       });
  auto post = [&](const std::string& body) {
    f.say("POST /order HTTP/1.1\r\nHost: x\r\nContent-Length: "
          + std::to_string(body.size()) + "\r\n\r\n" + body);
    f.wait(1s);
    return f.peer.received();
  };
  CHECK(post(R"({"item":"a lamp of a certain length"})")
          .ends_with("\r\n\r\na lamp of a certain length"));
  auto got = post("{}");
  CHECK(got.starts_with("HTTP/1.1 400 "));
  CHECK(contains(got, "Content-Type: application/json\r\n"));
  CHECK(got.ends_with(
    "\r\n\r\n{\"message\":\"the payload does not fit this strategy\","
    "\"status\":400,\"code\":\"invalid_payload\","
    "\"fieldErrors\":[{\"field\":\"item\",\"error\":\"is required\"}]}"));
  CHECK(contains(post("no JSON"), "\"code\":\"malformed\""));
}

TEST_CASE("a handler of HTTP acts for a client, or for the program") {
  fixture f;
  f.core.routes.handle("GET", "/who", [](context ctx) -> task<http_response> {
    auto mine = co_await ctx.call_strategy<std::string>("app::stock:who");
    auto program = ctx.as_program();
    auto its = co_await program.call_strategy<std::string>("app::stock:who");
    co_return http_response{.body = *mine + ", " + *its};
  });
  f.core.routes.handle(
    "GET", "/members", [](context ctx) -> task<http_response> {
      co_return http_response{
        .body = co_await ctx.call_strategy<std::string>("app::stock:members")
                  .or_throw()};
    });
  f.get("/who");
  CHECK(f.peer.received().ends_with("\r\n\r\nhttp test:0, backend local"));
  f.get("/members");
  CHECK(f.peer.received().starts_with("HTTP/1.1 403 "));
}

TEST_CASE("threads and timers are awaited in a handler of HTTP") {
  fixture f;
  f.core.routes.handle("GET", "/slow", [](context ctx) -> task<http_response> {
    auto find = [] { return std::string{"found"}; };
    auto found = co_await blocking(ctx, find);
    co_await sleep(ctx, 2s);
    co_return http_response{.body = *found};
  });
  f.get("/slow");
  // What blocks, and then the first second.
  f.wait(0s);
  f.wait(1s);
  CHECK(f.peer.received().empty());
  f.wait(1s);
  CHECK(f.peer.received().ends_with("\r\n\r\nfound"));
}

TEST_CASE("no late answer to HEAD has a body") {
  fixture f;
  f.say("HEAD /wait HTTP/1.1\r\nHost: x\r\n\r\n");
  f.deliver("three");
  auto got = f.peer.received();
  CHECK(contains(got, "Content-Length: 5\r\n"));
  CHECK(got.ends_with("\r\n\r\n"));
}

TEST_CASE("whoever looks for errors hears which a client was told, and who") {
  fixture f;
  std::vector<std::string> told;
  detail::request_runner uut{
    f.services, f.loop, [&](const claims& who, const caf::error& why) {
      told.push_back(who.type + " " + std::to_string(status_of(why)) + " "
                     + trace_of(why));
    }};
  f.core.routes.handle("POST", "/fail",
                       [](context, http_request) -> task<http_response> {
                         co_return internal_error("a cause");
                       });
  test::socket_pair other;
  std::make_shared<detail::session>(f.core, f.loop, uut,
                                    detail::stream_socket{other.server_end()},
                                    detail::request_peer{})
    ->start();
  auto say = [&](const std::string& what) {
    other.send_bytes(what + " HTTP/1.1\r\nHost: x\r\n\r\n");
    f.settle();
  };
  say("GET /small");
  CHECK(other.received().ends_with("hello"));
  CHECK(told.empty());
  say("POST /fail");
  CHECK(other.received().starts_with("HTTP/1.1 500 "));
  REQUIRE(told.size() == 1);
  CHECK(told[0].starts_with("http 500 handle POST /fail: "));
  CHECK(contains(told[0], "a cause"));
  say("GET /wait");
  f.wait(10s);
  CHECK(other.received().starts_with("HTTP/1.1 504 "));
  REQUIRE(told.size() == 2);
  CHECK(told[1].starts_with("http 504 handle GET /wait: "));
  f.loop.for_each([](detail::resident& what) { what.cut(); });
  uut.end();
}

// -- order --------------------------------------------------------------------

TEST_CASE("what is sent behind a request that waits is answered behind it") {
  fixture f;
  f.say("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n"
        "GET /small HTTP/1.1\r\nHost: x\r\n\r\n"
        "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
  f.get("/small");
  CHECK(f.seen.begun == 1);
  CHECK(f.peer.received().empty());
  f.deliver("one");
  auto got = f.peer.received();
  CHECK(contains(got, "\r\n\r\noneHTTP/1.1 200 OK\r\n"));
  CHECK(got.ends_with("\r\n\r\nhello"));
  CHECK(f.seen.begun == 2);
  f.deliver("two");
  got = f.peer.received();
  CHECK(contains(got, "\r\n\r\ntwoHTTP/1.1 200 OK\r\n"));
  CHECK(got.ends_with("\r\n\r\nhello"));
}

TEST_CASE("a client that sends on and on behind one that waits is not read") {
  fixture f;
  f.get("/wait");
  const std::string more = "GET /small HTTP/1.1\r\nHost: x\r\n\r\n";
  std::size_t sent = 0;
  for (; sent < 100'000 && f.peer.try_send(more); ++sent)
    if (sent % 100 == 0)
      f.settle();
  f.settle();
  CHECK_FALSE(f.peer.try_send(more));
  f.pass(5s);
  CHECK(f.is_open());
  f.deliver("one");
  std::string got;
  for (std::string part; !(part = f.peer.received()).empty(); f.settle())
    got += part;
  CHECK(got.find("\r\n\r\noneHTTP") != got.npos);
  std::size_t answered = 0;
  for (auto i = got.find("hello"); i != got.npos; i = got.find("hello", i + 1))
    ++answered;
  CHECK(answered == sent);
}

// -- the end ------------------------------------------------------------------

TEST_CASE("a handler of HTTP has to answer in time") {
  fixture f;
  f.core.options.handshake_timeout = 1h;
  f.get("/wait");
  f.wait(9s);
  CHECK(f.peer.received().empty());
  f.wait(1s);
  auto got = f.peer.received();
  CHECK(got.starts_with("HTTP/1.1 504 "));
  CHECK(contains(got, "Content-Type: application/json\r\n"));
  CHECK(contains(got, "\"status\":504,\"code\":\"timeout\""));
  CHECK(f.seen.seen == std::vector<std::string>{"timeout"});
  CHECK(f.seen.alive == 0);
  f.deliver("too late");
  CHECK(f.peer.received().empty());
  f.get("/small");
  CHECK(f.peer.received().ends_with("\r\n\r\nhello"));
}

TEST_CASE("a client that goes stops what works for it") {
  fixture f;
  f.get("/wait");
  SECTION("by closing") {
    f.peer.close();
  }
  SECTION("by ending its side") {
    f.peer.shut_down();
  }
  SECTION("with something behind its request") {
    f.peer.send_bytes("GET /wait HTTP/1.1\r\n");
    f.settle();
    f.peer.close();
  }
  SECTION("with more behind it than is read") {
    f.peer.send_bytes(std::string(9'000, 'x'));
    f.settle();
    f.peer.send_bytes(std::string(9'000, 'x'));
    f.settle();
    f.peer.close();
  }
  f.settle();
  CHECK_FALSE(f.is_open());
  CHECK(f.seen.seen == std::vector<std::string>{"cancelled"});
  CHECK(f.seen.alive == 0);
  f.deliver("nobody");
}

TEST_CASE("what works for a handler of HTTP ends with it") {
  fixture f;
  f.core.routes.handle("GET", "/deep", [](context ctx) -> task<http_response> {
    auto program = ctx.as_program();
    co_await program.call_strategy<void>("app::stock:sleep").or_throw();
    co_return http_response{};
  });
  f.get("/deep");
  std::string why;
  SECTION("when the client goes") {
    f.peer.close();
    f.settle();
    why = "cancelled";
  }
  SECTION("when the time is up") {
    f.wait(10s);
    CHECK(f.peer.received().starts_with("HTTP/1.1 504 "));
    why = "timeout";
  }
  using strings = std::vector<std::string>;
  CHECK(*f.caller.call<strings>("app::stock:ends") == strings{why});
}

TEST_CASE("functions hear that a request over HTTP is cancelled") {
  fixture f;
  auto heard = std::make_shared<int>(0);
  f.core.routes.handle("GET", "/now", [=](context ctx) -> task<http_response> {
    ctx.on_cancel([heard] { ++*heard; });
    co_return http_response{};
  });
  f.core.routes.handle("GET", "/long", [=](context ctx) -> task<http_response> {
    ctx.on_cancel([heard] { ++*heard; });
    co_await sleep(ctx, 5s);
    co_return http_response{};
  });
  const auto before = heard.use_count();
  // Those whose request has been answered are freed.
  f.get("/now");
  CHECK(heard.use_count() == before);
  f.get("/long");
  CHECK(heard.use_count() > before);
  f.wait(5s);
  CHECK(heard.use_count() == before);
  CHECK(*heard == 0);
  f.get("/long");
  f.peer.close();
  f.settle();
  CHECK(*heard == 1);
  CHECK(heard.use_count() == before);
}

TEST_CASE("one that has sent two requests and goes has but one begun") {
  fixture f;
  f.peer.send_bytes("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n"
                    "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
  f.settle();
  f.peer.close();
  f.settle();
  CHECK(f.seen.begun == 1);
  CHECK(f.seen.alive == 0);
}

TEST_CASE("a request that waits is answered while the server drains") {
  fixture f;
  f.get("/wait");
  f.drain();
  f.pass(5s);
  REQUIRE(f.is_open());
  f.deliver("three");
  auto got = f.peer.received();
  CHECK(contains(got, "Connection: close\r\n"));
  CHECK(got.ends_with("\r\n\r\nthree"));
  CHECK_FALSE(f.is_open());
}

TEST_CASE("a request that waits too long is cut") {
  fixture f;
  f.get("/wait");
  f.drain();
  f.loop.for_each([](detail::resident& what) { what.cut(); });
  CHECK_FALSE(f.is_open());
  CHECK(f.seen.seen == std::vector<std::string>{"cancelled"});
  CHECK(f.seen.alive == 0);
}

TEST_CASE("the end of its actor ends a handler of HTTP") {
  fixture f;
  f.core.routes.handle("GET", "/quit", [](context ctx) -> task<http_response> {
    ctx.self()->quit();
    co_await sleep(ctx, 1s);
    co_return http_response{};
  });
  test::socket_pair other;
  f.accept(other);
  f.get("/wait");
  SECTION("when the thread ends") {
    f.requests.end();
    f.settle();
  }
  SECTION("when a handler ends it") {
    other.send_bytes("GET /quit HTTP/1.1\r\nHost: x\r\n\r\n");
    f.settle();
    CHECK(other.received().starts_with("HTTP/1.1 503 "));
  }
  CHECK(f.seen.alive == 0);
  auto got = f.peer.received();
  CHECK(got.starts_with("HTTP/1.1 503 "));
  CHECK(contains(got, "\"code\":\"unavailable\""));
  // The next one has another.
  f.get("/wait");
  f.deliver("three");
  CHECK(f.peer.received().ends_with("\r\n\r\nthree"));
}

TEST_CASE("what leaves a handler of HTTP is one request's error") {
  test::log_capture log;
  fixture f;
  f.core.routes.handle("GET", "/now", [](context) -> task<http_response> {
    throw std::runtime_error{"a secret"};
    co_return http_response{};
  });
  f.core.routes.handle("GET", "/later", [](context ctx) -> task<http_response> {
    co_await sleep(ctx, 1s);
    throw std::runtime_error{"a secret"};
  });
  f.core.routes.handle("GET", "/made", [](context) -> task<http_response> {
    throw std::runtime_error{"a secret"};
  });
  f.core.routes.handle("GET", "/none",
                       [](context) -> task<http_response> { return {}; });
  f.core.routes.handle(
    "GET", "/unsendable", [](context ctx) -> task<http_response> {
      co_await sleep(ctx, 1s);
      co_return http_response{.headers = {{"X", "a secret\r\n"}}};
    });
  for (auto path : {"/now", "/later", "/made", "/none", "/unsendable"}) {
    INFO(path);
    f.get(path);
    f.wait(1s);
    auto got = f.peer.received();
    CHECK(got.starts_with("HTTP/1.1 500 "));
    CHECK_FALSE(contains(got, "secret"));
    CHECK(contains(log.lines().back(), "the handler of "));
    CHECK(contains(log.lines().back(), path));
  }
  CHECK(f.is_open());
}

TEST_CASE("traces are told to those who may have them") {
  fixture f;
  f.core.expose_traces = true;
  f.core.routes.handle("GET", "/fail", [](context) -> task<http_response> {
    co_return internal_error("because");
  });
  f.get("/fail");
  CHECK(contains(f.peer.received(), "\"trace\":\"because\""));
}

TEST_CASE("a handler that holds up its actor does not hold up its client") {
  fixture f;
  f.core.options.handshake_timeout = 1h;
  f.core.routes.handle("GET", "/hold", [](context ctx) -> task<http_response> {
    // Nobody ever answers.
    ctx.self()
      ->request(caf::actor_cast<caf::actor>(ctx.self()), caf::infinite,
                caf::tick_atom::value)
      .await([](int) {});
    co_await sleep(ctx, 1s);
    co_return http_response{};
  });
  f.get("/hold");
  f.wait(10s);
  f.pass(10s);
  CHECK(f.peer.received().empty());
  f.pass(11s);
  CHECK(f.peer.received().starts_with("HTTP/1.1 504 "));
  // Behind it, as long as that lasts.
  f.get("/wait");
  f.pass(11s);
  CHECK(f.peer.received().starts_with("HTTP/1.1 504 "));
  CHECK(f.seen.begun == 0);
}
