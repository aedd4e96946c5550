// What the program asks a client.

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include <catch2/catch_test_macros.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include "flamigo/client/client.hpp"
#include "flamigo/client/client_atoms.hpp"
#include "flamigo/client/detail/asking_client.hpp"
#include "flamigo/client/request_user.hpp"
#include "flamigo/client/websocket_client.hpp"
#include "flamigo/domain/host.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/task/task.hpp"
#include "flamigo/testing/fake_client.hpp"
#include "support/auth_fixture.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::call;
using test::contains;
using test::pushed;
using test::replied;
using test::strings;

namespace {

struct trade {
  int id;
};

BOOST_DESCRIBE_STRUCT(trade, (), (id))

/// Hands the client's answer on, whatever it is.
template <class R>
response_promise<R> confirm(context& ctx, const trade& what) {
  auto answer = ctx.make_promise<R>();
  require_actor<websocket_client>(ctx)
    ->request<R>(ctx, "trade:confirm", what, 5s)
    .then([answer](R value) mutable { answer.deliver(value); },
          [answer](caf::error why) mutable { answer.deliver(std::move(why)); });
  return answer;
}

domain_behavior desk(domain_actor<>*) {
  return {
    on("app::desk:confirm",
       [](context& ctx, const trade& what) {
         return confirm<raw_json>(ctx, what);
       }),
    on("app::desk:decide",
       [](context& ctx, const trade& what) {
         return confirm<bool>(ctx, what);
       }),
    on("app::desk:tell",
       [](context& ctx, const trade& what) {
         auto who = *require_actor<websocket_client>(ctx);
         who.send("before", 1);
         auto answer = ctx.make_promise<void>();
         who.request(ctx, "trade:confirm", what)
           .then([answer]() mutable { answer.deliver(); },
                 [answer](caf::error why) mutable { answer.deliver(why); });
         who.send("after", 2);
         return answer;
       }),
  };
}

std::string question(int id, std::string_view request_id) {
  return R"({"topic":"trade:confirm","payload":{"id":)" + std::to_string(id)
         + R"(},"requestId":")" + std::string{request_id} + "\"}";
}

std::string answer(std::string_view request_id, std::string_view rest) {
  return R"({"requestId":")" + std::string{request_id} + '"' + std::string{rest}
         + '}';
}

std::string ended(std::string_view request_id) {
  return pushed("request:ended",
                R"({"requestId":")" + std::string{request_id} + "\"}");
}

struct fixture : testing::actor_fixture {
  fixture() {
    strategies.add("app::test:confirm", [](context& ctx, const trade& what) {
      return confirm<raw_json>(ctx, what);
    });
    adopt(host(services, {}, desk));
    adopt(watch.handle());
    run();
  }

  ~fixture() {
    end();
  }

  /// What the client hears of it.
  strings say(testing::fake_client& who, const std::string& text) {
    who.say(text);
    run();
    return who.heard();
  }

  roster watch{bus};
  client_environment env{services, {}, watch.handle()};
};

const auto ask = call("app::desk:confirm", R"({"id":7})");

} // namespace

// -- answers ------------------------------------------------------------------

TEST_CASE("a client answers what it was asked") {
  fixture f;
  testing::fake_client client{f, f.env};
  for (auto& [id, name] : {std::pair{"1", "app::desk:confirm"},
                           std::pair{"2", "app::test:confirm"}}) {
    CHECK(f.say(client, call(name, R"({"id":7})")) == strings{question(7, id)});
    CHECK(f.say(client, answer(id, R"(,"payload":{"yes":true},"more":1)"))
          == strings{replied(name, R"({"yes":true})")});
    // Once.
    CHECK(f.say(client, answer(id, R"(,"payload":1)")).empty());
  }
  CHECK(f.say(client, ask) == strings{question(7, "3")});
  CHECK(f.say(client, answer("3", ""))
        == strings{replied("app::desk:confirm", "null")});
}

