// Looking at the connections.

#include <optional>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include "flamigo/claims/claims.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/roster/roster.hpp"
#include "flamigo/testing/actor_fixture.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

struct fixture : testing::actor_fixture {
  fixture() {
    adopt(watch.handle());
  }

  ~fixture() {
    for (auto& x : clients)
      caf::anon_send_exit(x, caf::exit_reason::user_shutdown);
    clients.clear();
    run();
    end();
  }

  void open(const std::string& id, const std::string& address,
            std::optional<user> who = {}) {
    auto made = std::make_shared<claims>();
    made->connection_id = id;
    made->remote_address = address;
    made->user = std::move(who);
    clients.push_back(system.spawn([](caf::event_based_actor*) {
      return caf::behavior{[](caf::unit_t) {}};
    }));
    caf::anon_send(watch.handle(), client_opened{clients.back(), made});
    run();
    advance(1s);
  }

  /// Their ids, and how many there are.
  std::string look(roster_query which) {
    std::string result;
    watch.look(std::move(which), [&](caf::expected<roster_page> what) {
      REQUIRE(what);
      for (auto& x : what->entries)
        result += x.who->connection_id + ' ';
      result += "of " + std::to_string(what->matching);
    });
    run();
    return result;
  }

  roster watch{bus};
  std::vector<caf::actor> clients;
};

} // namespace

TEST_CASE("connections are found by what is known of them") {
  fixture f;
  f.open("c1", "192.0.2.1:80", user{.id = "7", .name = "Ada"});
  f.open("c2", "192.0.2.2:80");
  f.open("c22", "192.0.2.3:80");
  CHECK(f.look({}) == "c22 c2 c1 of 3");
  CHECK(f.look({.limit = 2}) == "c22 c2 of 3");
  CHECK(f.look({.limit = 0}) == "of 3");
  CHECK(f.look({.text = "c2"}) == "c22 c2 of 2");
  CHECK(f.look({.text = "Ada"}) == "c1 of 1");
  CHECK(f.look({.text = "192.0.2.3"}) == "c22 of 1");
  CHECK(f.look({.text = "nobody"}) == "of 0");
  CHECK(f.look({.connection = "c2"}) == "c2 of 1");
}

TEST_CASE("those come first that weigh most") {
  fixture f;
  for (int i = 0; i < 3'000; ++i)
    f.open(std::to_string(i), "");
  auto weigh = [&](const caf::actor& who, auto) {
    return std::uint64_t{who == f.clients[1'234] ? 2u
                         : who == f.clients[7]   ? 3u
                                                 : 0u};
  };
  CHECK(f.look({.limit = 3, .weight = weigh}) == "7 1234 2999 of 3000");
}

TEST_CASE("only so many look at the same time") {
  fixture f;
  // More than one slice.
  for (int i = 0; i < 2'000; ++i)
    f.open(std::to_string(i), "");
  int seen = 0;
  int refused = 0;
  for (int i = 0; i < 20; ++i)
    f.watch.look({}, [&](const caf::expected<roster_page>& what) {
      if (what)
        ++seen;
      else if (what.error() == errc::too_many_requests)
        ++refused;
    });
  f.run();
  CHECK(seen == 16);
  CHECK(refused == 4);
}
