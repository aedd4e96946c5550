// Users who are connected to two programs: who is there, who is asked, who is
// disconnected. With a real NATS server and real sockets, on loopback.

#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include <catch2/catch_test_macros.hpp>

#include "cluster/nats_server.hpp"
#include "cluster/program.hpp"
#include "flamigo/client/request_user.hpp"
#include "flamigo/presence/who_is_in.hpp"
#include "flamigo/remote.hpp"
#include "support/quiet_log.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::at;
using test::comes_true;

namespace {

/// A program with a room in which people see each other.
struct house {
  explicit house(const std::string& url) : app(test::program::on_loopback()) {
    app.authenticate(
      [](std::string_view token, const claims&) -> caf::expected<user> {
        return user{.id = std::string{token}};
      });
    app.channel("rooms/*", {}, {.presence = presence_options{}});
    app.strategies().add("app::room:who", [](context ctx) -> task<int> {
      auto all = co_await who_is_in(ctx, "rooms/1");
      co_return all ? static_cast<int>(all->entries.size()) : -1;
    });
    app.strategies().add("app::room:ask", [](context ctx) -> task<std::string> {
      std::string question = "ready?";
      auto answer = co_await request_user<std::string>(ctx, "bob", "room:ask",
                                                       question, 10s);
      co_return answer ? *answer : code_of(answer.error());
    });
    node.emplace(app, at(url));
    app.start();
  }

  application app;
  std::optional<cluster_node> node;
};

/// A user who is in the room.
struct guest {
  guest(const house& at, std::string id)
    : server({.url = "ws://127.0.0.1:" + std::to_string(at.app.port()) + "/ws",
              .token = [id] { return id; },
              .on_state =
                [this](const remote_state& now) {
                  std::lock_guard guard{mtx};
                  if (now.phase == remote_phase::closed)
                    is_out = true;
                }}),
      room(server.channel("rooms/1")) {
  }

  bool is_kicked() {
    std::lock_guard guard{mtx};
    return is_out;
  }

  std::mutex mtx;
  bool is_out = false;
  remote_server server;
  remote_channel room;
};

struct street {
  street() {
    server.start();
    one.emplace(server.url());
    two.emplace(server.url());
    REQUIRE(comes_true([&] {
      return one->node->status().peers.size() == 1
             && two->node->status().peers.size() == 1;
    }));
    ada = std::make_unique<guest>(*one, "ada");
    bob = std::make_unique<guest>(*two, "bob");
  }

  test::quiet_log quiet;
  test::nats_server server;
  std::optional<house> one;
  std::optional<house> two;
  std::unique_ptr<guest> ada;
  std::unique_ptr<guest> bob;
};

} // namespace

TEST_CASE_METHOD(street, "people see each other across nodes") {
  ada->room.join();
  bob->room.join();
  auto who = [](guest& x) {
    auto seen = x.server.call<int>("app::room:who");
    return seen ? *seen : -1;
  };
  CHECK(comes_true([&] { return who(*ada) == 2 && who(*bob) == 2; }));
  bob = nullptr;
  CHECK(comes_true([&] { return who(*ada) == 1; }));
}

TEST_CASE_METHOD(street, "a user is asked wherever he is") {
  bob->server.answer<std::string, std::string>(
    "room:ask", [](const std::string& what) { return what + " yes"; });
  CHECK(comes_true([&] {
    auto answer = ada->server.call<std::string>("app::room:ask");
    return answer && *answer == "ready? yes";
  }));
  bob = nullptr;
  CHECK(comes_true([&] {
    auto answer = ada->server.call<std::string>("app::room:ask");
    return answer && *answer == "unavailable";
  }));
}

TEST_CASE_METHOD(street, "a user is disconnected wherever he is") {
  CHECK(comes_true([&] { return one->node->connections() == 2; }));
  CHECK(comes_true([&] { return two->node->connections() == 2; }));
  REQUIRE(bob->server.call<int>("app::room:who"));
  one->app.connections().kick_user("bob");
  CHECK(comes_true([&] { return bob->is_kicked(); }));
  CHECK_FALSE(ada->is_kicked());
  CHECK(comes_true([&] { return one->node->connections() == 1; }));
}