TEST_CASE("questions are answered in any order") {
  fixture f;
  testing::fake_client client{f, f.env};
  for (int i = 1; i <= 3; ++i)
    client.say(
      call("app::desk:confirm", R"({"id":)" + std::to_string(i) + "}", i));
  f.run();
  CHECK(client.heard()
        == strings{question(1, "1"), question(2, "2"), question(3, "3")});
  CHECK(f.say(client, answer("3", R"(,"payload":"c")"))
        == strings{replied("app::desk:confirm", R"("c")", 3)});
  CHECK(f.say(client, answer("1", R"(,"payload":"a")"))
        == strings{replied("app::desk:confirm", R"("a")", 1)});
  CHECK(f.say(client, answer("2", R"(,"payload":"b")"))
        == strings{replied("app::desk:confirm", R"("b")", 2)});
}

TEST_CASE("a client may refuse to answer") {
  fixture f;
  testing::fake_client client{f, f.env};
  f.say(client, ask);
  CHECK(f.say(client, answer("1", R"(,"error":{"message":"no","status":409,)"
                                  R"("code":"declined"})"))
        == strings{R"({"topic":"error","payload":{"message":"no",)"
                   R"("status":409,"code":"declined"},"ackId":1})"});
  f.say(client, ask);
  CHECK(f.say(client, answer("2", R"(,"error":{})"))
        == strings{R"({"topic":"error","payload":{"message":)"
                   R"("the client has refused","status":400,)"
                   R"("code":"refused"},"ackId":1})"});
}

TEST_CASE("an answer of another type is the asker's failure") {
  fixture f;
  testing::fake_client client{f, f.env};
  f.say(client, call("app::desk:decide", R"({"id":7})"));
  auto heard = f.say(client, answer("1", R"(,"payload":"perhaps")"));
  REQUIRE(heard.size() == 1);
  CHECK(contains(heard[0], R"("status":500,"code":"internal")"));
  CHECK_FALSE(contains(heard[0], "perhaps"));
}

TEST_CASE("a malformed answer leaves the question open") {
  fixture f;
  testing::fake_client client{f, f.env};
  f.say(client, ask);
  for (auto& bad : {R"({"requestId":1,"payload":1})", R"({"requestId":null})",
                    R"({"requestId":"1","payload":1,"error":{}})",
                    R"({"requestId":"1","payload":null,"\u0065rror":{}})"}) {
    auto heard = f.say(client, bad);
    REQUIRE(heard.size() == 1);
    CHECK(contains(heard[0], R"("status":400,"code":"malformed")"));
    // A good one in between: five in a row close the connection.
    CHECK(f.say(client, answer("2", "")).empty());
  }
  for (auto& bad : {R"(,"error":"no")", R"(,"error":{"status":200})",
                    R"(,"error":{"message":1})", R"(,"requestId":"1")"}) {
    auto heard = f.say(client, answer("1", bad));
    REQUIRE(heard.size() == 1);
    CHECK(contains(heard[0], R"("status":400,"code":"malformed")"));
    CHECK(f.say(client, answer("2", "")).empty());
  }
  CHECK(f.say(client, answer("1", R"(,"payload":1)"))
        == strings{replied("app::desk:confirm", "1")});
}

TEST_CASE("ids that nobody has given are ignored") {
  fixture f;
  testing::fake_client client{f, f.env};
  CHECK(f.say(client, answer("1", "")).empty());
  f.say(client, ask);
  for (auto& id :
       {"", "0", "01", "+1", "1 ", "1.0", "a", "18446744073709551617", "2"})
    CHECK(f.say(client, answer(id, "")).empty());
  CHECK(f.say(client, answer("\\u0031", R"(,"payload":1)"))
        == strings{replied("app::desk:confirm", "1")});
}

TEST_CASE("a message with a topic is a request, whatever else it has") {
  fixture f;
  testing::fake_client client{f, f.env};
  f.say(client, ask);
  auto heard = f.say(client,
                     R"({"topic":"app::desk:decide","payload":{"id":8},)"
                     R"("requestId":"1","error":{},"ackId":2})");
  CHECK(heard == strings{question(8, "2")});
  CHECK(f.say(client, answer("1", R"(,"payload":1)"))
        == strings{replied("app::desk:confirm", "1")});
}

