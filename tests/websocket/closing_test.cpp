// The end of a connection: nothing is said behind a close frame, whoever closed
// (RFC 6455, 5.5.1), and whom the server gives up is gone at once.

#include <functional>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <caf/send.hpp>

#include "flamigo/client/client.hpp"
#include "flamigo/client/websocket_client.hpp"
#include "flamigo/roster/client_events.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/wire/client_message.hpp"
#include "support/client_frame.hpp"
#include "support/socket_fixture.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace flamigo::test;
using namespace std::chrono_literals;

namespace {

constexpr int close_bits = fin | opcode::close;

struct fixture : socket_fixture {
  fixture() {
    strategies.add("app::test:here",
                   [this](context& ctx) { self = ctx.actor().handle; });
    connect(peer);
    peer.send_text(call("app::test:here"));
    settle();
    peer.received();
    REQUIRE(self);
  }

  /// Has the loop do one thing at a time, and something happen between each two
  /// of them, until nothing is left to do.
  void settle_with(const std::function<void()>& between) {
    for (int rounds = 0; rounds < 50; ++rounds) {
      loop.context().restart();
      loop.context().poll_one();
      loop.turn(between);
    }
    settle();
  }

  void tick_after(std::chrono::nanoseconds time) {
    loop.tick(loop.now() + time);
    settle();
  }

  socket_pair peer;
  caf::actor self;
};

/// The server's frames, as their first bytes say.
std::vector<int> kinds(std::string_view bytes) {
  std::vector<int> result;
  while (bytes.size() >= 2) {
    result.push_back(static_cast<unsigned char>(bytes[0]));
    std::size_t size = static_cast<unsigned char>(bytes[1]);
    REQUIRE(size < 126);
    bytes.remove_prefix(std::min(bytes.size(), size + 2));
  }
  return result;
}

/// Whether it ends with the only close frame that it has.
bool ends_with_close(const std::vector<int>& frames) {
  return std::count(frames.begin(), frames.end(), close_bits) == 1
         && frames.back() == close_bits;
}

std::string close_of(int code) {
  std::string payload{static_cast<char>(code >> 8),
                      static_cast<char>(code & 0xFF)};
  return frame(close_bits, payload);
}

} // namespace

TEST_CASE("nothing is said behind a close frame") {
  fixture f;
  SECTION("that answers the client's") {
    f.peer.send_bytes(close_of(1000));
  }
  SECTION("that tells the client of its mistake") {
    f.peer.send_bytes(frame(opcode::ping, "in fragments"));
  }
  SECTION("of the server") {
    caf::anon_send(f.self, close_reason{4000, "bye"});
  }
  SECTION("with pings behind the client's") {
    f.peer.send_bytes(close_of(1000) + frame(fin | opcode::ping, "hello?"));
  }
  SECTION("with requests behind the client's") {
    std::string bytes = close_of(1000);
    for (int i = 0; i < 3; ++i)
      bytes += frame(fin | opcode::text, call("app::test:here", "1", 1));
    f.peer.send_bytes(bytes);
  }
  int pings = 0;
  f.settle_with([&] {
    // Data, a ping and another close.
    caf::anon_send(f.self, client_message{"test:event", {"1"}});
    caf::anon_send(f.self, close_reason{4001, "bye again"});
    if (++pings % 2 == 1)
      f.loop.tick(f.loop.now() + 26s);
  });
  auto frames = kinds(f.peer.received());
  REQUIRE_FALSE(frames.empty());
  CHECK(ends_with_close(frames));
  CHECK(f.watch.open() == 0);
}

TEST_CASE("events come until a close frame is written, and not behind it") {
  fixture f;
  // Turns in which only events come, so that all of the stream's own steps have
  // one between them.
  for (auto& bytes :
       {close_of(1000), close_of(999), frame(fin | opcode::text, "\xff"),
        frame(opcode::ping, "")}) {
    fixture g;
    g.peer.send_bytes(bytes);
    g.settle_with([&] {
      caf::anon_send(g.self, client_message{"test:event", {"1"}});
    });
    CHECK(ends_with_close(kinds(g.peer.received())));
  }
}

TEST_CASE("what came before a close frame is served") {
  fixture f;
  f.strategies.add("app::test:echo", [](const raw_json& in) { return in; });
  f.peer.send_bytes(frame(fin | opcode::text, call("app::test:echo", "7", 1))
                    + close_of(3000));
  f.settle();
  auto got = f.peer.received();
  CHECK(contains(got, replied("app::test:echo", "7", 1)));
  CHECK(got.ends_with("\x88\x02\x0b\xb8"));
  CHECK(f.peer.has_ended());
}

TEST_CASE("a client is told which rule it has broken") {
  for (auto& [bytes, code, text] :
       {std::tuple{close_of(5000), 1002, "5000 is no code"},
        {close_of(1005), 1002, "1005 is no code"},
        {frame(close_bits, "x"), 1002, "half"},
        {frame(close_bits, "\x03\xe8\xff"), 1007, "UTF-8"},
        {frame(fin | opcode::text, "\xff"), 1007, "UTF-8"},
        {frame(fin | 3, ""), 1002, "opcode"}}) {
    fixture f;
    f.peer.send_bytes(bytes);
    f.settle();
    auto got = f.peer.received();
    REQUIRE(got.size() > 4);
    CHECK(static_cast<unsigned char>(got[2]) * 256
            + static_cast<unsigned char>(got[3])
          == code);
    CHECK(contains(got, text));
    CHECK(f.peer.has_ended());
    CHECK(f.watch.open() == 0);
  }
}

TEST_CASE("1014 is answered with the same") {
  fixture f;
  f.peer.send_bytes(close_of(1014));
  f.settle();
  CHECK(f.peer.received() == "\x88\x02\x03\xf6");
}

TEST_CASE("whom the server gives up has gone, whenever his socket ends") {
  fixture f;
  int code = 0;
  SECTION("since he is silent") {
    f.tick_after(25s);
    CHECK(f.watch.open() == 1);
    f.tick_after(10s);
    code = 3012;
  }
  SECTION("since a program wants it") {
    caf::anon_send(f.self, close_reason{4000, "bye"});
    f.settle();
    code = 4000;
  }
  SECTION("since the server goes") {
    f.core.draining = true;
    f.loop.for_each([](detail::resident& what) { what.drain(); });
    f.settle();
    code = 3001;
  }
  CHECK(f.watch.open() == 0);
  // He may still say goodbye.
  CHECK(f.core.open == 1);
  auto got = f.peer.received();
  CHECK(ends_with_close(kinds(got)));
  CHECK(contains(got, std::string{static_cast<char>(code >> 8),
                                  static_cast<char>(code & 0xFF)}));
  f.peer.send_bytes(close_of(code));
  f.settle();
  CHECK(f.peer.has_ended());
}

TEST_CASE("what comes behind our close frame is neither served nor kept") {
  fixture f;
  f.core.options.max_message_bytes = 1'000;
  caf::anon_send(f.self, close_reason{4000, "bye"});
  f.settle();
  for (int i = 0; i < 300; ++i) {
    f.peer.send_bytes(frame(i == 0 ? opcode::text : opcode::continuation, "x"));
    f.settle();
  }
  f.peer.send_bytes(close_of(4000));
  f.settle();
  CHECK(kinds(f.peer.received()) == std::vector{close_bits});
  CHECK(f.peer.has_ended());
}
