// Pages of users and guests that come and go over sockets, on several I/O
// threads: in the end each has the list of who is there, and it is right.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <boost/describe/class.hpp>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/client/client.hpp"
#include "flamigo/json/json.hpp"
#include "support/page_socket.hpp"
#include "support/threaded_host.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::page_socket;
using test::threaded_host;

namespace {

struct gone {
  std::string key;
};

BOOST_DESCRIBE_STRUCT(gone, (), (key))

/// The payload of all that a page of this test hears.
struct news {
  std::optional<std::vector<presence_entry>> presence;
  std::optional<std::vector<presence_entry>> joined;
  std::optional<std::vector<gone>> left;
};

BOOST_DESCRIBE_STRUCT(news, (), (presence, joined, left))

struct message {
  std::string topic;
  std::optional<news> payload;
  std::optional<int> ackId;
};

BOOST_DESCRIBE_STRUCT(message, (), (topic, payload, ackId))

using people = std::map<std::string, std::string>;

class page {
public:
  page(threaded_host& at, std::string user) : at_(at), user_(std::move(user)) {
  }

  void act(std::mt19937& random) {
    if (!socket_.is_there())
      return socket_.connect(at_);
    read();
    if (!socket_.is_open())
      return;
    switch (random() % 10) {
      case 0:
        return leave();
      case 1:
      case 2:
        return ask("unsubscribe", {});
      case 3:
        return be();
      case 4:
      case 5:
        return ask("subscribe", "");
      default:
        ask("subscribe", R"(,"presence":true)");
    }
  }

  void leave() {
    socket_.close();
    asked_ = answered_ = 0;
    knows.clear();
  }

  /// Whether nothing is asked that was not answered.
  bool is_answered() {
    if (!socket_.is_there())
      return true;
    read();
    return socket_.is_open() && asked_ == answered_;
  }

  /// Is there as a user, and looks.
  void stay() {
    if (!socket_.is_there())
      socket_.connect(at_);
    be();
    ask("subscribe", R"(,"presence":true)");
  }

  void read() {
    for (auto& text : socket_.read())
      hear(text);
  }

  people knows;
  std::size_t heard = 0;

private:
  void ask(const std::string& action, const std::string& more) {
    say("app::websocket:" + action, R"({"topic":"rooms/a")" + more + "}");
  }

  void be() {
    say("app::test:be", '"' + user_ + '"');
  }

  void say(const std::string& what, const std::string& payload) {
    socket_.send(test::call(what, payload, ++asked_));
  }

  /// As docs/protocol.md says.
  void hear(const std::string& text) {
    auto what = from_json<message>(text);
    REQUIRE(what);
    REQUIRE(what->topic != "error");
    if (what->ackId)
      ++answered_;
    if (!what->payload)
      return;
    auto& x = *what->payload;
    if (x.presence) {
      knows.clear();
      put(*x.presence);
    }
    if (!x.joined)
      return;
    ++heard;
    for (auto& y : x.left.value())
      knows.erase(y.key);
    put(*x.joined);
  }

  void put(const std::vector<presence_entry>& who) {
    for (auto& x : who)
      knows[x.key] = x.state.text;
  }

  threaded_host& at_;
  std::string user_;
  page_socket socket_;
  int asked_ = 0;
  int answered_ = 0;
};

void come_and_go(std::size_t threads) {
  constexpr int rounds = 400;
  threaded_host where{threads};
  where.channels.add("rooms/*", open_to_guests(),
                     {.presence = presence_of([](const claims& who) {
                        return who.user ? who.user->id : std::string{"guest"};
                      })});
  where.strategies.add("app::test:be", open_to_guests(),
                       [](context&, client& who, const std::string& id) {
                         return who.set_user(user{.id = id});
                       });
  std::vector<page> pages;
  constexpr int count = 20;
  pages.reserve(count);
  // Two pages a user.
  for (int i = 0; i < count; ++i)
    pages.emplace_back(where, std::to_string(i / 2));
  auto deadline = std::chrono::steady_clock::now() + 60s;
  auto until = [&](auto done) {
    while (!done() && std::chrono::steady_clock::now() < deadline)
      std::this_thread::yield();
  };
  std::mt19937 random{42};
  for (int round = 0; round < rounds; ++round)
    for (auto& x : pages) {
      x.act(random);
      // Else there is more on its way.
      if (random() % 3 != 0)
        until([&x] { return x.is_answered(); });
    }
  for (auto& x : pages)
    x.stay();
  // One user has no page any more, and another one has one.
  auto first = pages.begin() + 3;
  std::for_each(pages.begin(), first, [](auto& x) { x.leave(); });
  people all;
  for (int i = 1; i < 10; ++i)
    all["u:" + std::to_string(i)] = '"' + std::to_string(i) + '"';
  std::size_t heard = 0;
  for (auto i = first; i != pages.end(); ++i) {
    until([i, &all] { return i->is_answered() && i->knows == all; });
    CHECK(i->knows == all);
    heard += i->heard;
  }
  where.presence.list("rooms/a", [&all](caf::expected<presence_list> what) {
    people there;
    for (auto& x : what->entries)
      there[x.key] = x.state.text;
    CHECK(there == all);
  });
  // It has seen all of it.
  CHECK(heard > 1'000);
  for (auto& x : pages)
    x.leave();
}

} // namespace

TEST_CASE("pages on one thread see who is there") {
  come_and_go(1);
}

TEST_CASE("pages on four threads see who is there") {
  come_and_go(4);
}
