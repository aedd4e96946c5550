#include "flamigo/http/detail/handshake_queue.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/metrics/metric_registry.hpp"
#include "flamigo/testing/actor_fixture.hpp"
#include "support/socket_pair.hpp"
#include "support/tls_files.hpp"
#include "support/tls_peer.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::socket_pair;
using test::tls_peer;

namespace {

/// Handshakes that go on when the test says so, on a clock that it moves.
struct fixture : testing::actor_fixture {
  explicit fixture(std::size_t max_handshakes = 3) {
    core.options.handshake_timeout = 10s;
    core.options.drain_timeout = 4s;
    core.options.tls.max_handshakes = max_handshakes;
    loop.count_in(counted, 0);
    loop.turn([] {});
    uut.emplace(core, loop, source,
                [this](detail::stream_socket socket, detail::request_peer) {
                  done.push_back(std::move(socket));
                });
  }

  std::unique_ptr<socket_pair> begin() {
    auto result = std::make_unique<socket_pair>();
    loop.turn([&] {
      uut->begin(detail::stream_socket{result->server_end()}, {"1.2.3.4:5"});
    });
    return result;
  }

  void settle() {
    while (loop.context().poll() > 0)
      loop.context().restart();
    loop.context().restart();
  }

  void pass(std::chrono::seconds time) {
    loop.tick(loop.now() + time);
  }

  /// How many handshakes have come to this.
  std::uint64_t count(detail::tls_outcome how) const {
    return counted.sum(detail::metric::tls_handshakes,
                       static_cast<std::size_t>(how));
  }

  metric_registry counted{{""}};
  test::tls_files files;
  detail::tls_source source{files.options};
  detail::server_core core{{}, {}, "test:0"};
  detail::io_thread loop{system, std::chrono::hours{1}, 65'536};
  std::optional<detail::handshake_queue> uut;
  std::vector<detail::stream_socket> done;
};

} // namespace

TEST_CASE("a handshake that is done gives its socket away") {
  fixture f;
  auto ends = f.begin();
  CHECK(f.core.open == 1);
  tls_peer client{ends->client_end(), f.files.authority};
  CHECK_FALSE(client.shake_hands());
  f.settle();
  CHECK(client.shake_hands());
  f.settle();
  REQUIRE(f.done.size() == 1);
  CHECK(f.done[0].is_secure());
  CHECK(f.count(detail::tls_outcome::full) == 1);
  // Whoever has it now counts it.
  CHECK(f.core.open == 0);
}

TEST_CASE("handshakes go on one a turn") {
  fixture f;
  auto one = f.begin();
  auto two = f.begin();
  tls_peer first{one->client_end(), f.files.authority};
  tls_peer second{two->client_end(), f.files.authority};
  first.shake_hands();
  second.shake_hands();
  auto answered = [&] {
    return int{first.shake_hands()} + int{second.shake_hands()};
  };
  // Both are ready, and have to wait for their turn.
  f.loop.turn([&] { f.loop.sockets().dispatch(); });
  CHECK(answered() == 0);
  f.loop.context().poll_one();
  CHECK(answered() == 1);
  f.settle();
  CHECK(answered() == 2);
}

TEST_CASE("one handshake too many ends the oldest") {
  fixture f{2};
  auto first = f.begin();
  auto second = f.begin();
  CHECK_FALSE(first->has_ended());
  auto third = f.begin();
  CHECK(first->has_ended());
  CHECK_FALSE(second->has_ended());
  CHECK(f.core.open == 2);
  CHECK(f.count(detail::tls_outcome::displaced) == 1);
}

TEST_CASE("a handshake that waits for its turn can end meanwhile") {
  fixture f{1};
  auto first = f.begin();
  tls_peer client{first->client_end(), f.files.authority};
  client.shake_hands();
  f.loop.turn([&] {
    f.loop.sockets().dispatch();
    auto other = std::make_unique<socket_pair>();
    f.uut->begin(detail::stream_socket{other->server_end()}, {"1.2.3.4:6"});
    first->close();
  });
  f.settle();
  CHECK(f.done.empty());
}

TEST_CASE("a handshake has its time") {
  fixture f;
  auto first = f.begin();
  f.pass(5s);
  auto second = f.begin();
  CHECK_FALSE(first->has_ended());
  f.pass(5s);
  CHECK(first->has_ended());
  CHECK(f.count(detail::tls_outcome::expired) == 1);
  CHECK_FALSE(second->has_ended());
  f.pass(5s);
  CHECK(second->has_ended());
  CHECK(f.core.open == 0);
}

TEST_CASE("a server that goes does not wait long for a handshake") {
  fixture f;
  auto ends = f.begin();
  f.loop.for_each([](detail::resident& x) { x.drain(); });
  f.pass(1s);
  CHECK(ends->has_ended());
  auto other = f.begin();
  f.loop.for_each([](detail::resident& x) { x.cut(); });
  CHECK(other->has_ended());
  CHECK(f.core.open == 0);
}

TEST_CASE("whoever speaks HTTP to TLS is told so") {
  fixture f;
  auto ends = f.begin();
  ends->send_bytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  f.settle();
  CHECK(f.done.empty());
  CHECK(f.core.open == 0);
  auto answer = ends->received();
  CHECK(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"));
  CHECK(
    answer.ends_with("\r\n\r\nthis port speaks TLS: use https:// or wss://\n"));
  CHECK(ends->has_ended());
  // Others cannot be told anything.
  auto other = f.begin();
  other->send_bytes("hello there");
  f.settle();
  CHECK(other->received().empty());
  CHECK(other->has_ended());
}

TEST_CASE("a client that ends in the middle is forgotten") {
  fixture f;
  auto ends = f.begin();
  tls_peer client{ends->client_end(), f.files.authority};
  client.shake_hands();
  f.settle();
  ends->shut_down();
  f.settle();
  CHECK(f.core.open == 0);
  CHECK(f.count(detail::tls_outcome::failed) == 1);
}
