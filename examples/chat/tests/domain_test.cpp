#include "domain.hpp"

#include <chrono>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "chat_app.hpp"
#include "events.hpp"

using Catch::Matchers::ContainsSubstring;
using flamigo::raw_json;
using strings = std::vector<std::string>;

namespace {

/// In which changes of who is there are told.
constexpr std::chrono::milliseconds interval{100};

strings names_of(const std::vector<flamigo::presence_entry>& people) {
  strings result;
  result.reserve(people.size());
  for (auto& x : people)
    result.push_back(flamigo::from_json<chat::person>(x.state.text)->name);
  return result;
}

} // namespace

// -- rooms --------------------------------------------------------------------

TEST_CASE("those in a room hear who comes, speaks and goes") {
  chat::app app;
  auto ada = app.log_in("Ada");
  CHECK(names_of(*ada.watch("rooms/a").presence) == strings{"Ada"});
  auto bob = app.log_in("Bob");
  CHECK(names_of(*bob.watch("rooms/a").presence) == strings{"Ada", "Bob"});
  app.advance(interval);
  while (ada.people("rooms/a").size() < 2)
    ada.expect_presence("rooms/a");
  auto post = chat::post{"a", "hi"};
  CHECK(bob.call<chat::receipt>("app::chat:post", post).id == 1);
  auto message = ada.expect_event<chat::posted>("rooms/a");
  CHECK(message.author == "Bob");
  CHECK(message.text == "hi");
  bob.disconnect();
  app.advance(interval);
  CHECK(ada.expect_presence("rooms/a").left == strings{"u:Bob"});
  CHECK(names_of(ada.people("rooms/a")) == strings{"Ada"});
  ada.expect_nothing();
}

TEST_CASE("where rooms are shared what others publish is kept") {
  chat::app app{chat::rooms{1}};
  auto ada = app.log_in("Ada");
  ada.call<chat::receipt>("app::chat:post", chat::post{"a", "mine"});
  auto theirs = (5ull << chat::rooms::node_bits) + 2;
  auto publish = [&](auto what) { CHECK_FALSE(app.bus().publish(what)); };
  publish(chat::posted{"a", theirs, "Bob", "theirs", 1});
  auto list = [&] {
    return ada.call<chat::history>("app::chat:history",
                                   chat::history_request{"a", {}});
  };
  REQUIRE(list().messages.size() == 2);
  CHECK(list().messages.back().text == "theirs");
  auto next = ada.call<chat::receipt>("app::chat:post", chat::post{"a", "x"});
  CHECK(next.id == (6ull << chat::rooms::node_bits) + 1);
  publish(chat::deleted{"a", theirs});
  CHECK(list().messages.size() == 2);
}

TEST_CASE("whoever speaks hears it once, and before the receipt") {
  chat::app app;
  auto ada = app.log_in("Ada");
  ada.subscribe("rooms/a");
  ada.send("app::chat:post", chat::post{"a", "hi"});
  auto frames = ada.heard();
  REQUIRE(frames.size() == 2);
  CHECK_THAT(frames[0], ContainsSubstring(R"("topic":"chat:message")"));
  CHECK_THAT(frames[1], ContainsSubstring(R"("topic":"app::chat:post")"));
}

TEST_CASE("whoever comes back hears what was said and deleted meanwhile") {
  chat::app app;
  auto ada = app.log_in("Ada");
  auto moderator = app.log_in_moderator();
  ada.subscribe("rooms/a");
  ada.lose();
  moderator.call("app::chat:post", chat::post{"a", "spam"});
  moderator.call("app::chat:post", chat::post{"a", "ham"});
  moderator.call<void>("app::chat:delete", chat::removal{"a", 1});
  CHECK(ada.recover());
  CHECK(ada.expect_event<chat::posted>("rooms/a").text == "spam");
  CHECK(ada.expect_event<chat::posted>("rooms/a").text == "ham");
  CHECK(ada.expect_event<chat::deleted>("rooms/a").id == 1);
  ada.expect_nothing();
}

