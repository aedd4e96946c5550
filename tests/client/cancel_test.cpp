#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <caf/event_based_actor.hpp>

#include "flamigo/auth/credentials.hpp"
#include "flamigo/client/client.hpp"
#include "flamigo/client/client_atoms.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/strategy/call.hpp"
#include "flamigo/task/sleep.hpp"
#include "flamigo/testing/app.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

using lines = std::vector<std::string>;

task<void> wait(context ctx) {
  auto slept = co_await sleep(ctx, 5s);
  co_return slept ? caf::error{} : slept.error();
}

/// A request with this id, as it is written, which waits.
std::string request(const std::string& ack_id) {
  return R"({"topic":"app::test:wait","ackId":)" + ack_id + "}";
}

/// The request that cancels others, and wants no answer.
std::string cancelling(const std::string& ack_id) {
  return R"({"topic":"app::websocket:cancel","payload":{"ackId":)" + ack_id
         + "}}";
}

std::string error_499(const std::string& ack_id) {
  return R"({"topic":"error","payload":{"message":"this was cancelled",)"
         R"("status":499,"code":"cancelled"},"ackId":)"
         + ack_id + "}";
}

struct fixture {
  explicit fixture(testing::app_options options = {})
    : app(std::move(options)) {
    app.strategies().add("app::test:wait", {open_to_guests()}, wait);
    app.host([](domain_actor<>*) -> domain_behavior {
      return {
        on("app::test:hosted", wait),
        on("app::test:detached", wait).detached(),
      };
    });
  }

  testing::app app;
};

} // namespace

// -- what the client reads ----------------------------------------------------

TEST_CASE("a request that is cancelled has one reply, and then the answer") {
  fixture f;
  auto ada = f.app.connect();
  auto ref = ada.send("app::test:wait");
  ada.say(R"({"topic":"app::websocket:cancel","payload":{"ackId":1},)"
          R"("ackId":2})");
  CHECK(ada.heard()
        == lines{error_499("1"), R"({"topic":"app::websocket:cancel",)"
                                 R"("payload":{"cancelled":true},"ackId":2})"});
  CHECK_FALSE(ada.cancel(ref));
  f.app.advance(20s);
  ada.expect_nothing();
}

TEST_CASE("all requests that bear the id end, and no others") {
  fixture f;
  auto ada = f.app.connect();
  ada.say(request("7"));
  ada.say(request(R"("7")"));
  ada.say(R"({"topic":"app::test:hosted","ackId":"7"})");
  ada.say(request(R"("\u0037")"));
  ada.say(request(R"("8")"));
  ada.say(R"({"topic":"app::test:wait"})");
  f.app.run();
  ada.say(cancelling(R"("7")"));
  CHECK(ada.heard()
        == lines{error_499(R"("7")"), error_499(R"("7")"),
                 error_499(R"("\u0037")")});
  // The text is the same, the type is not.
  ada.say(cancelling("7"));
  CHECK(ada.heard() == lines{error_499("7")});
  ada.say(cancelling("7"));
  CHECK(ada.heard().empty());
  f.app.advance(20s);
  CHECK(ada.heard()
        == lines{R"({"topic":"app::test:wait","payload":null,"ackId":"8"})"});
}

TEST_CASE("what is no ackId is said to be none") {
  fixture f;
  auto ada = f.app.connect();
  std::string too_long(129, '1');
  for (auto& id : {std::string{"null"}, std::string{"1.5"}, std::string{"1e2"},
                   std::string{"{}"}, std::string{R"("")"},
                   '"' + too_long + '"', too_long}) {
    auto ref = ada.send("app::websocket:cancel",
                        raw_json{"{\"ackId\":" + id + "}"});
    auto why = ada.expect_error(ref, 400);
    CHECK(why.code == "invalid_payload");
    REQUIRE(why.fieldErrors);
    CHECK(why.fieldErrors->front().field == "ackId");
  }
  ada.expect_error(ada.send("app::websocket:cancel"), 400);
}

