#include "domain.hpp"

#include "chat_fixture.hpp"

using namespace flamigo::test;
using chat::fixture;
using chat::visitor;

namespace {

const std::string join_a = call("app::chat:join", R"({"room":"a"})");

std::string post(const std::string& text) {
  return call("app::chat:post", R"({"room":"a","text":")" + text + R"("})");
}

std::string remove(int id) {
  return call("app::chat:delete",
              R"({"room":"a","id":)" + std::to_string(id) + "}");
}

const std::string bob_joined = pushed("chat:joined",
                                      R"({"room":"a","name":"Bob"})");
const std::string bob_left = pushed("chat:left",
                                    R"({"room":"a","name":"Bob"})");

} // namespace

TEST_CASE("those in a room hear who comes, speaks and goes") {
  fixture f;
  visitor ada{f, "c1", "Ada"};
  CHECK(ada.ask(join_a)
        == strings{pushed("chat:joined", R"({"room":"a","name":"Ada"})"),
                   replied("app::chat:join",
                           R"({"members":["Ada"],"messages":[]})")});
  {
    visitor bob{f, "c2", "Bob"};
    CHECK(contains(bob.ask(join_a).back(), R"("members":["Ada","Bob"])"));
    CHECK(ada.heard() == strings{bob_joined});
    auto answer = bob.ask(post("hi"));
    // The event comes first, and once.
    REQUIRE(answer.size() == 2);
    CHECK(contains(answer[0], R"("topic":"chat:message")"));
    CHECK(contains(answer[0], R"("author":"Bob","text":"hi")"));
    CHECK(answer[1] == replied("app::chat:post", R"({"id":1})"));
    CHECK(ada.heard() == strings{answer[0]});
  }
  CHECK(ada.heard() == strings{bob_left});
  CHECK(contains(ada.ask(join_a).back(), R"("text":"hi")"));
}

TEST_CASE("whoever joins another room has left the first") {
  fixture f;
  visitor ada{f, "c1", "Ada"};
  visitor bob{f, "c2", "Bob"};
  ada.ask(join_a);
  bob.ask(join_a);
  ada.heard();
  bob.ask(call("app::chat:join", R"({"room":"b"})"));
  CHECK(ada.heard() == strings{bob_left});
  ada.ask(post("alone"));
  CHECK(bob.heard().empty());
}

TEST_CASE("whoever has left a room does not leave it again") {
  fixture f;
  auto leave = call("app::chat:leave");
  visitor ada{f, "c1", "Ada"};
  ada.ask(join_a);
  {
    visitor bob{f, "c2", "Bob"};
    bob.ask(join_a);
    ada.heard();
    CHECK(bob.ask(leave) == strings{replied("app::chat:leave", "null")});
    CHECK(bob.ask(leave) == strings{replied("app::chat:leave", "null")});
  }
  CHECK(ada.heard() == strings{bob_left});
}

TEST_CASE("a room that is no segment of a topic is refused") {
  fixture f;
  visitor ada{f, "c1", "Ada"};
  for (auto room : {"*", "a/b", "", "a b"})
    CHECK(contains(ada
                     .ask(call("app::chat:join",
                               R"({"room":")" + std::string{room} + R"("})"))
                     .back(),
                   R"("field":"room")"));
}

// -- users --------------------------------------------------------------------

TEST_CASE("a client is who it has logged in as, whatever it says") {
  fixture f;
  visitor ada{f, "c1", "Ada"};
  CHECK(contains(
    ada.ask(call("app::chat:join", R"({"room":"a","name":"Bob"})")).back(),
    R"("members":["Ada"])"));
  CHECK(contains(
    ada
      .ask(call("app::chat:post", R"({"room":"a","author":"Bob","text":"hi"})"))
      .front(),
    R"("author":"Ada")"));
  // Another user needs another connection.
  CHECK(contains(ada.ask(auth_call(f.token("Bob"))).back(), R"("status":409)"));
  CHECK(contains(ada.ask(post("still me")).front(), R"("author":"Ada")"));
}

TEST_CASE("whoami tells a guest from a user") {
  fixture f;
  auto whoami = call("app::chat:whoami");
  visitor client{f, "c1"};
  CHECK(client.ask(whoami)
        == strings{
          replied("app::chat:whoami",
                  R"({"connection_id":"c1","address":"127.0.0.1:4711"})")});
  client.ask(auth_call(f.token("Ada")));
  CHECK(
    contains(client.ask(whoami).back(), R"("name":"Ada","permissions":[])"));
  visitor moderator{f, "c2", "moderator"};
  CHECK(contains(moderator.ask(whoami).back(),
                 R"("permissions":["chat:moderate"])"));
}

// -- deleting -----------------------------------------------------------------

TEST_CASE("what a moderator deletes is gone for all") {
  fixture f;
  visitor ada{f, "c1", "Ada"};
  visitor moderator{f, "c2", "moderator"};
  ada.ask(join_a);
  moderator.ask(join_a);
  ada.ask(post("spam"));
  ada.ask(post("ham"));
  moderator.heard();
  auto event = pushed("chat:deleted", R"({"room":"a","id":1})");
  CHECK(moderator.ask(remove(1))
        == strings{event, replied("app::chat:delete", "null")});
  CHECK(ada.heard() == strings{event});
  auto history = ada.ask(call("app::chat:history", R"({"room":"a"})")).back();
  CHECK_FALSE(contains(history, "spam"));
  CHECK(contains(history, "ham"));
  auto again = moderator.ask(remove(1));
  REQUIRE(again.size() == 1);
  CHECK(contains(again[0], R"("status":404,"code":"unknown_message")"));
  CHECK(ada.heard().empty());
}

TEST_CASE("nobody else deletes, not even what is their own") {
  fixture f;
  visitor ada{f, "c1", "Ada"};
  ada.ask(join_a);
  ada.ask(post("mine"));
  auto answer = ada.ask(remove(1));
  REQUIRE(answer.size() == 1);
  CHECK(contains(answer[0], R"("status":403)"));
  CHECK(contains(ada.ask(join_a).back(), "mine"));
}
