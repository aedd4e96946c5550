// Questions to users who are connected to another node.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <caf/event_based_actor.hpp>

#include "cluster/node_world.hpp"
#include "flamigo/bus/detail/sync_delivery.hpp"
#include "flamigo/client/detail/client_question.hpp"
#include "flamigo/context/detail/late_reply.hpp"
#include "flamigo/context/strategy_reply.hpp"
#include "flamigo/error/error.hpp"
#include "support/quiet_log.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using detail::client_question;
using test::node_world;

namespace {

/// What becomes of a question.
struct outcome {
  std::optional<std::string> answer;
  std::optional<caf::error> failure;
};

struct fixture : node_world {
  fixture() {
    there.ask = [this](auto& what, auto& whom) {
      questions.push_back(what);
      replies.push_back(std::make_unique<detail::late_reply>(whom));
    };
    settle();
    pass(500ms);
    listener = listen(there, "users/42");
    settle();
  }

  /// What stands here for the users of the other node.
  std::vector<caf::actor> nodes_of(const std::string& user) {
    std::vector<caf::actor> result;
    for (auto& x : here.events.subscribers(topic{"users/" + user}))
      result.push_back(caf::actor_cast<caf::actor>(x));
    return result;
  }

  void ask(caf::timespan time = 10s) {
    auto all = nodes_of("42");
    REQUIRE(all.size() == 1);
    client_question what{"trade:confirm", R"({"price":3})",
                         scheduler.clock().now() + time, "42"};
    asker = system.spawn([=, to = came](caf::event_based_actor* self) {
      self->request(all[0], caf::infinite, what)
        .then([to](strategy_reply& x) { to->answer = x.payload; },
              [to](caf::error& x) { to->failure = x; });
      return caf::behavior{
        [=](int) { self->send(all[0], detail::question_over{}); }};
    });
    adopt(asker);
    run();
    settle();
  }

  test::quiet_log quiet;
  node& here = add("here");
  node& there = add("there");
  test::listener listener;
  std::vector<client_question> questions;
  std::vector<std::unique_ptr<detail::late_reply>> replies;
  caf::actor asker;
  const std::shared_ptr<outcome> came = std::make_shared<outcome>();
  std::optional<std::string>& answer = came->answer;
  std::optional<caf::error>& failure = came->failure;
};

} // namespace

TEST_CASE_METHOD(fixture, "who is wanted on no other node is asked on none") {
  CHECK(nodes_of("42").size() == 1);
  CHECK(nodes_of("43").empty());
}

TEST_CASE_METHOD(fixture,
                 "a question comes to the other node, and its answer back") {
  ask();
  REQUIRE(questions.size() == 1);
  CHECK(questions[0].topic == "trade:confirm");
  CHECK(questions[0].payload == R"({"price":3})");
  CHECK(questions[0].user == "42");
  CHECK(questions[0].deadline <= scheduler.clock().now() + 10s);
  CHECK(questions[0].deadline > scheduler.clock().now() + 9s);
  CHECK_FALSE(answer);
  std::string said = GENERATE("true", "null");
  replies[0]->deliver(said);
  settle();
  CHECK(answer == said);
  CHECK_FALSE(failure);
}

TEST_CASE_METHOD(fixture, "what the client answers instead comes as it is") {
  ask();
  SECTION("one of ours") {
    replies[0]->deliver(make_error(errc::forbidden, "not you"));
    settle();
    REQUIRE(failure);
    CHECK(*failure == errc::forbidden);
    CHECK(public_message(*failure) == "not you");
  }
  SECTION("one of its own") {
    replies[0]->deliver(public_error("too dear", 409, "too_dear"));
    settle();
    REQUIRE(failure);
    CHECK(code_of(*failure) == "too_dear");
    CHECK(status_of(*failure) == 409);
  }
  CHECK_FALSE(answer);
}

TEST_CASE_METHOD(fixture, "nobody waits longer than he has said") {
  ask(3s);
  advance(2s);
  pass(250ms);
  CHECK_FALSE(failure);
  advance(1s);
  pass(250ms);
  REQUIRE(failure);
  CHECK(*failure == errc::timeout);
  // It comes too late.
  replies[0]->deliver(std::string{"true"});
  settle();
  CHECK_FALSE(answer);
}

TEST_CASE_METHOD(fixture, "a node that goes leaves no question open") {
  ask();
  network.split({"there"});
  pass(gone_after + heartbeat);
  REQUIRE(failure);
  CHECK(*failure == errc::unavailable);
  // Nor there.
  REQUIRE(questions.size() == 1);
  CHECK(questions[0].call->why() == errc::cancelled);
}

TEST_CASE_METHOD(fixture,
                 "what nobody wants to know any more is withdrawn there") {
  ask();
  caf::anon_send(asker, 1);
  run();
  settle();
  REQUIRE(questions.size() == 1);
  CHECK(questions[0].call->why() == errc::cancelled);
  REQUIRE(failure);
  CHECK(*failure == errc::unavailable);
}

TEST_CASE_METHOD(fixture,
                 "a topic of the framework is asked by no other node") {
  there.home.turn([&] {
    there.relay->received(
      R"({"flamigo":1,"from":"here","stream":1,"seq":1000,"question":)"
      R"({"number":7,"user":"42","topic":"error","payload":null}})");
  });
  settle();
  CHECK(questions.empty());
}

TEST_CASE_METHOD(fixture, "nodes say how many clients they have") {
  there.connections = 17;
  pass(heartbeat);
  auto all = here.relay->status().peers;
  REQUIRE(all.size() == 1);
  CHECK(all[0].connections == 17);
}

TEST_CASE_METHOD(fixture,
                 "an event that is waited for waits for the other node") {
  auto report = std::make_shared<std::optional<publish_report>>();
  auto publisher = system.spawn([&, report](caf::event_based_actor* self) {
    return caf::behavior{[=, this](std::uint64_t number) {
      auto made = detail::make_event(test::news{"users/42", number},
                                     {{}, backend_claims()});
      here.events.deliver_and_ask(*made, self->context())
        .then(*self, std::chrono::minutes{1},
              [report](publish_report x) { *report = std::move(x); });
    }};
  });
  adopt(publisher);
  auto publish = [&](std::uint64_t number) {
    caf::anon_send(publisher, number);
    run();
  };
  // In its place among the others.
  publish(1);
  node_world::publish(here, "users/42", 2);
  publish(3);
  CHECK_FALSE(*report);
  settle();
  CHECK(listener.numbers() == std::vector<std::uint64_t>{1, 2, 3});
  REQUIRE(*report);
  CHECK((*report)->listeners == 1);
  CHECK((*report)->complete());
  SECTION("who fails there has failed") {
    auto fragile = system.spawn([](caf::event_based_actor*) {
      return caf::behavior{[](const event_ptr&) -> caf::result<void> {
        return make_error(errc::conflict, "no");
      }};
    });
    adopt(fragile);
    there.events.subscribe(caf::actor_cast<caf::strong_actor_ptr>(fragile),
                           topic_pattern{"users/42"});
    report->reset();
    publish(4);
    settle();
    REQUIRE(*report);
    REQUIRE((*report)->failures.size() == 1);
    CHECK((*report)->failures[0].why == errc::conflict);
  }
  SECTION("a node that goes has not handled it") {
    report->reset();
    network.split({"there"});
    publish(4);
    pass(gone_after + heartbeat);
    REQUIRE(*report);
    REQUIRE((*report)->failures.size() == 1);
    CHECK((*report)->failures[0].why == errc::unavailable);
  }
}
