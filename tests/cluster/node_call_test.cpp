// Calls of strategies that run on another node.

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <caf/event_based_actor.hpp>

#include "cluster/fake_domain.hpp"
#include "cluster/node_world.hpp"
#include "flamigo/cluster/detail/node_call.hpp"
#include "flamigo/cluster/detail/peer_answers.hpp"
#include "flamigo/context/strategy_reply.hpp"
#include "flamigo/error/error.hpp"
#include "support/quiet_log.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::node_world;

namespace {

/// What becomes of some calls.
struct outcomes {
  std::vector<std::string> answers;
  std::vector<caf::error> failures;
};

constexpr auto forever = caf::timespan::max();

claims_ptr ada() {
  auto result = std::make_shared<claims>();
  result->type = claims_type::websocket;
  result->connection_id = "c1";
  result->remote_address = "192.0.2.1:5000";
  result->user = user{.id = "7", .name = "Ada", .permissions = {"order"}};
  result->headers.emplace_back("cookie", "secret");
  return result;
}

struct fixture : node_world {
  fixture() {
    orders.host(*this, there, {"app::orders:add", "app::orders:drop"});
    settle();
    pass(500ms);
  }

  context made(caf::timespan time, std::string_view payload = R"({"n":2})") {
    acting_actor who{nullptr, ada()};
    context::call what{&who,    "shop:drop",    payload, until(time),
                       nullptr, &here.services, nullptr};
    what.depth = 3;
    what.passed_over = 0b101;
    context ctx{what};
    ctx.span(span);
    return context{ctx};
  }

  context::time_point until(caf::timespan time) {
    return time == forever ? context::time_point::max()
                           : scheduler.clock().now() + time;
  }

  void call(caf::timespan time = 10s, std::string name = "app::orders:drop",
            std::size_t times = 1) {
    auto to = here.relay->find_node("there");
    REQUIRE(to);
    auto ctx = made(time);
    state = ctx.state();
    state->callee = to;
    send(to, ctx, std::move(name), times);
  }

  void send(const caf::strong_actor_ptr& to, const context& ctx,
            std::string name = "app::orders:add", std::size_t times = 1) {
    detail::node_call what{std::move(name), ctx};
    adopt(system.spawn([=, results = came](caf::event_based_actor* self) {
      for (std::size_t i = 0; i < times; ++i)
        self->request(caf::actor_cast<caf::actor>(to), caf::infinite, what)
          .then(
            [=](strategy_reply& x) { results->answers.push_back(x.payload); },
            [=](caf::error& x) { results->failures.push_back(x); });
      return caf::behavior{[](int) {}};
    }));
    run();
    settle();
  }

  const caf::error& failure() const {
    REQUIRE(came->answers.empty());
    REQUIRE(came->failures.size() == 1);
    return came->failures[0];
  }

  /// As `here` would have sent it.
  void receive(std::string_view members) {
    auto frame = R"({"flamigo":1,"from":"here","stream":1,"seq":1000,)"
                 + std::string{members} + "}";
    there.home.turn([&] { there.relay->received(frame); });
    settle();
  }

  test::quiet_log quiet;
  node& here = add("here");
  node& there = add("there");
  test::fake_domain orders;
  detail::span_ptr span;
  std::shared_ptr<detail::call_state> state;
  const std::shared_ptr<outcomes> came = std::make_shared<outcomes>();
};

} // namespace

TEST_CASE_METHOD(fixture, "a call runs on the other node, and is answered") {
  call();
  REQUIRE(orders.calls->size() == 1);
  auto& [what, answer] = orders.last();
  CHECK(what.index == 1);
  CHECK(what.ctx.action() == "shop:drop");
  CHECK(what.ctx.payload() == R"({"n":2})");
  CHECK(what.ctx.depth() == 3);
  CHECK(what.ctx.passes_over(0));
  CHECK_FALSE(what.ctx.passes_over(1));
  CHECK(what.ctx.passes_over(2));
  CHECK(what.ctx.deadline() <= scheduler.clock().now() + 10s);
  CHECK(what.ctx.deadline() > scheduler.clock().now() + 9s);
  CHECK(&what.ctx.services() == &there.services);
  // Who asks, without what is nobody else's business.
  CHECK_FALSE(what.ctx.actor().handle);
  auto& who = what.ctx.claims();
  CHECK(who.type == claims_type::websocket);
  CHECK(who.connection_id == "c1");
  REQUIRE(who.user);
  CHECK(who.user->id == "7");
  CHECK(who.user->permissions == std::vector<std::string>{"order"});
  CHECK(who.headers.empty());
  CHECK(orders.slot->queued() == 1);
  CHECK(came->answers.empty());
  answer->deliver(std::string{R"({"left":1})"});
  settle();
  CHECK(came->answers == std::vector<std::string>{R"({"left":1})"});
  CHECK(came->failures.empty());
}

TEST_CASE_METHOD(fixture, "a call without a deadline has none there") {
  call(forever);
  REQUIRE(orders.calls->size() == 1);
  CHECK(orders.last().what.ctx.deadline() == context::time_point::max());
}

