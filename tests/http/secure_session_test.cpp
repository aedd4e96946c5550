#include "flamigo/http/detail/session.hpp"

#include <memory>
#include <optional>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/http/detail/handshake_queue.hpp"
#include "support/socket_fixture.hpp"
#include "support/tls_files.hpp"
#include "support/tls_peer.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::contains;

namespace {

/// HTTP within TLS.
struct fixture : test::socket_fixture {
  fixture() {
    core.options.max_backlog_bytes = 100'000;
    core.routes.get("/small", {.body = "hello"});
    core.routes.get("/large", {.body = std::string(3'000'000, 'x')});
    core.secure_interface = "test:443";
    queue.emplace(
      core, loop, source,
      [this](detail::stream_socket socket, detail::request_peer who) {
        std::make_shared<detail::session>(core, loop, requests,
                                          std::move(socket), std::move(who))
          ->start();
      });
    loop.turn([&] {
      queue->begin(detail::stream_socket{peer.server_end()},
                   {"192.0.2.1:1234"});
    });
    client.emplace(peer.client_end(), files.authority);
    client->shake_hands();
    settle();
    REQUIRE(client->shake_hands());
  }

  ~fixture() {
    loop.for_each([](detail::resident& what) { what.cut(); });
    queue.reset();
    settle();
  }

  std::string answer_to(std::string_view request) {
    client->send(request);
    settle();
    return client->received();
  }

  test::tls_files files;
  detail::tls_source source{files.options};
  std::optional<detail::handshake_queue> queue;
  test::socket_pair peer;
  std::optional<test::tls_peer> client;
};

constexpr std::string_view get_small = "GET /small HTTP/1.1\r\nHost: x\r\n\r\n";

constexpr std::string_view get_large = "GET /large HTTP/1.1\r\nHost: x\r\n\r\n";

} // namespace

TEST_CASE("a request that comes with the end of the handshake is answered") {
  fixture f;
  // Nothing of it was read by the server yet.
  auto answer = f.answer_to(get_small);
  CHECK(answer.starts_with("HTTP/1.1 200"));
  CHECK(answer.ends_with("hello"));
  CHECK(f.answer_to(get_small).ends_with("hello"));
}

TEST_CASE("a large response goes as the client takes it") {
  fixture f;
  f.client->send(get_large);
  f.client->send(get_small);
  f.settle();
  std::string got;
  for (;;) {
    auto part = f.client->received(50'000);
    if (part.empty())
      break;
    got += part;
    f.settle();
  }
  CHECK(got.size() > 3'000'000);
  CHECK(got.ends_with("hello"));
}

TEST_CASE(
  "a WebSocket is opened within TLS, and its claims say by which door") {
  fixture f;
  std::optional<claims> seen;
  f.strategies.add("app::me:who", [&](context& ctx) { seen = ctx.claims(); });
  f.client->send("GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
                 "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                 "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");
  f.client->send(test::frame(test::fin | test::opcode::text,
                             R"({"topic":"app::me:who","ackId":"1"})"));
  f.settle();
  auto answer = f.client->received();
  CHECK(answer.starts_with("HTTP/1.1 101"));
  CHECK(contains(answer, R"("ackId":"1")"));
  REQUIRE(seen);
  CHECK(seen->interface == "test:443");
  CHECK(seen->remote_address == "192.0.2.1:1234");
}

TEST_CASE("a page that came by TLS is of the server's own origin there") {
  fixture f;
  std::string upgrade
    = "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
      "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nOrigin: ";
  CHECK(f.answer_to(upgrade + "http://x\r\n\r\n").starts_with("HTTP/1.1 403"));
  CHECK(f.answer_to(upgrade + "https://x\r\n\r\n").starts_with("HTTP/1.1 101"));
}

TEST_CASE("browsers are told to come by TLS only, within TLS only") {
  fixture f;
  constexpr auto header = "Strict-Transport-Security: max-age=3600\r\n";
  CHECK_FALSE(contains(f.answer_to(get_small), "Strict-Transport-Security"));
  f.core.options.tls.hsts = 1h;
  CHECK(contains(f.answer_to(get_small), header));
  test::socket_pair plain;
  f.accept(plain);
  plain.send_bytes(get_small);
  f.settle();
  CHECK_FALSE(contains(plain.received(), "Strict-Transport-Security"));
}

TEST_CASE("plain requests are sent to the port of TLS") {
  fixture f;
  f.core.options.tls.redirect = true;
  f.core.secure_port = 8443;
  f.core.routes.get("/livez", {.body = "ok"});
  auto answer_to = [&](const std::string& request) {
    test::socket_pair plain;
    f.accept(plain);
    plain.send_bytes(request);
    f.settle();
    return plain.received();
  };
  auto get = [&](const std::string& target, const std::string& host) {
    return answer_to("GET " + target + " HTTP/1.1\r\nHost: " + host
                     + "\r\n\r\n");
  };
  auto answer = get("/small?a=b", "example.org:8080");
  CHECK(answer.starts_with("HTTP/1.1 308"));
  CHECK(
    contains(answer, "\r\nLocation: https://example.org:8443/small?a=b\r\n"));
  f.core.options.tls.public_port = 443;
  CHECK(
    contains(get("/small", "[::1]"), "\r\nLocation: https://[::1]/small\r\n"));
  CHECK(get("/ws", "x").starts_with("HTTP/1.1 308"));
  CHECK(get("/livez", "x").starts_with("HTTP/1.1 200"));
  CHECK(get("/", "").starts_with("HTTP/1.1 403"));
  CHECK(
    answer_to("POST /small HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
      .starts_with("HTTP/1.1 403"));
  CHECK(f.answer_to(get_small).ends_with("hello"));
}
