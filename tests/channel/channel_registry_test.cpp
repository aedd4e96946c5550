#include "flamigo/channel/channel_registry.hpp"

#include <stdexcept>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "flamigo/context/context.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/strategy/strategy_registry.hpp"

using namespace flamigo;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;

namespace {

claims guest() {
  claims result;
  result.type = claims_type::websocket;
  return result;
}

claims member(std::string id) {
  auto result = guest();
  result.user = user{.id = std::move(id)};
  return result;
}

} // namespace

TEST_CASE("a channel is a topic with as many segments as its pattern") {
  channel_registry channels;
  auto& rooms = channels.add("rooms/*");
  auto& typing = channels.add("rooms/*/typing");
  CHECK(channels.find(topic{"rooms/42"}) == &rooms);
  CHECK(channels.find(topic{"rooms/42/typing"}) == &typing);
  CHECK(channels.find(topic{"rooms"}) == nullptr);
  CHECK(channels.find(topic{"rooms/42/other"}) == nullptr);
  CHECK(channels.find(topic{"rooms/42/typing/now"}) == nullptr);
  CHECK(channels.find(topic{"users/42"}) == nullptr);
}

TEST_CASE("no topic is of two declarations") {
  channel_registry channels;
  channels.add("rooms/*");
  channels.add("rooms/*/typing");
  CHECK_THROWS_MATCHES(
    channels.add("*/42"), std::invalid_argument,
    MessageMatches(ContainsSubstring("\"*/42\"")
                   && ContainsSubstring("channels of \"rooms/*\" already")));
  CHECK_THROWS_AS(channels.add("rooms/42"), std::invalid_argument);
  CHECK_THROWS_AS(channels.add("rooms/*"), std::invalid_argument);
  CHECK_THROWS_AS(channels.add("rooms//"), std::invalid_argument);
  CHECK_THROWS_AS(channels.add("secrets", internal()), std::invalid_argument);
  channels.add("users/42");
  CHECK(channels.list().size() == 3);
}

TEST_CASE("a guard comes before the check, which sees the topic") {
  channel_registry channels;
  int asked = 0;
  auto& rooms = channels.add(
    "rooms/*", is_authenticated(),
    {.check = [&asked](const claims& who, const topic& what) -> caf::error {
      ++asked;
      if (who.user->id == "throws")
        throw std::runtime_error{"no"};
      if (what.text() == "rooms/" + who.user->id)
        return {};
      return make_error(errc::forbidden, "you are not in this room");
    }});
  CHECK(rooms.check(guest(), topic{"rooms/7"}) == errc::unauthorized);
  CHECK(asked == 0);
  CHECK_FALSE(rooms.check(member("7"), topic{"rooms/7"}));
  auto refused = rooms.check(member("7"), topic{"rooms/8"});
  CHECK(refused == errc::forbidden);
  CHECK(public_message(refused) == "you are not in this room");
  CHECK(rooms.check(member("throws"), topic{"rooms/8"}) == errc::internal);
  auto& staff = channels.add("staff", has_permission("staff"));
  CHECK(staff.check(member("7"), topic{"staff"}) == errc::forbidden);
  CHECK(staff.check(guest(), topic{"staff"}) == errc::unauthorized);
}

TEST_CASE("what runs before a subscription has to be there, for that alone") {
  strategy_registry strategies;
  strategies.add("app::rooms:open", [](context&) {});
  {
    channel_registry channels;
    channels.add("rooms/*", {}, {.join = "app::rooms:join"});
    CHECK_THROWS_MATCHES(channels.check(strategies), std::logic_error,
                         MessageMatches(ContainsSubstring("register it")));
    strategies.add("app::rooms:join", internal(), [](context&) {});
    channels.check(strategies);
  }
  channel_registry channels;
  channels.add("rooms/*", {}, {.join = "app::rooms:open"});
  CHECK_THROWS_MATCHES(channels.check(strategies), std::logic_error,
                       MessageMatches(ContainsSubstring("internal()")));
}

TEST_CASE("channels are listed as they were declared") {
  channel_registry channels;
  CHECK_FALSE(channels.keeps());
  channels.add("news");
  CHECK_FALSE(channels.keeps());
  channels.add("rooms/*", is_authenticated(),
               {.history = history_limits{}, .join = "app::rooms:join"});
  CHECK(channels.keeps());
  auto all = channels.list();
  REQUIRE(all.size() == 2);
  CHECK(all[0].topics == "news");
  CHECK(all[0].guard.empty());
  CHECK(all[0].history.empty());
  CHECK(all[1].guard == "is_authenticated");
  CHECK(all[1].history == "1000 events, 1048576 bytes, 600s");
  CHECK(all[1].join == "app::rooms:join");
}

TEST_CASE("when the program serves, its channels do not change any more") {
  channel_registry channels;
  channels.add("news");
  channels.seal();
  CHECK_THROWS_MATCHES(
    channels.add("late", {}, {.history = history_limits{}}), std::logic_error,
    MessageMatches(ContainsSubstring("channel \"late\": the program "
                                     "serves already, declare it before "
                                     "start() or run()")));
  CHECK(channels.find(topic{"news"}) != nullptr);
  CHECK(channels.find(topic{"late"}) == nullptr);
  CHECK_FALSE(channels.keeps());
  CHECK(channels.list().size() == 1);
}

TEST_CASE("where one is told of others is no channel") {
  channel_registry channels;
  CHECK_THROWS_MATCHES(channels.add("presence/*"), std::invalid_argument,
                       MessageMatches(ContainsSubstring("\"presence/*\"")
                                      && ContainsSubstring("give it others")));
  CHECK_THROWS_AS(channels.add("presence/rooms/42"), std::invalid_argument);
  auto& any = channels.add("*/*");
  auto& deep = channels.add("*/rooms/42");
  channels.add("presence");
  CHECK(channels.find(topic{"presence/rooms"}) == nullptr);
  CHECK(channels.find(topic{"presence/rooms/42"}) == nullptr);
  CHECK(channels.find(topic{"presences/rooms"}) == &any);
  CHECK(channels.find(topic{"the/rooms/42"}) == &deep);
}
