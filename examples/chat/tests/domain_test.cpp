#include "domain.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "chat_app.hpp"
#include "events.hpp"

using Catch::Matchers::ContainsSubstring;
using flamigo::raw_json;
using strings = std::vector<std::string>;

// -- rooms --------------------------------------------------------------------

TEST_CASE("those in a room hear who comes, speaks and goes") {
  chat::app app;
  auto ada = app.log_in("Ada");
  auto welcome = ada.call<chat::welcome>("app::chat:join", chat::join{"a"});
  CHECK(welcome.members == strings{"Ada"});
  CHECK(welcome.messages.empty());
  CHECK(ada.expect_push<chat::joined>("chat:joined").name == "Ada");
  auto bob = app.log_in("Bob");
  welcome = bob.call<chat::welcome>("app::chat:join", chat::join{"a"});
  CHECK(welcome.members == strings{"Ada", "Bob"});
  CHECK(ada.expect_push<chat::joined>("chat:joined").name == "Bob");
  auto post = chat::post{"a", "hi"};
  CHECK(bob.call<chat::receipt>("app::chat:post", post).id == 1);
  auto message = ada.expect_push<chat::posted>("chat:message");
  CHECK(message.author == "Bob");
  CHECK(message.text == "hi");
  bob.disconnect();
  CHECK(ada.expect_push<chat::left>("chat:left").name == "Bob");
  ada.expect_nothing();
  welcome = ada.call<chat::welcome>("app::chat:join", chat::join{"a"});
  REQUIRE(welcome.messages.size() == 1);
  CHECK(welcome.messages[0].text == "hi");
}

TEST_CASE("whoever speaks hears it once, and before the receipt") {
  chat::app app;
  auto ada = app.log_in("Ada");
  ada.call("app::chat:join", chat::join{"a"});
  ada.heard();
  ada.send("app::chat:post", chat::post{"a", "hi"});
  auto frames = ada.heard();
  REQUIRE(frames.size() == 2);
  CHECK_THAT(frames[0], ContainsSubstring(R"("topic":"chat:message")"));
  CHECK_THAT(frames[1], ContainsSubstring(R"("topic":"app::chat:post")"));
}

TEST_CASE("whoever joins another room has left the first") {
  chat::app app;
  auto ada = app.log_in("Ada");
  auto bob = app.log_in("Bob");
  ada.call("app::chat:join", chat::join{"a"});
  bob.call("app::chat:join", chat::join{"a"});
  bob.call("app::chat:join", chat::join{"b"});
  CHECK(ada.expect_push<chat::left>("chat:left").name == "Bob");
  bob.heard();
  ada.call("app::chat:post", chat::post{"a", "alone"});
  bob.expect_nothing();
}

TEST_CASE("whoever has left a room does not leave it again") {
  chat::app app;
  auto ada = app.log_in("Ada");
  ada.call("app::chat:join", chat::join{"a"});
  ada.call<void>("app::chat:leave");
  ada.call<void>("app::chat:leave");
  ada.disconnect();
  CHECK(app.events().all<chat::left>("rooms/a").size() == 1);
}

TEST_CASE("a room that is no segment of a topic is refused") {
  chat::app app;
  auto ada = app.log_in("Ada");
  for (auto room : {"*", "a/b", "", "a b"}) {
    auto why = ada.expect_error(ada.send("app::chat:join", chat::join{room}),
                                400);
    REQUIRE(why.fieldErrors);
    CHECK(why.fieldErrors->front().field == "room");
  }
}

// -- users --------------------------------------------------------------------

TEST_CASE("a client is who it has logged in as, whatever it says") {
  chat::app app;
  auto ada = app.log_in("Ada");
  auto bob = app.log_in("Bob");
  auto welcome = ada.call<chat::welcome>(
    "app::chat:join", raw_json{R"({"room":"a","name":"Bob"})"});
  CHECK(welcome.members == strings{"Ada"});
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
  ada.call("app::chat:join", chat::join{"a"});
  moderator.call("app::chat:join", chat::join{"a"});
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
