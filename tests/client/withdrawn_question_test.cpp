// What becomes of a question when the call that has asked it is cancelled.

#include <chrono>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include "flamigo/client/client.hpp"
#include "flamigo/client/detail/client_question.hpp"
#include "flamigo/client/request_user.hpp"
#include "flamigo/client/websocket_client.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/strategy/call.hpp"
#include "flamigo/task/sleep.hpp"
#include "flamigo/testing/app.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

const auto question = "trade:confirm";

/// Strategies that ask the client that has the number of the input, and that
/// came first, second, ...
struct fixture {
  fixture() {
    app.on_open([this](client& who) { all.push_back(who); });
    auto ask = [this](context ctx, std::size_t whom) -> task<bool> {
      auto answer = co_await all.at(whom).request<bool>(ctx, question, whom,
                                                        1min);
      if (!answer)
        failure = code_of(answer.error());
      co_return answer;
    };
    // Not awaited yet when it is cancelled.
    auto sleep_first = [this](context ctx, std::size_t whom) -> task<bool> {
      auto answer = all.at(whom).request<bool>(ctx, question, whom, 1min);
      co_await sleep(ctx, 1h);
      auto result = co_await answer;
      if (!result)
        failure = code_of(result.error());
      co_return result;
    };
    auto then = [this](context& ctx, std::size_t whom) {
      auto promise = ctx.make_promise<bool>();
      all.at(whom)
        .request<bool>(ctx, question, whom, 1min)
        .then([promise](bool yes) mutable { promise.deliver(yes); },
              [this, promise](caf::error why) mutable {
                failure = code_of(why);
                promise.deliver(why);
              });
      return promise;
    };
    app.strategies().add("app::inline:ask", ask);
    app.strategies().add("app::inline:sleep_first", sleep_first);
    app.strategies().add("app::inline:then", then);
    app.host([=](domain_actor<>*) -> domain_behavior {
      return {on("app::hosted:ask", ask),
              on("app::hosted:sleep_first", sleep_first),
              on("app::hosted:then", then)};
    });
  }

  static std::vector<std::string> names() {
    std::vector<std::string> result;
    for (auto home : {"app::inline:", "app::hosted:"})
      for (auto action : {"ask", "sleep_first", "then"})
        result.push_back(std::string{home} + action);
    return result;
  }

  std::string failure;
  std::vector<client> all;
  testing::app app;
};

} // namespace

TEST_CASE("a question is withdrawn with the call that has asked it") {
  for (auto& name : fixture::names())
    for (std::size_t whom = 0; whom < 2; ++whom) {
      INFO(name << " asks " << whom);
      fixture f;
      auto ada = f.app.connect();
      auto bob = f.app.connect();
      auto& asked = whom == 0 ? ada : bob;
      auto ref = ada.send(name, whom);
      CHECK(asked.expect_request<std::size_t>(question) == whom);
      CHECK(ada.cancel(ref));
      ada.expect_error(ref, 499);
      CHECK(f.failure == "cancelled");
      asked.expect_push("request:ended");
      // Its answer is too late.
      asked.answer(true);
      ada.expect_nothing();
      bob.expect_nothing();
    }
}

TEST_CASE("the deadline of a call withdraws what it has asked") {
  for (auto& name : fixture::names()) {
    INFO(name);
    fixture f;
    auto ada = f.app.connect();
    auto bob = f.app.connect();
    auto ref = ada.send(name, 1);
    bob.expect_request(question);
    f.app.advance(10s);
    ada.expect_error(ref, 504);
    bob.expect_push("request:ended");
    bob.expect_nothing();
  }
}

TEST_CASE("a question is withdrawn with who has called its strategy") {
  for (auto& name : fixture::names()) {
    INFO(name);
    fixture f;
    auto ada = f.app.connect();
    auto bob = f.app.connect();
    f.app.strategies().add("app::test:call", [&](context ctx) -> task<bool> {
      co_return co_await ctx.call_strategy<bool>(name, 1);
    });
    auto ref = ada.send("app::test:call");
    bob.expect_request(question);
    ada.disconnect();
    f.app.run();
    bob.expect_push("request:ended");
    (void) ref;
  }
}

