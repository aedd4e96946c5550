// Questions to users who are connected to another node.

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <caf/event_based_actor.hpp>

#include "cluster/node_world.hpp"
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
  replies[0]->deliver(std::string{"true"});
  settle();
  CHECK(answer == "true");
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
