// Pages that come and go over sockets, on several I/O threads, while others
// publish: whatever happens, what a page has of a room is a run of offsets
// without a hole, or it was told of the hole.

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/post.hpp>

#include <catch2/catch_test_macros.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include "flamigo/blocking/blocking_pool.hpp"
#include "flamigo/bus/bus.hpp"
#include "flamigo/channel/channel_registry.hpp"
#include "flamigo/channel/detail/history_stage.hpp"
#include "flamigo/client/channel_strategies.hpp"
#include "flamigo/client/client_environment.hpp"
#include "flamigo/domain/domain_health.hpp"
#include "flamigo/history/memory_history.hpp"
#include "flamigo/http/detail/server_core.hpp"
#include "flamigo/http/detail/session.hpp"
#include "flamigo/io/detail/io_thread.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/roster/roster.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/websocket/detail/websocket_endpoint.hpp"
#include "support/events.hpp"
#include "support/socket_pair.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::contains;
using test::posted;
using test::socket_pair;

namespace {

constexpr std::size_t room_count = 3;

// -- the server ---------------------------------------------------------------

/// Nothing of those who come and go is logged.
struct quiet {
  quiet() {
    log::set_level(log::level::off);
  }

  quiet(const quiet&) = delete;

  quiet& operator=(const quiet&) = delete;