TEST_CASE("a call that is cancelled asks nobody") {
  fixture f;
  std::string again;
  auto late = [&](context ctx) -> task<void> {
    co_await sleep(ctx, 1min);
    auto one = co_await f.all.at(1).request(ctx, question, 1);
    auto other = co_await request_user(ctx, "1", question, 1);
    again = code_of(one.error()) + " " + code_of(other.error());
    co_return ok;
  };
  f.app.strategies().add("app::test:inline", late);
  f.app.host([&](domain_actor<>*) -> domain_behavior {
    return {on("app::test:hosted", late)};
  });
  for (auto name : {"app::test:inline", "app::test:hosted"}) {
    INFO(name);
    again.clear();
    f.all.clear();
    auto ada = f.app.connect();
    auto bob = f.app.connect();
    auto ref = ada.send(name);
    ada.cancel(ref);
    ada.expect_error(ref, 499);
    f.app.run();
    CHECK(again == "cancelled cancelled");
    bob.expect_nothing();
  }
}

TEST_CASE("what is asked with a context that was kept stays open") {
  fixture f;
  f.app.strategies().add("app::test:kept", [&](context ctx) -> task<bool> {
    co_return co_await f.all.at(1).request<bool>(ctx.keep(), question, 1, 1min);
  });
  auto ada = f.app.connect();
  auto bob = f.app.connect();
  auto ref = ada.send("app::test:kept");
  bob.expect_request(question);
  ada.cancel(ref);
  ada.expect_error(ref, 499);
  bob.expect_nothing();
  f.app.advance(1min);
  bob.expect_push("request:ended");
}

TEST_CASE("withdrawn questions leave their places to others") {
  fixture f;
  auto ada = f.app.connect();
  auto bob = f.app.connect();
  for (int i = 0; i < 100; ++i) {
    auto ref = ada.send("app::hosted:ask", 1);
    bob.expect_request(question);
    CHECK(ada.cancel(ref));
    ada.expect_error(ref, 499);
    bob.expect_push("request:ended");
  }
  auto ref = ada.send("app::hosted:ask", 1);
  bob.expect_request(question);
  bob.answer(true);
  CHECK(ada.expect_reply<bool>(ref));
}

TEST_CASE("a question to all connections of a user is withdrawn from all") {
  fixture f;
  f.app.authenticate();
  auto ask = [](context ctx) -> task<bool> {
    co_return co_await request_user<bool>(ctx, "1", question, 1, 1min);
  };
  f.app.strategies().add("app::test:inline", ask);
  f.app.host([=](domain_actor<>*) -> domain_behavior {
    return {on("app::test:hosted", ask)};
  });
  auto bob = f.app.connect(user{.id = "2", .name = "Bob"});
  auto first = f.app.connect(user{.id = "1", .name = "Ada"});
  auto second = f.app.connect(user{.id = "1", .name = "Ada"});
  for (auto name : {"app::test:inline", "app::test:hosted"}) {
    INFO(name);
    auto ref = bob.send(name);
    first.expect_request(question);
    second.expect_request(question);
    CHECK(bob.cancel(ref));
    bob.expect_error(ref, 499);
    first.expect_push("request:ended");
    second.expect_push("request:ended");
    first.expect_nothing();
    second.expect_nothing();
  }
}

TEST_CASE("what was withdrawn before it came is not asked") {
  fixture f;
  auto ada = f.app.connect();
  auto call = std::make_shared<detail::call_state>(
    acting_actor{nullptr, backend_claims()}, question, "");
  call->callee = caf::actor_cast<caf::strong_actor_ptr>(ada.handle());
  caf::anon_send(
    ada.handle(),
    detail::client_question{
      question, "1", caf::actor_clock::time_point::max(), {}, call});
  // It is in a greater hurry.
  detail::call_state::cancel(call, errc::cancelled, nullptr);
  f.app.run();
  ada.expect_nothing();
}
