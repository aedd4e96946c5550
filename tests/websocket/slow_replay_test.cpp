// A client that reads slowly what it has missed: over sockets, but without
// threads and without waiting.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/channel/channel_registry.hpp"
#include "flamigo/channel/detail/history_stage.hpp"
#include "flamigo/client/channel_strategies.hpp"
#include "flamigo/history/memory_history.hpp"
#include "support/events.hpp"
#include "support/socket_fixture.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using test::contains;
using test::posted;
using test::socket_pair;

namespace {

constexpr std::size_t max_backlog = 1'048'576;
constexpr std::size_t text_bytes = 10'000;
constexpr std::size_t total = 1'000;

/// Of a server's frame of that size.
constexpr std::size_t header_bytes = 4;

/// Remembers how much its only reader has sent.
class watched_history final : public history_engine {
public:
  explicit watched_history(history_engine& behind) : behind_(behind) {
  }

  void append(std::shared_ptr<history_append> what) override {
    behind_.append(std::move(what));
  }

  void follow(std::string_view topic, const history_limits& limits,
              position_receiver then) override {
    behind_.follow(topic, limits, std::move(then));
  }

  void unfollow(std::string_view topic) override {
    behind_.unfollow(topic);
  }

  void read(std::string_view topic, const history_position& after,
            std::size_t max_bytes, slice_receiver then) override {
    // It has sent all that it was given before.
    sent = given_;
    behind_.read(topic, after, max_bytes,
                 [this, then = std::move(then)](auto got) {
                   if (got)
                     for (auto& x : got->events)
                       given_ += x.frame.size() + header_bytes;
                   then(std::move(got));
                 });
  }

  std::size_t sent = 0;

private:
  history_engine& behind_;
  std::size_t given_ = 0;
};

/// There until the last actor has ended.
struct kept_rooms {
  channel_registry channels;
  std::optional<memory_history> memory;
  std::optional<watched_history> history;
  std::optional<detail::history_stage> stage;
};

struct fixture : kept_rooms, test::socket_fixture {
  fixture() {
    core.options.max_backlog_bytes = max_backlog;
    add_channel_strategies(strategies);
    channels.add("rooms/*", {},
                 {.history = history_limits{.max_events = 2'000,
                                            .max_bytes = 16'777'216}});
    env.channels = &channels;
    env.history = &history.emplace(memory.emplace(system));
    bus.pass_by(stage.emplace(channels, *history));
    settle();
  }

  void publish(std::size_t count) {
    for (; count > 0; --count)
      CHECK_FALSE(bus.publish(posted{"a", std::string(text_bytes, 'x')}));
  }

  /// Subscribes this peer, from the beginning if there is an epoch.
  void subscribe(socket_pair& peer, const std::string& epoch = {}) {
    auto since = epoch.empty()
                   ? std::string{}
                   : R"(,"since":{"epoch":")" + epoch + R"(","offset":0})";
    peer.send_text(test::call("app::websocket:subscribe",
                              R"({"topic":"rooms/a")" + since + "}"));
    settle();
  }

  std::string epoch() {
    socket_pair peer;
    connect(peer);
    subscribe(peer);
    auto reply = peer.received();
    auto begin = reply.find(R"("epoch":")") + 9;
    peer.close();
    settle();
    return reply.substr(begin, reply.find('"', begin) - begin);
  }
};

} // namespace

TEST_CASE("a slow reader recovers ten megabytes with a quarter waiting") {
  fixture f;
  auto epoch = f.epoch();
  f.publish(total);
  socket_pair peer;
  f.connect(peer);
  f.subscribe(peer, epoch);
  std::string heard;
  std::size_t most = 0;
  std::size_t rounds = 0;
  std::size_t published = total;
  for (;; ++rounds) {
    // What neither the peer nor the kernel has got waits in the server.
    auto sent = f.history->sent;
    auto left = heard.size() + peer.readable();
    most = std::max(most, sent - std::min(sent, left));
    auto more = peer.received(65'536);
    if (more.empty())
      break;
    heard += more;
    f.settle();
    // The others do not wait meanwhile.
    if (rounds % 10 == 0 && published < total + 100) {
      f.publish(10);
      published += 10;
    }
  }
  CHECK(rounds > 100);
  CHECK(most > 0);
  CHECK(most <= max_backlog / 4 + text_bytes + 100);
  CHECK(contains(heard, R"("recovered":true)"));
  std::size_t at = 0;
  for (std::size_t i = 1; i <= published; ++i) {
    at = heard.find(R"("offsets":{"rooms/a":)" + std::to_string(i) + "}}", at);
    REQUIRE(at != heard.npos);
  }
  CHECK(f.watch.open() == 1);
  peer.close();
  f.settle();
}