TEST_CASE("a question cannot have a topic of the framework's") {
  fixture f;
  f.strategies.add("app::test:one", [](context& ctx) {
    auto who = *require_actor<websocket_client>(ctx);
    auto ignored = who.request(ctx, "presence", trade{7});
  });
  f.strategies.add("app::test:all", [](context& ctx) {
    auto ignored = request_user(ctx, "42", "error", trade{7});
  });
  testing::fake_client client{f, f.env};
  for (auto name : {"app::test:one", "app::test:all"}) {
    auto heard = f.say(client, call(name));
    REQUIRE(heard.size() == 1);
    CHECK(contains(heard[0], R"("status":500,"code":"internal")"));
  }
}

// -- order --------------------------------------------------------------------

TEST_CASE("a question keeps its place among what else is sent") {
  fixture f;
  f.strategies.add("app::test:tell", [](context& ctx) {
    auto who = *require_actor<websocket_client>(ctx);
    who.send("before", 1);
    auto ignored = who.request(ctx, "trade:confirm", trade{7});
    who.send("after", 2);
  });
  testing::fake_client client{f, f.env};
  auto three = strings{pushed("before", "1"), question(7, "1"),
                       pushed("after", "2")};
  CHECK(f.say(client, call("app::desk:tell", R"({"id":7})")) == three);
  CHECK(f.say(client, answer("1", ""))
        == strings{replied("app::desk:tell", "null")});
  three[1] = question(7, "2");
  three.push_back(replied("app::test:tell", "null"));
  CHECK(f.say(client, call("app::test:tell")) == three);
  // Which nobody hears of.
  CHECK(f.say(client, answer("2", "")).empty());
}

TEST_CASE("an answer is not held back by what waits for it") {
  fixture f;
  // Asks the client it is given, and answers a number with the client's answer.
  auto slow = f.system.spawn([](caf::event_based_actor* self) {
    auto answer = std::make_shared<caf::response_promise>();
    return caf::behavior{
      [=](const caf::actor& whom) {
        client{whom}
          .request<int>(*self, "trade:confirm", trade{7}, 5s)
          .then([=](int x) { answer->deliver(x); },
                [=](caf::error why) { answer->deliver(std::move(why)); });
      },
      [=](int) {
        *answer = self->make_response_promise();
        return *answer;
      },
    };
  });
  f.adopt(slow);
  f.env.options.max_in_flight = 2;
  f.strategies.add("app::test:await", [slow](context& ctx) {
    auto answer = ctx.make_promise<int>();
    ctx.self()->request(slow, caf::infinite, 1).await([answer](int x) mutable {
      answer.deliver(x);
    });
    return answer;
  });
  testing::fake_client client{f, f.env};
  caf::anon_send(slow, client.handle());
  f.run();
  CHECK(client.heard() == strings{question(7, "1")});
  CHECK(f.say(client, call("app::test:await")).empty());
  // As many as may wait behind it.
  for (int id : {2, 3})
    CHECK(f.say(client, call("app::test:confirm", R"({"id":8})", id)).empty());
  auto heard = f.say(client, answer("1", R"(,"payload":5)"));
  CHECK(std::count(heard.begin(), heard.end(), replied("app::test:await", "5"))
        == 1);
}

// -- coroutines ---------------------------------------------------------------