TEST_CASE_METHOD(fixture, "a call stays in its trace") {
  auto stands = trace_context::parse(
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  REQUIRE(stands);
  span = std::make_shared<detail::span>(*stands);
  call();
  REQUIRE(orders.calls->size() == 1);
  CHECK(orders.last().what.ctx.trace() == *stands);
}

TEST_CASE_METHOD(fixture, "an error comes back as the client is to read it") {
  call();
  REQUIRE(orders.calls->size() == 1);
  auto& answer = *orders.last().answer;
  SECTION("one of the application") {
    answer.deliver(
      retry_after(public_error("sold out", 409, "sold_out"), 1500ms));
    settle();
    CHECK(code_of(failure()) == "sold_out");
    CHECK(status_of(failure()) == 409);
    CHECK(public_message(failure()) == "sold out");
    CHECK(retry_after_of(failure()) == 1500ms);
  }
  SECTION("a payload that does not fit") {
    answer.deliver(invalid_payload({{"n", "is too large"}}));
    settle();
    CHECK(failure() == errc::invalid_payload);
    auto fields = field_errors_of(failure());
    REQUIRE(fields.size() == 1);
    CHECK(fields[0].field == "n");
    CHECK(fields[0].error == "is too large");
  }
  SECTION("one that only developers read") {
    answer.deliver(wrap(internal_error("disk full"), "saving"));
    settle();
    CHECK(failure() == errc::internal);
    CHECK(public_message(failure()) == default_message(errc::internal));
    CHECK(trace_of(failure()) == "saving: disk full");
  }
  SECTION("one of the next version") {
    here.home.turn([&] {
      here.relay->received(
        R"({"flamigo":1,"from":"there","stream":1,"seq":1000,"answer":)"
        R"({"number":4294967297,"failure":{"code":"melted","status":418,)"
        R"("message":"no","mood":"sad"}}})");
    });
    settle();
    CHECK(code_of(failure()) == "melted");
    CHECK(status_of(failure()) == 418);
    CHECK(trace_of(failure()) == "no");
  }
}

TEST_CASE_METHOD(fixture, "nobody waits for a call longer than its time") {
  call(3s);
  advance(2s);
  pass(250ms);
  CHECK(came->failures.empty());
  advance(1s);
  pass(250ms);
  CHECK(failure() == errc::timeout);
  // Nor does it go on there.
  REQUIRE(orders.calls->size() == 1);
  CHECK(orders.last().what.ctx.ends_by() == errc::timeout);
  // It comes too late.
  orders.last().answer->deliver(std::string{"1"});
  settle();
  CHECK(came->answers.empty());
}

TEST_CASE_METHOD(fixture, "a call that is cancelled is cancelled there") {
  call();
  detail::call_state::cancel(state, errc::cancelled, nullptr);
  settle();
  CHECK(failure() == errc::cancelled);
  REQUIRE(orders.calls->size() == 1);
  CHECK(orders.last().what.ctx.ends_by() == errc::cancelled);
  orders.last().answer->deliver(make_error(errc::cancelled));
  settle();
  CHECK(came->failures.size() == 1);
}

TEST_CASE_METHOD(fixture, "a call that was cancelled before is not sent") {
  auto ctx = made(10s);
  detail::call_state::cancel(ctx.state(), errc::cancelled, nullptr);
  auto to = here.relay->find_node("there");
  send(to, ctx);
  CHECK(failure() == errc::cancelled);
  CHECK(orders.calls->empty());
}

TEST_CASE_METHOD(fixture, "a node that goes leaves no call open") {
  call();
  auto to = here.relay->find_node("there");
  SECTION("since it is not heard") {
    network.split({"there"});
    pass(gone_after + heartbeat);
  }
  SECTION("in order") {
    stop(there);
    settle();
  }
  CHECK(failure() == errc::unavailable);
  CHECK(public_message(failure())
        == "the other node is gone: what was asked of it may or may not have "
           "been done");
  REQUIRE(orders.calls->size() == 1);
  CHECK(orders.last().what.ctx.ends_by() == errc::cancelled);
  // Nor does who has kept what stood for it begin one.
  CHECK_FALSE(here.relay->find_node("there"));
  came->failures.clear();
  send(to, made(10s));
  REQUIRE(came->failures.size() == 1);
  CHECK(code_of(failure()) == "unavailable");
}

TEST_CASE_METHOD(fixture, "an old answer is none to a new call") {
  call();
  // Only this node gives the other one up, where the call goes on.
  network.split({"there"});
  here.home.turn([&] {
    here.relay->tick(std::chrono::steady_clock::time_point{1h} + gone_after
                     + heartbeat);
  });
  settle();
  CHECK(failure() == errc::unavailable);
  came->failures.clear();
  network.heal();
  pass(2 * heartbeat);
  call();
  REQUIRE(orders.calls->size() == 2);
  (*orders.calls)[0].answer->deliver(std::string{"\"old\""});
  settle();
  CHECK(came->answers.empty());
  (*orders.calls)[1].answer->deliver(std::string{"\"new\""});
  settle();
  CHECK(came->answers == std::vector<std::string>{"\"new\""});
}

TEST_CASE_METHOD(fixture, "the nodes that are there are found") {
  CHECK(here.relay->find_node("there"));
  CHECK(there.relay->find_node("here"));
  CHECK_FALSE(here.relay->find_node("here"));
  CHECK_FALSE(here.relay->find_node("elsewhere"));
  stop(here);
  CHECK_FALSE(here.relay->find_node("there"));
}

TEST_CASE_METHOD(fixture, "so many calls are open between two nodes") {
  constexpr auto most = detail::peer_answers::max_open;
  call(10s, "app::orders:add", most + 1);
  CHECK(orders.calls->size() == most);
  CHECK(failure() == errc::too_many_requests);
  for (auto& x : *orders.calls)
    x.answer->deliver(std::string{"1"});
  settle();
  CHECK(came->answers.size() == most);
  CHECK(came->failures.size() == 1);
}

TEST_CASE_METHOD(fixture, "what cannot be sent was not done") {
  SECTION("the call") {
    here.transport.refuses = 1;
    call();
    CHECK(failure() == errc::unavailable);
    CHECK(orders.calls->empty());
  }
  SECTION("or it was, and the answer cannot") {
    call();
    there.transport.refuses = 1;
    REQUIRE(orders.calls->size() == 1);
    orders.last().answer->deliver(std::string{"1"});
    settle();
    CHECK(failure() == errc::unavailable);
    CHECK(public_message(failure())
          == "this was done, but the answer could not be sent");
  }
  // Who has called knows: nothing that clients show is missing.
  pass(2 * heartbeat);
  CHECK(here.gaps.empty());
  CHECK(there.gaps.empty());
  CHECK(here.relay->status().peers.at(0).dropped == 0);
}

TEST_CASE_METHOD(fixture, "what the other node cannot run it refuses") {
  there.strategies.add("app::orders:count", [](const context&) { return 1; });
  test::fake_domain parts;
  parts.host(*this, there, {"app::list:all"}, true);
  SECTION("a name that it does not know") {
    call(10s, "app::orders:burn");
    CHECK(failure() == errc::unknown_strategy);
    CHECK(trace_of(failure()).find("app::orders:burn") != std::string::npos);
  }
  SECTION("what is hosted in no domain") {
    call(10s, "app::orders:count");
    CHECK(failure() == errc::internal);
  }
  SECTION("what answers in parts") {
    call(10s, "app::list:all");
    CHECK(failure() == errc::internal);
    CHECK(parts.calls->empty());
  }
  SECTION("a domain that is down") {
    orders.slot->set(nullptr);
    call();
    CHECK(failure() == errc::unavailable);
  }
}

TEST_CASE_METHOD(fixture, "a domain whose queue is full takes no call") {
  test::fake_domain narrow{1};
  narrow.host(*this, there, {"app::narrow:go"});
  call(10s, "app::narrow:go");
  CHECK(came->failures.empty());
  call(10s, "app::narrow:go");
  CHECK(narrow.calls->size() == 1);
  CHECK(failure() == errc::unavailable);
  CHECK(public_message(failure()) == "this service is busy, try again");
}

TEST_CASE_METHOD(fixture, "a node without strategies refuses calls") {
  auto& bare = add("bare", false);
  settle();
  pass(500ms);
  auto to = here.relay->find_node(bare.name);
  REQUIRE(to);
  send(to, made(10s));
  CHECK(failure() == errc::unavailable);
}

TEST_CASE_METHOD(fixture, "a call of the next version runs") {
  receive(R"("mood":"calm","call":{"number":7,"strategy":"app::orders:add",)"
          R"("action":"a:b","payload":[1],"cause":{"type":"backend",)"
          R"("permissions":[],"shoe":44},"depth":1,"color":"blue"})");
  REQUIRE(orders.calls->size() == 1);
  CHECK(orders.last().what.ctx.payload() == "[1]");
  CHECK(orders.last().what.ctx.claims().type == claims_type::backend);
}

TEST_CASE_METHOD(fixture, "a call that is none runs nothing") {
  receive(R"("call":{"number":7,"strategy":"app::orders:add","payload":1})");
  receive(R"("call":{"number":"7"})");
  receive(R"("call":null)");
  CHECK(orders.calls->empty());
}

TEST_CASE_METHOD(fixture, "a number that was used runs nothing") {
  constexpr auto text
    = R"("call":{"number":7,"strategy":"app::orders:add","action":"a:b",)"
      R"("payload":1,"cause":{"type":"backend","permissions":[]},"depth":1})";
  receive(text);
  there.home.turn([&] {
    there.relay->received(R"({"flamigo":1,"from":"here","stream":1,"seq":1001,)"
                          + std::string{text} + "}");
  });
  settle();
  CHECK(orders.calls->size() == 1);
}