TEST_CASE("nobody but a client has requests to cancel") {
  fixture f;
  CHECK(f.app.backend()
          .call("app::websocket:cancel", raw_json{R"({"ackId":1})"})
          .error()
        == errc::forbidden);
  f.app.host([](domain_actor<>*) -> domain_behavior {
    return {on("app::test:for_me", [](context ctx) -> task<raw_json> {
      raw_json what{R"({"ackId":1})"};
      auto call = ctx.call_strategy<raw_json>("app::websocket:cancel", what);
      co_return co_await call;
    })};
  });
  auto ada = f.app.connect();
  ada.expect_error(ada.send("app::test:for_me"), 500);
}

TEST_CASE("a strategy may cancel what its client has asked for, or itself") {
  fixture f;
  auto log = std::make_shared<lines>();
  f.app.strategies().add(
    "app::test:itself", [log](context ctx, int id) -> task<void> {
      co_await sleep(ctx, 1s);
      raw_json what{"{\"ackId\":" + std::to_string(id) + "}"};
      auto call = ctx.call_strategy<raw_json>("app::websocket:cancel", what);
      auto answer = co_await call;
      log->push_back(answer ? answer->text : code_of(answer.error()));
      auto more = co_await ctx.call_strategy<void>("app::test:hosted");
      log->push_back(more ? "done" : code_of(more.error()));
      auto slept = co_await sleep(ctx, 1s);
      log->push_back(slept ? "slept" : code_of(slept.error()));
      co_return ok;
    });
  auto ada = f.app.connect();
  ada.say(R"({"topic":"app::test:itself","payload":7,"ackId":7})");
  f.app.advance(1s);
  CHECK(*log == lines{R"({"cancelled":true})", "cancelled", "cancelled"});
  CHECK(ada.heard() == lines{error_499("7")});
  f.app.advance(20s);
  ada.expect_nothing();
}

// -- limits -------------------------------------------------------------------

TEST_CASE("a client at its limit can cancel") {
  fixture f{{.client = {.max_in_flight = 2}}};
  auto ada = f.app.connect();
  auto first = ada.send("app::test:wait");
  auto second = ada.send("app::test:hosted");
  ada.expect_error(ada.send("app::test:wait"), 429);
  CHECK_FALSE(ada.cancel(99));
  CHECK(ada.cancel(second));
  ada.expect_error(second, 499);
  auto third = ada.send("app::test:wait");
  CHECK(ada.cancel(first));
  ada.expect_error(first, 499);
  f.app.advance(5s);
  ada.expect_reply<void>(third);
}

TEST_CASE("what is detached holds its place until it ends") {
  fixture f{{.client = {.max_in_flight = 1}}};
  auto ada = f.app.connect();
  auto ref = ada.send("app::test:detached");
  CHECK(ada.cancel(ref));
  ada.expect_error(ref, 499);
  CHECK_FALSE(ada.cancel(ref));
  ada.expect_error(ada.send("app::test:wait"), 429);
  f.app.advance(5s);
  // It has ended, and is not answered twice.
  ada.expect_nothing();
  ada.send("app::test:wait");
  f.app.advance(5s);
  CHECK(ada.heard().size() == 1);
}

TEST_CASE("what is detached holds its place beyond its deadline") {
  testing::app_options options;
  options.client.max_in_flight = 1;
  options.client.request_timeout = 2s;
  fixture f{options};
  auto ada = f.app.connect();
  auto ref = ada.send("app::test:detached");
  f.app.advance(2s);
  ada.expect_error(ref, 504);
  ada.expect_error(ada.send("app::test:wait"), 429);
  f.app.advance(3s);
  ref = ada.send("app::test:wait");
  CHECK(ada.cancel(ref));
  ada.expect_error(ref, 499);
}

TEST_CASE("what is detached and has not begun never begins") {
  fixture f;
  auto begun = std::make_shared<int>();
  f.app.host([=](domain_actor<>*) -> domain_behavior {
    return {on("app::late:pay", [=] { ++*begun; }).detached()};
  });
  auto ada = f.app.connect();
  ada.say(R"({"topic":"app::late:pay","ackId":1})");
  ada.say(cancelling("1"));
  f.app.run();
  CHECK(*begun == 0);
  CHECK(ada.heard() == lines{error_499("1")});
}

