// What rosters of several processes that share a bus tell each other.

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include "flamigo/claims/claims.hpp"
#include "flamigo/roster/detail/kick_order.hpp"
#include "flamigo/roster/roster.hpp"
#include "flamigo/testing/actor_fixture.hpp"
#include "flamigo/testing/event_log.hpp"
#include "flamigo/wire/close_reason.hpp"

using namespace flamigo;
using detail::kick_order;

namespace {

struct fixture : testing::actor_fixture {
  fixture() {
    adopt(watch.handle());
    bus.subscribe(caf::actor_cast<caf::strong_actor_ptr>(watch.handle()),
                  topic_pattern{std::string{kick_order::all}});
  }

  ~fixture() {
    end();
  }

  void open(std::string connection, std::string user) {
    auto who = system.spawn([=, this](caf::event_based_actor* self) {
      self->set_default_handler(caf::drop);
      return caf::behavior{[=, this](const close_reason& why) {
        closed.push_back(connection + " " + std::to_string(why.code));
      }};
    });
    adopt(who);
    auto made = std::make_shared<claims>();
    made->connection_id = connection;
    made->user.emplace().id = user;
    caf::anon_send(watch.handle(), client_opened{who, made});
    run();
  }

  using texts = std::vector<std::string>;

  roster watch{bus};
  testing::event_log log{*this};
  texts closed;
};

} // namespace

TEST_CASE("who is kicked elsewhere is disconnected here") {
  fixture f;
  f.open("c1", "42");
  f.open("c2", "43");
  f.open("c3", "44");
  CHECK_FALSE(f.bus.publish(kick_order{{"42"}, {"c3"}}));
  f.run();
  CHECK(f.closed.size() == 2);
  CHECK(std::count(f.closed.begin(), f.closed.end(), "c1 3503") == 1);
  CHECK(std::count(f.closed.begin(), f.closed.end(), "c3 3503") == 1);
  // It is not told again.
  CHECK(f.log.all<kick_order>().size() == 1);
}

TEST_CASE("who is kicked here is disconnected once, and elsewhere as well") {
  fixture f;
  f.open("c1", "42");
  f.watch.kick_user("42");
  f.watch.kick_connection("c7");
  f.run();
  CHECK(f.closed == fixture::texts{"c1 3503"});
  auto told = f.log.all<kick_order>();
  fixture::texts users;
  fixture::texts connections;
  for (auto& x : told) {
    users.insert(users.end(), x.users.begin(), x.users.end());
    connections.insert(connections.end(), x.connections.begin(),
                       x.connections.end());
  }
  CHECK(users == fixture::texts{"42"});
  CHECK(connections == fixture::texts{"c7"});
}

TEST_CASE("many orders go in several messages") {
  fixture f;
  constexpr std::size_t count = 2 * kick_order::max_ids + 500;
  for (std::size_t i = 0; i < count; ++i)
    f.watch.kick_user("u" + std::to_string(i));
  f.run();
  std::size_t told = 0;
  for (auto& x : f.log.all<kick_order>()) {
    CHECK(x.users.size() <= kick_order::max_ids);
    told += x.users.size();
  }
  CHECK(told == count);
}
