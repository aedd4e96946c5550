#include "flamigo/testing/fake_client.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include "flamigo/client/client.hpp"
#include "flamigo/error/error.hpp"
#include "room.hpp"
#include "support/failure_of.hpp"

using namespace flamigo::testing;
using namespace std::chrono_literals;
using flamigo::raw_json;
using flamigo::test::failure_of;
using flamigo::test::posted;
using room::line;
using room::receipt;

// -- replies ------------------------------------------------------------------

TEST_CASE("a request is any struct, JSON, or nothing, and is replied to") {
  room::app app;
  auto ada = app.connect();
  auto ref = ada.send("app::room:post", line{"hi"});
  CHECK(ada.expect_reply<receipt>(ref).id == 1);
  CHECK(ada.call<receipt>("app::room:post", raw_json{R"({"text":"again"})"}).id
        == 2);
  ada.call<void>("app::room:join");
  CHECK(ada.call("app::room:join").text == "null");
}

TEST_CASE("replies are found by their requests, in any order") {
  room::app app;
  auto ada = app.connect();
  auto first = ada.send("app::room:post", line{"1"});
  auto second = ada.send("app::room:post", line{"2"});
  CHECK(ada.expect_reply<receipt>(second).id == 2);
  CHECK(ada.expect_reply<receipt>(first).id == 1);
  ada.expect_nothing();
}

TEST_CASE("a reply that does not come says what came instead") {
  room::app app;
  auto ada = app.connect();
  ada.call("app::room:join");
  auto waiting = ada.send("app::room:wait");
  CHECK(failure_of<failure>([&] { ada.expect_reply(waiting); })
        == "expected the reply to app::room:wait (ackId 2), but none has come");
  ada.call("app::room:post", line{"hi"});
  CHECK(failure_of<failure>([&] { ada.expect_reply(waiting); })
        == "expected the reply to app::room:wait (ackId 2), but none has come\n"
           "heard meanwhile:\n"
           R"(  {"topic":"chat:message","payload":{"room":"a","text":"hi"}})");
  CHECK(failure_of<failure>([&] {
          ada.expect_reply(77);
        }).starts_with("expected the reply to a request (ackId 77), but none"));
}

TEST_CASE("an error is not the reply that was expected") {
  room::app app;
  auto ada = app.connect();
  CHECK(
    failure_of<failure>([&] { ada.call<receipt>("app::room:post", line{""}); })
    == "expected the reply to app::room:post (ackId 1), but it is the "
       R"(error {"message":"say something","status":409,"code":"conflict"})");
}

TEST_CASE("a reply of another form says what does not fit") {
  room::app app;
  auto ada = app.connect();
  CHECK(
    failure_of<failure>([&] { ada.call<line>("app::room:post", line{"hi"}); })
    == "expected the reply to app::room:post (ackId 1) to carry a payload "
       "of type line, but it is {\"id\":1}\n"
       "  text is required");
  CHECK(
    failure_of<failure>([&] { ada.call<void>("app::room:post", line{"hi"}); })
    == "expected the reply to app::room:post (ackId 2) to carry a payload "
       "of type null, but it is {\"id\":2}");
}

// -- errors -------------------------------------------------------------------

TEST_CASE("an error is expected by its status") {
  room::app app;
  auto ada = app.connect();
  auto why = ada.expect_error(ada.send("app::room:post", line{""}), 409);
  CHECK(why.message == "say something");
  CHECK(why.code == "conflict");
  CHECK_FALSE(why.fieldErrors);
  why = ada.expect_error(ada.send("app::room:post", raw_json{"{}"}), 400);
  REQUIRE(why.fieldErrors);
  REQUIRE(why.fieldErrors->size() == 1);
  CHECK(why.fieldErrors->front().field == "text");
  CHECK(why.fieldErrors->front().error == "is required");
}

TEST_CASE("an error that does not come says what came instead") {
  room::app app;
  auto ada = app.connect();
  auto ref = ada.send("app::room:post", line{"hi"});
  CHECK(failure_of<failure>([&] { ada.expect_error(ref, 409); })
        == "expected an error 409 as the reply to app::room:post (ackId 1), "
           "but it is the result {\"id\":1}");
  ref = ada.send("app::room:post", line{""});
  CHECK(failure_of<failure>([&] { ada.expect_error(ref, 403); })
        == "expected an error 403 as the reply to app::room:post (ackId 2), "
           "but it is the error "
           R"({"message":"say something","status":409,"code":"conflict"})");
  ref = ada.send("app::room:wait");
  CHECK(failure_of<failure>([&] { ada.expect_error(ref, 504); })
        == "expected an error 504 as the reply to app::room:wait (ackId 3), "
           "but none has come");
  app.advance(10s);
  ada.expect_error(ref, 504);
}

TEST_CASE("an error that answers no request is an event") {
  room::app app;
  auto ada = app.connect();
  ada.say("not JSON");
  CHECK(ada.expect_push<error_frame>("error").code == "malformed");
}

// -- events -------------------------------------------------------------------