TEST_CASE("a coroutine awaits what a client answers") {
  fixture f;
  auto handler = [](context ctx, trade what) -> task<std::string> {
    auto who = require_actor<websocket_client>(ctx);
    auto first = who->request<bool>(ctx, "trade:confirm", what, 5s);
    auto second = who->request<int>(ctx, "trade:confirm", trade{8}, 3s);
    auto price = co_await std::move(second);
    if (!price)
      co_return price.error();
    auto yes = co_await std::move(first);
    if (!yes)
      co_return yes.error();
    who->request(ctx, "trade:done", what).ignore();
    co_return *yes ? "sold for " + std::to_string(*price) : "not sold";
  };
  f.strategies.add("app::test:sell", handler);
  f.adopt(host(f.services, {}, [=](domain_actor<>*) -> domain_behavior {
    return {on("app::shop:sell", handler)};
  }));
  f.run();
  for (auto& name : {"app::test:sell", "app::shop:sell"}) {
    testing::fake_client client{f, f.env};
    auto sell = call(name, R"({"id":7})");
    CHECK(f.say(client, sell) == strings{question(7, "1"), question(8, "2")});
    // The first comes before it is awaited.
    CHECK(f.say(client, answer("1", R"(,"payload":true)")).empty());
    CHECK(f.say(client, answer("2", R"(,"payload":5)"))
          == strings{R"({"topic":"trade:done","payload":{"id":7},)"
                     R"("requestId":"3"})",
                     replied(name, R"("sold for 5")")});
    f.say(client, sell);
    auto heard = f.say(client, answer("5", R"(,"error":{"status":409,)"
                                           R"("code":"declined"})"));
    REQUIRE(heard.size() == 1);
    CHECK(contains(heard[0], R"("status":409,"code":"declined")"));
    f.say(client, sell);
    heard = f.say(client, answer("7", R"(,"payload":"much")"));
    REQUIRE(heard.size() == 1);
    CHECK(contains(heard[0], R"("status":500)"));
    f.say(client, sell);
    f.advance(3s);
    heard = client.heard();
    REQUIRE(heard.size() == 2);
    CHECK(std::count(heard.begin(), heard.end(), ended("9")) == 1);
    CHECK(contains(heard[0] + heard[1], R"("status":504)"));
    // Nobody waits for the rest; the client may go in the middle.
    f.say(client, sell);
    client.disconnect();
    f.run();
  }
}

// -- the end of a question ----------------------------------------------------

TEST_CASE("a question that is not answered in time is over") {
  fixture f;
  testing::fake_client client{f, f.env};
  f.say(client, ask);
  f.advance(2s);
  f.say(client, call("app::test:confirm", R"({"id":8})", 2));
  f.advance(2999ms);
  CHECK(client.heard().empty());
  f.advance(1ms);
  auto heard = client.heard();
  REQUIRE(heard.size() == 2);
  CHECK(std::count(heard.begin(), heard.end(), ended("1")) == 1);
  CHECK(contains(heard[0] + heard[1], R"("status":504,"code":"timeout"},)"
                                      R"("ackId":1})"));
  CHECK(f.say(client, answer("1", "")).empty());
  f.advance(2s);
  heard = client.heard();
  REQUIRE(heard.size() == 2);
  CHECK(std::count(heard.begin(), heard.end(), ended("2")) == 1);
  CHECK(contains(heard[0] + heard[1], R"("ackId":2})"));
}

TEST_CASE("each question has its own time") {
  fixture f;
  testing::fake_client client{f, f.env};
  std::vector<int> late;
  auto asker = f.system.spawn([&](caf::event_based_actor* self) {
    return caf::behavior{[&, self](int seconds) {
      flamigo::client{client.handle()}
        .request(*self, "trade:confirm", trade{seconds},
                 std::chrono::seconds{seconds})
        .then([] {},
              [&, seconds](const caf::error& why) {
                CHECK(why == errc::timeout);
                late.push_back(seconds);
              });
    }};
  });
  f.adopt(asker);
  for (auto seconds : {5, 1, 3, 0, 2})
    caf::anon_send(asker, seconds);
  f.run();
  // One that has no time is not asked.
  CHECK(late == std::vector{0});
  CHECK(client.heard().size() == 4);
  for (int i = 0; i < 5; ++i)
    f.advance(1s);
  CHECK(late == std::vector{0, 1, 2, 3, 5});
  CHECK(client.heard()
        == strings{ended("2"), ended("4"), ended("3"), ended("1")});
}

