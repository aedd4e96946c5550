// What is counted of sockets: over sockets, but without threads and without
// waiting.

#include <optional>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/metrics/metric_registry.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "support/socket_fixture.hpp"

using namespace flamigo;
using detail::handshake_refusal;
using detail::metric;
using test::socket_pair;

namespace {

constexpr std::size_t large = 4'000'000;

struct fixture : test::socket_fixture {
  fixture() {
    strategies.add("app::test:large", [] { return std::string(large, 'x'); });
    strategies.add("app::test:small", [] { return 1; });
    counted.emplace(strategies.numbered());
    env.metrics = &*counted;
    loop.count_in(*counted, 0);
    loop.turn([] {});
  }

  ~fixture() {
    loop.turn(
      [this] { loop.for_each([](detail::resident& what) { what.cut(); }); });
    settle();
  }

  std::uint64_t get(metric what, std::size_t place = 0) {
    return counted->sum(what, place);
  }

  std::uint64_t refused(handshake_refusal why) {
    return get(metric::handshakes_refused, static_cast<std::size_t>(why));
  }

  /// What is answered to this, by a session of its own.
  std::string ask(const std::string& request) {
    socket_pair peer;
    accept(peer);
    peer.send_bytes(request);
    settle();
    return peer.received();
  }

  std::optional<metric_registry> counted;
};

} // namespace

TEST_CASE("bytes are counted as sockets take and give them") {
  fixture f;
  socket_pair peer;
  f.connect(peer);
  auto in = f.get(metric::received_bytes);
  auto out = f.get(metric::sent_bytes);
  CHECK(in > 100);
  CHECK(out > 100);
  peer.send_text(R"({"topic":"app::test:small","ackId":1})");
  f.settle();
  auto answer = peer.received();
  CHECK(f.get(metric::sent_bytes) == out + answer.size());
  // Two bytes of a header, four of a mask (RFC 6455, 5.2), and the text.
  CHECK(f.get(metric::received_bytes) == in + 6 + 37);
  CHECK(f.get(metric::sockets_accepted) == 1);
}

TEST_CASE("what a client does not take is a backlog until it does, or goes") {
  fixture f;
  socket_pair peer;
  f.connect(peer);
  auto out = f.get(metric::sent_bytes);
  peer.send_text(R"({"topic":"app::test:large","ackId":1})");
  f.settle();
  auto waits = f.get(metric::backlog_bytes);
  CHECK(waits > large / 2);
  CHECK(f.get(metric::backlogged_connections) == 1);
  CHECK(f.get(metric::sent_bytes) - out + waits > large);
  // It takes nothing at all, and is sent more.
  peer.send_text(R"({"topic":"app::test:small","ackId":2})");
  f.settle();
  CHECK(f.get(metric::backlog_bytes) > waits);
  CHECK(f.get(metric::backlogged_connections) == 1);
  auto got = peer.received();
  for (std::string part; !part.empty() || got.size() < large;
       got += part = peer.received())
    f.settle();
  CHECK(f.get(metric::backlog_bytes) == 0);
  CHECK(f.get(metric::backlogged_connections) == 0);
  CHECK(f.get(metric::sent_bytes) - out == got.size());
  peer.send_text(R"({"topic":"app::test:large","ackId":1})");
  f.settle();
  CHECK(f.get(metric::backlogged_connections) == 1);
  peer.close();
  f.settle();
  CHECK(f.get(metric::backlog_bytes) == 0);
  CHECK(f.get(metric::backlogged_connections) == 0);
}

TEST_CASE("who is not let in is counted by why, and what HTTP has answered") {
  fixture f;
  const std::string upgrade
    = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: "
      "13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
  f.core.options.allowed_hosts = {"good"};
  f.ask("GET /ws HTTP/1.1\r\nHost: bad\r\n" + upgrade + "\r\n");
  CHECK(f.refused(handshake_refusal::host) == 1);
  f.ask("GET /ws HTTP/1.1\r\nHost: good\r\nOrigin: http://evil\r\n" + upgrade
        + "\r\n");
  CHECK(f.refused(handshake_refusal::origin) == 1);
  f.ask("GET /ws HTTP/1.1\r\nHost: good\r\n\r\n");
  CHECK(f.refused(handshake_refusal::request) == 1);
  f.core.draining = true;
  f.ask("GET /ws HTTP/1.1\r\nHost: good\r\n" + upgrade + "\r\n");
  CHECK(f.refused(handshake_refusal::draining) == 1);
  f.core.draining = false;
  // Nobody wants in.
  f.ask("GET /nothing HTTP/1.1\r\nHost: good\r\n\r\n");
  f.ask("GET /nothing HTTP/1.1\r\nHost: bad\r\n\r\n");
  CHECK(f.refused(handshake_refusal::host) == 1);
  CHECK(f.get(metric::http_responses, detail::http_status_place(404)) == 1);
  CHECK(f.get(metric::http_responses, detail::http_status_place(421)) == 2);
  f.core.options.max_connections = 0;
  f.ask("");
  CHECK(f.refused(handshake_refusal::capacity) == 1);
}

TEST_CASE("the time of a request ends with what was read") {
  fixture f;
  socket_pair peer;
  f.connect(peer);
  peer.send_text(R"({"topic":"app::test:small","ackId":1})");
  f.settle();
  auto number = f.strategies.find("app::test:small")->number();
  auto& block = f.counted->here();
  CHECK_FALSE(block.has_request());
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < detail::duration_cells::buckets; ++i)
    count += block.of(number).latency.count(i);
  CHECK(count == 1);
}