TEST_CASE("an event is expected by its topic") {
  room::app app;
  auto ada = app.connect();
  auto bob = app.connect();
  ada.call("app::room:join");
  bob.call("app::room:post", line{"1"});
  bob.call("app::room:post", line{"2"});
  CHECK(failure_of<failure>([&] { ada.expect_push("chat:left"); })
        == "expected an event \"chat:left\", but none has come\n"
           "heard meanwhile:\n"
           R"(  {"topic":"chat:message","payload":{"room":"a","text":"1"}})"
           "\n"
           R"(  {"topic":"chat:message","payload":{"room":"a","text":"2"}})");
  CHECK(ada.expect_push<posted>("chat:message").text == "1");
  CHECK(ada.expect_push("chat:message").text == R"({"room":"a","text":"2"})");
  ada.expect_nothing();
  bob.expect_nothing();
  CHECK_FALSE(app.bus().publish(posted{"a", "3"}));
  CHECK(ada.expect_push<posted>("chat:message").text == "3");
}

TEST_CASE("nothing is expected when something has come") {
  room::app app;
  auto ada = app.connect();
  ada.call("app::room:join");
  CHECK_FALSE(app.bus().publish(posted{"a", "1"}));
  CHECK(failure_of<failure>([&] { ada.expect_nothing(); })
        == "expected nothing more, but something has come\n"
           "heard meanwhile:\n"
           R"(  {"topic":"chat:message","payload":{"room":"a","text":"1"}})");
  CHECK(ada.heard().size() == 1);
  ada.expect_nothing();
}

// -- the end ------------------------------------------------------------------

TEST_CASE("a close is expected by its code") {
  room::app app;
  auto ada = app.connect();
  CHECK(failure_of<failure>([&] { ada.expect_close(4000); })
        == "expected the server to close the connection with 4000, but it is "
           "open");
  ada.send("app::room:close");
  CHECK(
    failure_of<failure>([&] { ada.expect_close(flamigo::close_code::kicked); })
    == "expected the server to close the connection with 3503, but it has "
       "closed it for another reason\n"
       "the server has closed the connection with 4000: enough");
  CHECK(ada.expect_close(4000).reason == "enough");
  CHECK(ada.handle() == nullptr);
  CHECK(failure_of<failure>([&] { ada.send("app::room:join"); })
        == "nothing can be sent over a connection that has ended: the server "
           "has closed it with 4000 (enough)");
}

TEST_CASE("a client that has disconnected says nothing more") {
  room::app app;
  auto ada = app.connect();
  ada.disconnect();
  CHECK(app.connections().open() == 0);
  CHECK_FALSE(ada.closed());
  CHECK(failure_of<failure>([&] { ada.expect_close(4000); })
        == "expected the server to close the connection with 4000, but the "
           "client has disconnected before");
  CHECK(failure_of<failure>([&] { ada.say("{}"); })
        == "nothing can be sent over a connection that has ended: the client "
           "has disconnected");
  ada.disconnect();
}

TEST_CASE("a client may be moved, and outlive its app") {
  std::optional<room::app> app;
  app.emplace();
  std::vector<fake_client> clients;
  clients.push_back(app->connect());
  clients.push_back(app->connect());
  clients[0].send("app::room:post", line{"hi"});
  clients[1] = std::move(clients[0]);
  clients.erase(clients.begin());
  app->run();
  CHECK(app->connections().open() == 1);
  app.reset();
  CHECK(clients[0].handle() == nullptr);
  CHECK(clients[0].expect_reply<receipt>(1).id == 1);
}

// -- requests of the server ---------------------------------------------------

TEST_CASE("a client answers what the server asks") {
  room::app app;
  std::optional<flamigo::client> who;
  app.on_open([&who](flamigo::client& self) { who = self; });
  auto ada = app.connect();
  std::vector<std::string> answers;
  auto asker = app.system().spawn([&](caf::event_based_actor* self) {
    return caf::behavior{[&, self](int) {
      who->request<int>(*self, "room:count", line{"of what?"})
        .then([&](int x) { answers.push_back(std::to_string(x)); },
              [&](const caf::error& why) {
                answers.push_back(flamigo::code_of(why));
              });
    }};
  });
  app.adopt(asker);
  caf::anon_send(asker, 1);
  CHECK(ada.expect_request<line>("room:count").text == "of what?");
  ada.answer(5);
  CHECK(failure_of<failure>([&] { ada.answer(6); })
        == "answer() and refuse() are for what expect_request() has found, "
           "each once");
  caf::anon_send(asker, 1);
  CHECK(failure_of<failure>([&] {
          ada.expect_push("room:count");
        }).starts_with("expected an event \"room:count\", but none has come"));
  ada.expect_request("room:count");
  ada.refuse("no", 409, "declined");
  CHECK(answers == std::vector<std::string>{"5", "declined"});
  CHECK(failure_of<failure>([&] { ada.expect_request("room:count"); })
        == "expected a request of the server, \"room:count\", but none has "
           "come");
}