TEST_CASE("a question may wait for ever") {
  fixture f;
  f.env.options.request_timeout = std::chrono::hours{1'000};
  f.strategies.add("app::test:wait",
                   [](context ctx, trade what) -> task<raw_json> {
                     auto who = require_actor<websocket_client>(ctx);
                     co_return co_await who->request<raw_json>(
                       ctx, "trade:confirm", what, caf::timespan::max());
                   });
  testing::fake_client client{f, f.env};
  CHECK(f.say(client, call("app::test:wait", R"({"id":7})"))
        == strings{question(7, "1")});
  f.say(client, call("app::desk:confirm", R"({"id":8})", 2));
  f.advance(std::chrono::hours{999});
  CHECK(client.heard().size() == 2);
  CHECK(f.say(client, answer("1", R"(,"payload":1)"))
        == strings{replied("app::test:wait", "1")});
}

TEST_CASE("whoever asks a client that goes is told at once") {
  fixture f;
  std::vector<std::string> failures;
  std::optional<flamigo::client> who;
  auto asker = f.system.spawn([&](caf::event_based_actor* self) {
    return caf::behavior{[&, self](int) {
      who->request(*self, "trade:confirm", trade{7})
        .then([] { FAIL("nobody has answered"); },
              [&](const caf::error& why) { failures.push_back(code_of(why)); });
    }};
  });
  f.adopt(asker);
  testing::fake_client client{f, f.env};
  who.emplace(client.handle());
  caf::anon_send(asker, 1);
  caf::anon_send(asker, 1);
  f.run();
  CHECK(failures.empty());
  client.disconnect();
  f.run();
  CHECK(failures == strings{"unavailable", "unavailable"});
  // And after that.
  caf::anon_send(asker, 1);
  f.run();
  CHECK(failures.size() == 3);
  CHECK(failures.back() == "unavailable");
}

TEST_CASE("so many questions may be open, and one more fails") {
  constexpr auto max = detail::asking_client::max_questions;
  fixture f;
  f.env.options.max_in_flight = 2 * max;
  testing::fake_client client{f, f.env};
  for (std::size_t i = 0; i < max; ++i)
    client.say(call("app::desk:confirm", R"({"id":7})", static_cast<int>(i)));
  f.run();
  CHECK(client.heard().size() == max);
  auto heard = f.say(client, ask);
  REQUIRE(heard.size() == 1);
  CHECK(contains(heard[0], R"("status":429,"code":"too_many_requests")"));
  CHECK(f.say(client, answer("9", "")).size() == 1);
  CHECK(f.say(client, ask) == strings{question(7, std::to_string(max + 1))});
}

TEST_CASE("a server that drains asks nothing more, and is answered") {
  fixture f;
  testing::fake_client client{f, f.env};
  f.say(client, ask);
  std::optional<errc> late;
  auto asker = f.system.spawn([&](caf::event_based_actor* self) {
    return caf::behavior{[&, self](int) {
      flamigo::client{client.handle()}
        .request(*self, "trade:confirm", trade{7})
        .then([] {},
              [&](const caf::error& why) {
                if (why == errc::unavailable)
                  late = errc::unavailable;
              });
    }};
  });
  f.adopt(asker);
  caf::anon_send(client.handle(), drain_atom_v);
  caf::anon_send(asker, 1);
  f.run();
  CHECK(late == errc::unavailable);
  CHECK(client.heard().empty());
  CHECK(f.say(client, answer("1", R"(,"payload":1)"))
        == strings{replied("app::desk:confirm", "1")});
  client.expect_close(close_code::shutting_down);
}

// -- authentication -----------------------------------------------------------

TEST_CASE("a guest may answer, also while it authenticates") {
  test::auth_fixture f;
  f.strategies.add("app::test:ask", open_to_guests(),
                   [](context& ctx) { return confirm<raw_json>(ctx, {7}); });
  f.verify_later();
  testing::fake_client client{f, f.env};
  client.say(call("app::test:ask"));
  f.run();
  CHECK(client.heard() == strings{question(7, "1")});
  client.say(test::auth_call("ada", 2));
  // Which waits until it is known whose it is.
  client.say(call("app::test:ask", "null", 3));
  f.run();
  CHECK(client.heard().empty());
  client.say(answer("1", R"(,"payload":1)"));
  f.run();
  CHECK(client.heard() == strings{replied("app::test:ask", "1")});
  f.answer();
  CHECK(client.heard() == strings{test::welcome(2), question(7, "2")});
}

TEST_CASE("a guest may not answer without end") {
  test::auth_fixture f;
  testing::fake_client client{f, f.env};
  for (std::size_t i = 0; i <= f.env.auth->options.max_messages; ++i)
    client.say(answer("1", ""));
  client.expect_close(close_code::too_many_requests);
}

// -- all connections of a user ------------------------------------------------

namespace {

struct user_fixture : test::auth_fixture {
  user_fixture() {
    strategies.add("app::test:ask", open_to_guests(),
                   [](context ctx, trade what) -> task<raw_json> {
                     co_return co_await request_user<raw_json>(
                       ctx, "1", "trade:confirm", what, 5s);
                   });
    verify_at_once();
  }

  testing::fake_client connect(const std::string& token) {
    testing::fake_client result{*this, env, token};
    run();
    result.heard();
    return result;
  }

  /// What the asker hears.
  strings ask(testing::fake_client& who) {
    who.say(call("app::test:ask", R"({"id":7})"));
    run();
    return who.heard();
  }
};

} // namespace

TEST_CASE("the first connection of a user that answers has answered") {
  user_fixture f;
  auto asker = f.connect("bob");
  auto first = f.connect("ada");
  auto second = f.connect("moderator ada");
  // Who looks on is not asked.
  flamigo::client{asker.handle()}.subscribe("users/*");
  CHECK(f.ask(asker).empty());
  for (auto* each : {&first, &second})
    CHECK(each->heard() == strings{question(7, "1")});
  second.say(answer("1", R"(,"payload":true)"));
  f.run();
  CHECK(asker.heard() == strings{replied("app::test:ask", "true")});
  CHECK(first.heard() == strings{ended("1")});
  CHECK(second.heard().empty());
  // A refusal is an answer, too.
  CHECK(f.ask(asker).empty());
  first.say(answer("2", R"(,"error":{"message":"no","status":409})"));
  f.run();
  CHECK(contains(asker.heard().at(0), R"("message":"no","status":409)"));
  CHECK(second.heard() == strings{question(7, "2"), ended("2")});
}

TEST_CASE("a connection that has no answer leaves it to the others") {
  user_fixture f;
  auto asker = f.connect("bob");
  auto first = f.connect("ada");
  auto second = f.connect("ada");
  auto third = f.connect("ada");
  f.ask(asker);
  first.say(
    answer("1", R"(,"error":{"status":404,"code":"unknown_strategy"})"));
  second.disconnect();
  f.run();
  CHECK(asker.heard().empty());
  third.say(answer("1", R"(,"payload":3)"));
  f.run();
  CHECK(asker.heard() == strings{replied("app::test:ask", "3")});
  // Until nobody is left.
  f.ask(asker);
  f.advance(5s);
  auto heard = asker.heard();
  REQUIRE(heard.size() == 1);
  CHECK(contains(heard[0], R"("status":504)"));
  CHECK(contains(third.heard().back(), "request:ended"));
}

TEST_CASE("a user who is not connected is not asked") {
  user_fixture f;
  auto asker = f.connect("bob");
  auto heard = f.ask(asker);
  REQUIRE(heard.size() == 1);
  CHECK(contains(heard[0], R"("status":503,"code":"unavailable")"));
  // Nor one who was that user, but is subscribed still.
  auto ada = f.connect("ada");
  flamigo::client{ada.handle()}.subscribe("users/1");
  f.run();
  flamigo::client{ada.handle()}.set_user(std::nullopt);
  f.run();
  heard = f.ask(asker);
  REQUIRE(heard.size() == 1);
  CHECK(contains(heard[0], R"("status":503)"));
  CHECK(ada.heard().empty());
}
