// Messages that are larger than what may wait for a client.

#include <algorithm>
#include <string>
#include <string_view>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/client/client.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "support/events.hpp"
#include "support/socket_fixture.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace flamigo::test;

namespace {

constexpr std::size_t max_backlog = 100'000;
constexpr std::size_t large = 3'000'000;

struct fixture : socket_fixture {
  fixture() {
    core.options.max_backlog_bytes = max_backlog;
    env.on_open = [](client& self) { self.subscribe("rooms"); };
    strategies.add("app::test:large", [] { return std::string(large, 'x'); });
  }

  std::string read_all(socket_pair& peer) {
    std::string result;
    for (std::string more; settle(), !(more = peer.received()).empty();)
      result += more;
    return result;
  }
};

constexpr std::string_view slow_consumer = "\x0b\xc0too many bytes";

} // namespace

TEST_CASE("a client that reads gets one message over the limit") {
  fixture f;
  socket_pair peer;
  f.connect(peer);
  for (int i = 0; i < 3; ++i) {
    peer.send_text(call("app::test:large"));
    auto heard = f.read_all(peer);
    CHECK(heard.size() > large);
    CHECK(heard.ends_with(R"("ackId":1})"));
    CHECK_FALSE(contains(heard, slow_consumer));
  }
}

TEST_CASE("what is said behind a large message may wait as always") {
  fixture f;
  socket_pair peer;
  f.connect(peer);
  peer.send_text(call("app::test:large"));
  f.settle();
  for (int i = 0; i < 50; ++i)
    CHECK_FALSE(f.bus.publish(posted{"a", std::string(1'000, 'y')}));
  auto heard = f.read_all(peer);
  CHECK(heard.size() > large + 50'000);
  CHECK_FALSE(contains(heard, slow_consumer));
}

TEST_CASE("too much behind a large message is too much") {
  fixture f;
  socket_pair peer;
  f.connect(peer);
  peer.send_text(call("app::test:large"));
  f.settle();
  for (int i = 0; i < 200; ++i)
    CHECK_FALSE(f.bus.publish(posted{"a", std::string(1'000, 'y')}));
  CHECK(contains(f.read_all(peer), slow_consumer));
}

TEST_CASE("two messages over the limit do not wait at once") {
  fixture f;
  socket_pair peer;
  f.connect(peer);
  peer.send_text(call("app::test:large", "null", 1));
  peer.send_text(call("app::test:large", "null", 2));
  auto heard = f.read_all(peer);
  CHECK(contains(heard, slow_consumer));
}

TEST_CASE("a client's message may be larger than a thread reads at once") {
  fixture f;
  f.core.options.max_message_bytes = 1'000'000;
  f.strategies.add("app::test:size",
                   [](const std::string& in) { return in.size(); });
  socket_pair peer;
  f.connect(peer);
  auto text = call("app::test:size", '"' + std::string(300'000, 'x') + '"');
  std::string_view rest = text;
  auto first = frame(opcode::text, rest.substr(0, 200'000));
  auto last = frame(fin | opcode::continuation, rest.substr(200'000));
  for (auto& message : {frame(fin | opcode::text, text), first + last}) {
    std::string_view bytes = message;
    while (!bytes.empty()) {
      peer.send_bytes(bytes.substr(0, 50'000));
      f.settle();
      bytes.remove_prefix(std::min<std::size_t>(50'000, bytes.size()));
    }
    CHECK(contains(f.read_all(peer), "300000"));
  }
}