TEST_CASE("whoever was away for too long fetches what a room has") {
  chat::app app;
  auto ada = app.log_in("Ada");
  auto bob = app.log_in("Bob");
  ada.subscribe("rooms/a");
  ada.lose();
  for (std::size_t i = 0; i <= chat::rooms::max_history; ++i)
    bob.call("app::chat:post", chat::post{"a", "hi"});
  CHECK_FALSE(ada.recover());
  ada.expect_nothing();
  auto history = ada.call<chat::history>("app::chat:history",
                                         chat::history_request{"a", {}});
  CHECK(history.messages.size() == chat::rooms::max_history);
  CHECK(history.messages.back().id == chat::rooms::max_history + 1);
}

// -- users --------------------------------------------------------------------

TEST_CASE("a client is who it has logged in as, whatever it says") {
  chat::app app;
  auto ada = app.log_in("Ada");
  auto bob = app.log_in("Bob");
  CHECK(names_of(*ada.watch("rooms/a", raw_json{R"({"name":"Bob"})"}).presence)
        == strings{"Ada"});
  auto post = raw_json{R"({"room":"a","author":"Bob","text":"hi"})"};
  ada.call("app::chat:post", post);
  CHECK(ada.expect_push<chat::posted>("chat:message").author == "Ada");
  // Another user needs another connection.
  auto token = raw_json{R"({"token":"Bob"})"};
  ada.expect_error(ada.send("app::websocket:auth", token), 409);
  ada.call("app::chat:post", post);
  CHECK(ada.expect_push<chat::posted>("chat:message").author == "Ada");
}

TEST_CASE("whoami tells a guest from a user") {
  chat::app app;
  auto guest = app.connect().call<chat::identity>("app::chat:whoami");
  CHECK(guest.connection_id == "c1");
  CHECK(guest.address == "127.0.0.1:4711");
  CHECK_FALSE(guest.name);
  CHECK_FALSE(guest.permissions);
  auto ada = app.log_in("Ada").call<chat::identity>("app::chat:whoami");
  CHECK(ada.name == "Ada");
  CHECK(ada.permissions == strings{});
  auto moderator
    = app.log_in_moderator().call<chat::identity>("app::chat:whoami");
  CHECK(moderator.permissions == strings{"chat:moderate"});
}

// -- deleting -----------------------------------------------------------------

TEST_CASE("what a moderator deletes is gone for all") {
  chat::app app;
  auto ada = app.log_in("Ada");
  auto moderator = app.log_in_moderator();
  ada.subscribe("rooms/a");
  moderator.subscribe("rooms/a");
  ada.call("app::chat:post", chat::post{"a", "spam"});
  ada.call("app::chat:post", chat::post{"a", "ham"});
  moderator.call<void>("app::chat:delete", chat::removal{"a", 1});
  CHECK(moderator.expect_push<chat::deleted>("chat:deleted").id == 1);
  CHECK(ada.expect_push<chat::deleted>("chat:deleted").id == 1);
  auto history = ada.call<chat::history>("app::chat:history",
                                         chat::history_request{"a", {}});
  REQUIRE(history.messages.size() == 1);
  CHECK(history.messages[0].text == "ham");
  ada.heard();
  auto again = moderator.send("app::chat:delete", chat::removal{"a", 1});
  CHECK(moderator.expect_error(again, 404).code == "unknown_message");
  ada.expect_nothing();
}

TEST_CASE("nobody else deletes, not even what is their own") {
  chat::app app;
  auto ada = app.log_in("Ada");
  ada.call("app::chat:post", chat::post{"a", "mine"});
  ada.expect_error(ada.send("app::chat:delete", chat::removal{"a", 1}), 403);
  auto history = ada.call<chat::history>("app::chat:history",
                                         chat::history_request{"a", {}});
  CHECK(history.messages.size() == 1);
}
