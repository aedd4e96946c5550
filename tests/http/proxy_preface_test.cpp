#include "flamigo/http/detail/preface_queue.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/testing/actor_fixture.hpp"
#include "support/log_capture.hpp"
#include "support/socket_pair.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::socket_pair;

namespace {

constexpr auto line = "PROXY TCP4 192.0.2.1 10.0.0.1 4711 80\r\n";

/// A proxy's connections, on a clock that the test moves.
struct fixture : testing::actor_fixture {
  fixture() {
    core.options.handshake_timeout = 10s;
    core.options.drain_timeout = 4s;
    core.trusted_proxies = detail::parse_networks({"10.0.0.0/8"});
    uut.emplace(core, loop,
                [this](detail::stream_socket socket, detail::request_peer who) {
                  done.push_back(std::move(socket));
                  peers.push_back(std::move(who));
                });
  }

  std::unique_ptr<socket_pair> begin() {
    auto result = std::make_unique<socket_pair>();
    auto from = detail::parse_address("10.0.0.9").value();
    loop.turn([&] {
      uut->begin(detail::stream_socket{result->server_end()},
                 detail::peer_at({from, 5}, core.trusted_proxies));
    });
    return result;
  }

  void settle() {
    while (loop.context().poll() > 0)
      loop.context().restart();
    loop.context().restart();
  }

  void say(socket_pair& proxy, std::string_view what) {
    proxy.send_bytes(what);
    settle();
  }

  void pass(std::chrono::seconds time) {
    loop.tick(loop.now() + time);
  }

  detail::server_core core{{}, {}, "test:0"};
  detail::io_thread loop{system, std::chrono::hours{1}, 65'536};
  std::optional<detail::preface_queue> uut;
  std::vector<detail::stream_socket> done;
  std::vector<detail::request_peer> peers;
};

} // namespace

TEST_CASE("a proxy's header is read, and nothing behind it") {
  fixture f;
  auto proxy = f.begin();
  CHECK(f.core.open == 1);
  f.say(*proxy, std::string{line} + "behind");
  REQUIRE(f.peers.size() == 1);
  CHECK(f.peers[0].address == "192.0.2.1:4711");
  CHECK(f.peers[0].client.to_string() == "192.0.2.1");
  CHECK_FALSE(f.peers[0].is_proxy);
  char rest[16];
  detail::error_code ec;
  auto size = f.done[0].read_some(rest, ec);
  CHECK(std::string{rest, size} == "behind");
  // Whoever has it now counts it.
  CHECK(f.core.open == 0);
}

TEST_CASE("a header may come in pieces, for which nobody is busy") {
  fixture f;
  auto proxy = f.begin();
  for (auto c : std::string_view{line}) {
    CHECK(f.peers.empty());
    // Would not end if the socket were ready still.
    f.say(*proxy, {&c, 1});
  }
  CHECK(f.peers.size() == 1);
}

TEST_CASE("a proxy that names nobody is itself there") {
  fixture f;
  auto proxy = f.begin();
  f.say(*proxy, "PROXY UNKNOWN\r\n");
  REQUIRE(f.peers.size() == 1);
  CHECK(f.peers[0].address == "10.0.0.9:5");
  CHECK(f.peers[0].is_proxy);
}

TEST_CASE("a proxy may pass on another one") {
  fixture f;
  auto proxy = f.begin();
  f.say(*proxy, "PROXY TCP4 10.0.0.7 10.0.0.1 4711 80\r\n");
  REQUIRE(f.peers.size() == 1);
  CHECK(f.peers[0].address == "10.0.0.7:4711");
  CHECK(f.peers[0].is_proxy);
}

TEST_CASE("a proxy without a header is closed, and the log says so") {
  test::log_capture log;
  fixture f;
  auto proxy = f.begin();
  f.say(*proxy, "GET / HTTP/1.1\r\n\r\n");
  CHECK(f.peers.empty());
  CHECK(f.core.open == 0);
  auto other = f.begin();
  f.say(*other, "GET / HTTP/1.1\r\n\r\n");
  CHECK(f.core.open == 0);
  // Once a second at most.
  auto lines = log.lines();
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].find("the proxy at 10.0.0.9:5 has sent no header of the PROXY "
                      "protocol")
        != std::string::npos);
}

TEST_CASE("a proxy that only looks is no line of the log") {
  test::log_capture log;
  fixture f;
  auto proxy = f.begin();
  proxy->shut_down();
  f.settle();
  CHECK(f.core.open == 0);
  CHECK(log.lines().empty());
  auto other = f.begin();
  f.say(*other, "PROXY TCP4");
  other->shut_down();
  f.settle();
  CHECK(f.core.open == 0);
  CHECK(log.lines().size() == 1);
}

TEST_CASE("a header has its time") {
  fixture f;
  auto first = f.begin();
  f.pass(5s);
  auto second = f.begin();
  CHECK_FALSE(first->has_ended());
  f.pass(5s);
  CHECK(first->has_ended());
  CHECK_FALSE(second->has_ended());
  f.pass(5s);
  CHECK(f.core.open == 0);
}

TEST_CASE("a proxy that sends no header in time is a line of the log") {
  test::log_capture log;
  fixture f;
  auto silent = f.begin();
  f.pass(10s);
  CHECK(silent->has_ended());
  CHECK(log.count("the proxy at 10.0.0.9:5 has sent no header") == 1);
  auto halting = f.begin();
  f.say(*halting, "PROXY TCP4");
  f.pass(10s);
  CHECK(halting->has_ended());
  CHECK(log.lines().size() == 2);
}

TEST_CASE("one header too many ends the oldest") {
  fixture f;
  auto first = f.begin();
  std::vector<std::unique_ptr<socket_pair>> others;
  while (f.core.open < detail::preface_queue::max_under_way)
    others.push_back(f.begin());
  CHECK_FALSE(first->has_ended());
  others.push_back(f.begin());
  CHECK(first->has_ended());
  CHECK(f.core.open == detail::preface_queue::max_under_way);
}

TEST_CASE("a server that goes does not wait long for a header") {
  test::log_capture log;
  fixture f;
  auto proxy = f.begin();
  f.core.draining = true;
  f.loop.for_each([](detail::resident& x) { x.drain(); });
  f.pass(1s);
  CHECK(proxy->has_ended());
  CHECK(log.lines().empty());
  auto other = f.begin();
  f.loop.for_each([](detail::resident& x) { x.cut(); });
  CHECK(other->has_ended());
  CHECK(f.core.open == 0);
}