// -- before authentication ----------------------------------------------------

TEST_CASE("a guest can cancel") {
  fixture f;
  f.app.authenticate();
  auto guest = f.app.connect();
  auto ref = guest.send("app::test:wait");
  CHECK(guest.cancel(ref));
  guest.expect_error(ref, 499);
}

TEST_CASE("authenticating is cancelled, and so is what waits for it") {
  testing::app app;
  auto wanted = std::make_shared<std::vector<caf::response_promise>>();
  auto porter = app.system().spawn([=](caf::event_based_actor* self) {
    return caf::behavior{[=](const credentials&) -> caf::result<user> {
      wanted->push_back(self->make_response_promise());
      return caf::delegated<user>{};
    }};
  });
  app.strategies().add("app::test:name",
                       [](const user& me) { return me.name; });
  app.authenticate(porter);
  auto ada = app.connect();
  ada.say(R"({"topic":"app::websocket:auth","payload":{"token":"t"},)"
          R"("ackId":1})");
  ada.say(R"({"topic":"app::test:name","ackId":2})");
  ada.say(R"({"topic":"app::test:name","ackId":3})");
  app.run();
  REQUIRE(wanted->size() == 1);
  ada.say(cancelling("2"));
  CHECK(ada.heard() == lines{error_499("2")});
  ada.say(cancelling("1"));
  CHECK(ada.heard() == lines{error_499("1")});
  app.run();
  // What has waited behind it is a guest's.
  CHECK(ada.expect_error(3, 401).code == "unauthorized");
  // Too late: nobody is made a user by what was cancelled.
  wanted->front().deliver(user{.id = "1", .name = "Ada"});
  wanted->clear();
  app.run();
  ada.expect_error(ada.send("app::test:name"), 401);
}

// -- what holds messages back -------------------------------------------------

TEST_CASE("what waits behind a strategy that awaits is cancelled at once") {
  fixture f;
  auto promises = std::make_shared<std::vector<caf::response_promise>>();
  auto slow = f.app.system().spawn([=](caf::event_based_actor* self) {
    return caf::behavior{[=](int) -> caf::result<int> {
      promises->push_back(self->make_response_promise());
      return caf::delegated<int>{};
    }};
  });
  f.app.adopt(slow);
  auto begun = std::make_shared<int>();
  f.app.strategies().add("app::test:await", [=](context& ctx) {
    auto answer = ctx.make_promise<int>();
    ctx.self()->request(slow, 1s, 1).await([=](int x) mutable {
      answer.deliver(x);
    });
    return answer;
  });
  f.app.strategies().add("app::test:behind", [=] { ++*begun; });
  auto ada = f.app.connect();
  ada.say(R"({"topic":"app::test:await","ackId":1})");
  f.app.run();
  ada.say(R"({"topic":"app::test:behind","ackId":2})");
  ada.say(R"({"topic":"app::test:behind","ackId":3})");
  ada.say(cancelling("2"));
  ada.say(cancelling("1"));
  CHECK(ada.heard() == lines{error_499("2"), error_499("1")});
  promises->front().deliver(5);
  promises->clear();
  f.app.run();
  CHECK(*begun == 1);
  ada.expect_reply<void>(3);
  ada.expect_nothing();
}

// -- the end ------------------------------------------------------------------

TEST_CASE("a connection that drains closes when the last one is cancelled") {
  fixture f;
  auto ada = f.app.connect();
  auto ref = ada.send("app::test:hosted");
  caf::anon_send(ada.handle(), drain_atom_v);
  f.app.run();
  ada.expect_error(ada.send("app::test:wait"), 503);
  CHECK(ada.cancel(ref));
  ada.expect_error(ref, 499);
  ada.expect_close(close_code::shutting_down);
}