  ~quiet() {
    log::set_level(log::level::info);
  }
};

struct host_of_rooms {
  explicit host_of_rooms(std::size_t threads) {
    add_channel_strategies(strategies);
    channels.add("rooms/*", {}, {.history = history_limits{.max_events = 20}});
    history.emplace(system);
    stage.emplace(channels, *history);
    events->pass_by(*stage);
    env.channels = &channels;
    env.history = &*history;
    for (std::size_t i = 0; i < threads; ++i) {
      auto& loop = loops.emplace_back(
        std::make_unique<detail::io_thread>(system, 1h, 65'536));
      runners.push_back(
        std::make_unique<detail::request_runner>(services, *loop));
    }
    for (auto& loop : loops)
      running.emplace_back([&loop = *loop] { loop.run(); });
  }

  ~host_of_rooms() {
    while (core.open > 0)
      std::this_thread::yield();
    for (auto& loop : loops)
      detail::net::post(loop->context(), [&loop = *loop] { loop.stop(); });
    for (auto& x : running)
      x.join();
    for (auto& x : loops)
      x->retire();
    watch.finish();
  }

  void accept(const socket_pair& peer) {
    auto i = accepted++ % loops.size();
    detail::net::post(loops[i]->context(), [this, i, fd = peer.server_end()] {
      loops[i]->turn([&] {
        std::make_shared<detail::session>(core, *loops[i], *runners[i],
                                          detail::stream_socket{fd},
                                          detail::net::ip::tcp::endpoint{})
          ->start();
      });
    });
  }

  quiet silence;
  std::size_t accepted = 0;
  strategy_registry strategies;
  channel_registry channels;
  std::optional<memory_history> history;
  std::optional<detail::history_stage> stage;
  std::optional<bus> events;
  domain_health domains;
  blocking_pool pool;
  // There until the last actor has ended.
  std::vector<std::unique_ptr<detail::io_thread>> loops;
  std::vector<std::unique_ptr<detail::request_runner>> runners;
  std::optional<client_environment> made;
  caf::actor_system_config config;
  caf::actor_system system{config};
  flamigo::services services{system, strategies, events.emplace(system),
                             domains, pool};
  roster watch{*events};
  client_environment& env
    = made.emplace(client_environment{services, {}, watch.handle()});
  detail::server_core core{{}, {}, "test:0"};
  detail::websocket_endpoint websocket{core, env};
  std::vector<std::thread> running;
};

// -- a page -------------------------------------------------------------------

/// What a page remembers of the rooms, and checks.
class page {
public:
  explicit page(host_of_rooms& at) : at_(at) {
  }

  void connect() {
    peer_ = std::make_unique<socket_pair>();
    at_.accept(*peer_);
    peer_->upgrade();
  }

  void leave() {
    peer_.reset();
    is_open_ = false;
    bytes_.clear();
    asked_.clear();
    for (auto& x : rooms_)
      x.asked = x.subscribed = false;
  }

  /// Does one thing or another.
  void act(std::mt19937& random) {
    if (!peer_) {
      if (random() % 8 == 0)
        connect();
      return;
    }
    read();
    if (!is_open_)
      return;
    auto which = random() % room_count;
    switch (random() % 40) {
      case 0:
        leave();
        break;
      case 1:
        if (rooms_[which].subscribed)
          ask(which, "unsubscribe");
        break;
      default:
        if (!rooms_[which].asked)
          ask(which, "subscribe");
    }
  }

  /// Whether nothing is asked that was not answered.
  bool is_answered() {
    if (!peer_)
      return true;
    read();
    return (is_open_ && asked_.empty()) || !faults.empty();
  }

  /// Whether it has all that was published.
  bool has_all(const std::array<std::atomic<std::uint64_t>, room_count>& all) {
    if (!peer_)
      connect();
    read();
    auto result = is_open_;
    for (std::size_t i = 0; i < room_count; ++i) {
      if (is_open_ && !rooms_[i].asked)
        ask(i, "subscribe");
      result = result && rooms_[i].subscribed && rooms_[i].offset == all[i];
    }
    return result || !faults.empty();
  }

  std::size_t heard = 0;
  std::size_t holes = 0;
  std::size_t recoveries = 0;
  std::vector<std::string> faults;

private:
  struct room {
    std::string epoch;
    std::uint64_t offset = 0;
    bool asked = false;
    bool subscribed = false;
  };

  struct question {
    std::size_t room;
    bool subscribes;
    bool since;
  };

  void ask(std::size_t which, const std::string& action) {
    auto& x = rooms_[which];
    auto payload = R"({"topic":"rooms/)" + std::to_string(which) + '"';
    auto since = action == "subscribe" && !x.epoch.empty();
    if (since)
      payload += R"(,"since":{"epoch":")" + x.epoch + R"(","offset":)"
                 + std::to_string(x.offset) + "}";
    asked_[++acks_] = {which, action == "subscribe", since};
    x.asked = true;
    peer_->send_text(
      test::call("app::websocket:" + action, payload + "}", acks_));
  }

  void read() {
    bytes_ += peer_->received();
    if (!is_open_) {
      auto end = bytes_.find("\r\n\r\n");
      if (end == bytes_.npos)
        return;
      bytes_.erase(0, end + 4);
      is_open_ = true;
    }
    std::size_t begin = 0;
    for (;;) {
      auto at = [&](std::size_t i) {
        return static_cast<unsigned char>(bytes_[begin + i]);
      };
      auto left = bytes_.size() - begin;
      if (left < 4)
        break;
      std::size_t header = 2;
      std::size_t size = at(1);
      if (size == 126) {
        header = 4;
        size = std::size_t{at(2)} << 8 | at(3);
      }
      if (left < header + size)
        break;
      if (at(0) == 0x81)
        hear(bytes_.substr(begin + header, size));
      else
        faults.push_back("a frame of the kind " + std::to_string(at(0)));
      begin += header + size;
    }
    bytes_.erase(0, begin);
  }

  static std::uint64_t number(const std::string& text, std::string_view name) {
    auto i = text.find(name);
    return i == text.npos ? 0 : std::stoull(text.substr(i + name.size()));
  }

  void hear(const std::string& text) {
    if (contains(text, R"("ackId":)"))
      answered(text);
    else if (contains(text, R"("topic":"subscribed")"))
      place(rooms_[number(text, R"("topic":"rooms/)")], text);
    else
      event(text);
  }

  void place(room& x, const std::string& text) {
    auto begin = text.find(R"("epoch":")") + 9;
    x.epoch = text.substr(begin, text.find('"', begin) - begin);
    x.offset = number(text, R"("offset":)");
    if (contains(text, R"("recovered":false)"))
      ++holes;
  }

  void answered(const std::string& text) {
    auto asked = asked_.extract(static_cast<int>(number(text, R"("ackId":)")));
    if (asked.empty() || contains(text, R"("topic":"error")")) {
      faults.push_back("answered: " + text);
      return;
    }
    auto& what = asked.mapped();
    auto& x = rooms_[what.room];
    x.asked = x.subscribed = what.subscribes;
    if (!what.subscribes)
      return;
    if (contains(text, R"("recovered":true)"))
      ++recoveries;
    else if (what.since == contains(text, R"("recovered":false)"))
      place(x, text);
    else
      faults.push_back("subscribed: " + text);
  }

  void event(const std::string& text) {
    auto& x = rooms_[number(text, R"("offsets":{"rooms/)")];
    auto colon = text.rfind(':');
    auto offset = std::stoull(text.substr(colon + 1));
    if (!x.subscribed || offset != x.offset + 1)
      faults.push_back((x.subscribed ? "behind " : "not subscribed, behind ")
                       + std::to_string(x.offset) + ": " + text);
    x.offset = offset;
    ++heard;
  }

  host_of_rooms& at_;
  std::unique_ptr<socket_pair> peer_;
  std::string bytes_;
  std::array<room, room_count> rooms_;
  std::map<int, question> asked_;
  int acks_ = 0;
  bool is_open_ = false;
};

void come_and_go(std::size_t threads) {
  constexpr int rounds = 600;
  constexpr std::size_t publishers = 2;
  host_of_rooms where{threads};
  std::array<std::atomic<std::uint64_t>, room_count> published = {};
  std::atomic<int> allowed = 0;
  std::atomic<int> failed = 0;
  std::vector<std::thread> publishing;
  for (std::size_t i = 0; i < publishers; ++i)
    publishing.emplace_back([&, random = std::mt19937{i}]() mutable {
      for (int round = 0; round < rounds; ++round) {
        while (allowed <= round)
          std::this_thread::yield();
        for (auto count = random() % 8; count > 0; --count) {
          auto room = random() % room_count;
          if (where.events->publish(posted{std::to_string(room), "x"}))
            ++failed;
          else
            ++published[room];
        }
      }
    });
  std::vector<page> pages;
  for (int i = 0; i < 20; ++i)
    pages.emplace_back(where);
  auto deadline = std::chrono::steady_clock::now() + 60s;
  auto until = [&](auto done) {
    while (!done() && std::chrono::steady_clock::now() < deadline)
      std::this_thread::yield();
  };
  std::mt19937 random{42};
  for (; allowed < rounds; ++allowed)
    for (auto& x : pages) {
      x.act(random);
      // Else there is more on its way.
      if (random() % 3 != 0)
        until([&x] { return x.is_answered(); });
    }
  for (auto& x : publishing)
    x.join();
  for (auto& x : pages)
    until([&] { return x.has_all(published); });
  std::size_t heard = 0;
  std::size_t holes = 0;
  std::size_t recoveries = 0;
  for (auto& x : pages) {
    CHECK(x.has_all(published));
    CHECK(x.faults == std::vector<std::string>{});
    heard += x.heard;
    holes += x.holes;
    recoveries += x.recoveries;
    x.leave();
  }
  CHECK(failed == 0);
  // It has seen all of it.
  CHECK(heard > 5'000);
  CHECK(holes > 10);
  CHECK(recoveries > 50);
}

} // namespace

TEST_CASE("pages come and go on one thread and see no hole untold") {
  come_and_go(1);
}

TEST_CASE("pages come and go on four threads and see no hole untold") {
  come_and_go(4);
}
