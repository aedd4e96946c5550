// The process has stood still (it was stopped, or a handler has blocked): who
// has done in time what he had to is not judged by when we look at it.

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/client/client.hpp"
#include "flamigo/client/websocket_client.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "support/client_frame.hpp"
#include "support/socket_fixture.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace flamigo::test;
using namespace std::chrono_literals;

namespace {

/// A ping of the server, and the beginning of a close frame with 3012 and 3008.
const std::string ping{"\x89\0", 2};
const std::string no_pong{"\x0b\xc4"};
const std::string slow_consumer{"\x0b\xc0"};

struct fixture : socket_fixture {
  fixture() {
    strategies.add("app::test:echo", [](const raw_json& in) { return in; });
    strategies.add("app::test:much", [] { return std::string(900'000, 'x'); });
  }

  /// As if so much time had passed before the loop's timer has its turn.
  void tick_after(std::chrono::nanoseconds time) {
    loop.tick(loop.now() + time);
    settle();
  }
};

} // namespace

TEST_CASE("a pong that waits in the socket counts, however late we are") {
  fixture f;
  std::vector<std::unique_ptr<socket_pair>> peers;
  for (int i = 0; i < 200; ++i) {
    peers.push_back(std::make_unique<socket_pair>());
    f.connect(*peers.back());
  }
  f.tick_after(25s);
  for (auto& peer : peers)
    CHECK(peer->received() == ping);
  for (std::size_t i = 1; i < peers.size(); ++i)
    peers[i]->send_bytes(frame(fin | opcode::pong, ""));
  f.tick_after(12s);
  for (std::size_t i = 1; i < peers.size(); ++i)
    CHECK(peers[i]->received().empty());
  // Who said nothing has had his time.
  CHECK(contains(peers[0]->received(), no_pong));
  f.tick_after(25s);
  for (std::size_t i = 1; i < peers.size(); ++i)
    CHECK(peers[i]->received() == ping);
}

TEST_CASE("a request that waits in the socket is served, however late we are") {
  fixture f;
  socket_pair whole;
  socket_pair half;
  socket_pair silent;
  for (auto* peer : {&whole, &half, &silent})
    f.accept(*peer);
  f.settle();
  whole.upgrade();
  half.send_bytes("GET /ws HTTP/1.1\r\nHost: x\r\n");
  f.tick_after(12s);
  CHECK(whole.received().starts_with("HTTP/1.1 101"));
  // Half of a request is none.
  CHECK(half.received().empty());
  CHECK(f.core.open == 1);
}

TEST_CASE("a large request that waits in the socket is served as a whole") {
  fixture f;
  std::string body;
  f.core.routes.handle("POST", "/", [&body](const http_request& in) {
    body = in.body;
    return http_response{};
  });
  socket_pair peer;
  f.accept(peer);
  f.settle();
  std::string large(65'000, 'x');
  peer.send_bytes("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 65000\r\n\r\n"
                  + large);
  f.tick_after(12s);
  CHECK(peer.received().starts_with("HTTP/1.1 200"));
  CHECK(body == large);
}

TEST_CASE("whoever was accepted late in a turn has all of his time") {
  fixture f;
  f.core.options.handshake_timeout = 50ms;
  socket_pair peer;
  f.loop.turn([&] {
    // A handler blocks, and others were ready in the same turn.
    auto end = std::chrono::steady_clock::now() + 60ms;
    while (std::chrono::steady_clock::now() < end)
      ;
    f.accept(peer);
    f.loop.tick(f.loop.now());
  });
  peer.upgrade();
  f.settle();
  CHECK(peer.received().starts_with("HTTP/1.1 101"));
}

TEST_CASE("time before a socket was accepted is not its time") {
  fixture f;
  auto long_ago = f.loop.now();
  f.loop.turn([&] { CHECK(f.loop.now() > long_ago); });
  f.tick_after(60s);
  socket_pair peer;
  f.accept(peer);
  f.tick_after(1s);
  peer.upgrade();
  f.settle();
  CHECK(peer.received().starts_with("HTTP/1.1 101"));
}

TEST_CASE("output that could have gone counts as taken") {
  fixture f;
  socket_pair reader;
  socket_pair sleeper;
  for (auto* peer : {&reader, &sleeper}) {
    f.connect(*peer);
    peer->send_text(call("app::test:much"));
  }
  f.settle();
  auto heard = reader.received();
  CHECK(heard.size() < 900'000);
  // It has read, and we have not looked for longer than we would wait.
  f.tick_after(12s);
  for (std::string more; f.settle(), !(more = reader.received()).empty();)
    heard += more;
  CHECK(heard.size() > 900'000);
  CHECK_FALSE(contains(heard, slow_consumer));
  heard = sleeper.received();
  for (std::string more; f.settle(), !(more = sleeper.received()).empty();)
    heard += more;
  CHECK(contains(heard, slow_consumer));
}

TEST_CASE("a closing handshake that waits in the socket is done") {
  fixture f;
  f.strategies.add("app::test:close", [](context& ctx) {
    require_actor<websocket_client>(ctx)->close({4000, "bye"});
  });
  socket_pair peer;
  f.connect(peer);
  peer.send_text(call("app::test:close"));
  f.settle();
  CHECK(contains(peer.received(), "bye"));
  peer.send_bytes(frame(fin | opcode::close, "\x0f\xa0"));
  f.tick_after(6s);
  CHECK(f.watch.open() == 0);
}

TEST_CASE("nobody pays for a stall who had done his part") {
  fixture f;
  constexpr std::size_t count = 300;
  std::vector<std::unique_ptr<socket_pair>> peers;
  std::vector<std::unique_ptr<socket_pair>> begun;
  std::vector<std::unique_ptr<socket_pair>> silent;
  for (std::size_t i = 0; i < count; ++i) {
    peers.push_back(std::make_unique<socket_pair>());
    f.connect(*peers.back());
  }
  f.tick_after(25s);
  for (std::size_t i = 0; i < 20; ++i) {
    begun.push_back(std::make_unique<socket_pair>());
    silent.push_back(std::make_unique<socket_pair>());
    f.accept(*begun.back());
    f.accept(*silent.back());
  }
  f.settle();
  for (auto& peer : begun)
    peer->send_bytes("GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n");
  f.settle();
  // The thread stands still, and all of them do what they have to.
  for (std::size_t i = 0; i < count; ++i) {
    CHECK(peers[i]->received() == ping);
    auto pong = frame(fin | opcode::pong, "");
    // Some have more to say, more than is read or served at once.
    if (i % 3 == 0)
      for (int k = 0; k < 100; ++k)
        pong += frame(fin | opcode::text, call("app::test:echo", "1", k));
    peers[i]->send_bytes(pong);
  }
  for (auto& peer : begun)
    peer->send_bytes("Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                     "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");
  for (auto& peer : silent)
    peer->upgrade();
  SECTION("when the timer comes first") {
    f.tick_after(30s);
  }
  SECTION("when the timer comes first, and once more") {
    f.loop.tick(f.loop.now() + 12s);
    f.tick_after(12s);
  }
  SECTION("when the sockets come first, in part") {
    f.loop.context().poll_one();
    f.loop.context().restart();
    f.tick_after(30s);
  }
  CHECK(f.core.open == count + 40);
  CHECK(f.watch.open() == count + 40);
  for (auto& peer : peers)
    CHECK_FALSE(contains(peer->received(), no_pong));
  for (auto* group : {&begun, &silent})
    for (auto& peer : *group)
      CHECK(peer->received().starts_with("HTTP/1.1 101"));
}
