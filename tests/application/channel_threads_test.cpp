// Pages that come and go over sockets, on several I/O threads, while others
// publish: whatever happens, what a page has of a room is a run of offsets
// without a hole, or it was told of the hole. With FLAMIGO_CHANNELS_SECONDS in
// the environment they are 300, for so long.

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "support/events.hpp"
#include "support/page_socket.hpp"
#include "support/threaded_host.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::contains;
using test::page_socket;
using test::posted;
using test::threaded_host;

namespace {

constexpr std::size_t room_count = 3;

/// Its history forgets what is old, those of the others what is too much.
constexpr std::size_t aging_room = 2;

// -- a page -------------------------------------------------------------------

/// What a page remembers of the rooms, and checks.
class page {
public:
  explicit page(threaded_host& at) : at_(at) {
  }

  void leave() {
    socket_.close();
    asked_.clear();
    for (auto& x : rooms_)
      x.asked = x.subscribed = false;
  }

  /// Does one thing or another.
  void act(std::mt19937& random) {
    if (!socket_.is_there()) {
      if (random() % 8 == 0)
        socket_.connect(at_);
      return;
    }
    read();
    if (!socket_.is_open())
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
    if (!socket_.is_there())
      return true;
    read();
    return (socket_.is_open() && asked_.empty()) || !faults.empty();
  }

  /// Whether it has all that was published.
  bool has_all(const std::array<std::atomic<std::uint64_t>, room_count>& all) {
    if (!socket_.is_there())
      socket_.connect(at_);
    read();
    auto result = socket_.is_open();
    for (std::size_t i = 0; i < room_count; ++i) {
      if (socket_.is_open() && !rooms_[i].asked)
        ask(i, "subscribe");
      result = result && rooms_[i].subscribed && rooms_[i].offset == all[i];
    }
    return result || !faults.empty();
  }

  std::size_t heard = 0;
  std::size_t holes = 0;
  /// Those of the room whose history ages.
  std::size_t expired = 0;
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
    socket_.send(test::call("app::websocket:" + action, payload + "}", acks_));
  }

  void read() {
    for (auto& text : socket_.read())
      hear(text);
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
    if (!contains(text, R"("recovered":false)"))
      return;
    ++holes;
    if (&x == &rooms_[aging_room])
      ++expired;
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

  threaded_host& at_;
  page_socket socket_;
  std::array<room, room_count> rooms_;
  std::map<int, question> asked_;
  int acks_ = 0;
};

void come_and_go(std::size_t threads) {
  auto* seconds = std::getenv("FLAMIGO_CHANNELS_SECONDS");
  auto is_long = seconds != nullptr;
  constexpr int rounds = 600;
  constexpr std::size_t publishers = 2;
  threaded_host where{threads};
  for (std::size_t i = 0; i < room_count; ++i) {
    history_limits limits{.max_events = 20};
    if (i == aging_room)
      limits = {.max_events = 100'000, .max_age = 100ms};
    where.channels.add("rooms/" + std::to_string(i), {}, {.history = limits});
  }
  std::array<std::atomic<std::uint64_t>, room_count> published = {};
  std::atomic<int> allowed = 0;
  std::atomic<bool> over = false;
  std::atomic<int> failed = 0;
  std::vector<std::thread> publishing;
  for (std::size_t i = 0; i < publishers; ++i)
    publishing.emplace_back([&, random = std::mt19937{i}]() mutable {
      for (int round = 0;; ++round) {
        while (allowed <= round && !over)
          std::this_thread::yield();
        if (allowed <= round)
          return;
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
  for (int i = 0; i < (is_long ? 300 : 20); ++i)
    pages.emplace_back(where);
  auto end = std::chrono::steady_clock::now()
             + std::chrono::seconds{is_long ? std::atoi(seconds) : 0};
  auto deadline = end + 60s;
  auto until = [&](auto done) {
    while (!done() && std::chrono::steady_clock::now() < deadline)
      std::this_thread::yield();
  };
  std::mt19937 random{42};
  for (; is_long ? std::chrono::steady_clock::now() < end : allowed < rounds;
       ++allowed)
    for (auto& x : pages) {
      x.act(random);
      // Else there is more on its way.
      if (random() % 3 != 0)
        until([&x] { return x.is_answered(); });
    }
  over = true;
  for (auto& x : publishing)
    x.join();
  for (auto& x : pages)
    until([&] { return x.has_all(published); });
  std::size_t heard = 0;
  std::size_t holes = 0;
  std::size_t expired = 0;
  std::size_t recoveries = 0;
  for (auto& x : pages) {
    CHECK(x.has_all(published));
    CHECK(x.faults == std::vector<std::string>{});
    heard += x.heard;
    holes += x.holes;
    expired += x.expired;
    recoveries += x.recoveries;
    x.leave();
  }
  CHECK(failed == 0);
  // It has seen all of it.
  CHECK(heard > 5'000);
  CHECK(holes > 10);
  CHECK(recoveries > 50);
  // Of either kind.
  CHECK(holes > expired);
  if (is_long)
    CHECK(expired > 0);
}

} // namespace

TEST_CASE("pages come and go on one thread and see no hole untold") {
  come_and_go(1);
}

TEST_CASE("pages come and go on four threads and see no hole untold") {
  come_and_go(4);
}
