#include "flamigo/cluster/detail/domain_gate.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include "flamigo/cluster/detail/lease_term.hpp"
#include "flamigo/cluster/detail/node_call.hpp"
#include "flamigo/cluster/detail/remote_invocation.hpp"
#include "flamigo/context/detail/call_notice.hpp"
#include "flamigo/domain/detail/domain_term_messages.hpp"
#include "flamigo/domain/domain_actor.hpp"
#include "flamigo/domain/domain_behavior.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/task/sleep.hpp"
#include "flamigo/task/task.hpp"
#include "flamigo/testing/app.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using detail::held_lease;
using detail::node_call;

namespace {

constexpr auto for_ever = held_lease::time_point::max();

/// What is sent to another node, which answers when the test does.
struct other_node {
  caf::actor spawn(caf::actor_system& in) {
    return in.spawn([this](caf::event_based_actor* self) -> caf::behavior {
      return {
        [=, this](const node_call& what) -> caf::result<strategy_reply> {
          calls.push_back(what.strategy);
          auto answer = self->make_response_promise();
          promises.push_back(answer);
          return answer;
        },
        // In its own turn, as CAF wants it.
        [this](const std::string& answer) {
          promises.back().deliver(strategy_reply{answer});
        },
        [this](bool) {
          promises.back().deliver(make_error(errc::forbidden, "not you"));
        },
        [this](const detail::call_notice& what) {
          notices.push_back(what.why);
        },
      };
    });
  }

  std::vector<std::string> calls;
  std::vector<caf::response_promise> promises;
  std::vector<errc> notices;
};

struct placement final : domain_placement {
  placement(std::shared_ptr<held_lease> lease_,
            detail::domain_gate::node_finder find_)
    : lease(std::move(lease_)), find(std::move(find_)) {
  }

  caf::actor place(const services& what, placed_domain domain) override {
    supervisor = domain.supervisor;
    gate = what.system.spawn<detail::domain_gate>(std::cref(what), domain,
                                                  lease, find);
    return gate;
  }

  std::shared_ptr<held_lease> lease;
  detail::domain_gate::node_finder find;
  caf::actor supervisor;
  caf::actor gate;
};

struct world {
  world() {
    node = there.spawn(app.system());
    app.adopt(node);
    where = std::make_shared<placement>(lease, [this](auto& id) {
      return id == "b" ? caf::actor_cast<caf::strong_actor_ptr>(node) : nullptr;
    });
    app.host(hosting_options{.placement = where},
             [this](domain_actor<>*) -> domain_behavior {
               return {
                 on("app::desk:slow",
                    [this](context ctx) -> task<std::uint64_t> {
                      ++begun;
                      auto waited = co_await sleep(ctx, 2s);
                      if (!waited)
                        co_return waited.error();
                      co_return ctx.fencing_token();
                    }),
               };
             });
    app.adopt(where->gate);
  }

  void gain(std::uint64_t token) {
    lease->set(token, for_ever);
    caf::anon_send(
      where->supervisor,
      detail::term_begins{std::make_shared<detail::lease_term>(lease, token)});
    app.run();
  }

  auto call() {
    auto result = app.backend().call_async<std::uint64_t>("app::desk:slow");
    app.run();
    return result;
  }

  /// A call that fails at once.
  std::string code_of_call() {
    return code_of(call().get().error());
  }

  int begun = 0;
  other_node there;
  std::shared_ptr<held_lease> lease = std::make_shared<held_lease>();
  testing::app app;
  caf::actor node;
  std::shared_ptr<placement> where;
};

} // namespace

TEST_CASE("a gate has calls run here while the lease is held") {
  world f;
  f.gain(5);
  auto result = f.call();
  f.app.advance(2s);
  CHECK(result.get() == 5);
  CHECK(f.there.calls.empty());
}

TEST_CASE("what was answered after the lease had ended is dropped") {
  world f;
  f.gain(5);
  auto late = f.call();
  REQUIRE(f.begun == 1);
  SECTION("by time") {
    f.lease->set(0, for_ever);
  }
  SECTION("and begun anew") {
    f.lease->set(6, for_ever);
  }
  f.app.advance(2s);
  auto result = late.get();
  REQUIRE_FALSE(result);
  CHECK(code_of(result.error()) == "unavailable");
  CHECK(trace_of(result.error()).find("it has done it") != std::string::npos);
}

TEST_CASE("a gate asks the node that holds the lease") {
  world f;
  CHECK(f.code_of_call() == "unavailable");
  f.lease->set_holder("somebody who is gone");
  CHECK(f.code_of_call() == "unavailable");
  f.lease->set_holder("b");
  auto result = f.call();
  REQUIRE(f.there.calls == std::vector<std::string>{"app::desk:slow"});
  caf::anon_send(f.node, std::string{"7"});
  f.app.run();
  CHECK(result.get() == 7);
  auto refused = f.call();
  caf::anon_send(f.node, false);
  f.app.run();
  CHECK(code_of(refused.get().error()) == "forbidden");
  CHECK(f.begun == 0);
}

TEST_CASE("a call that nobody waits for is withdrawn there") {
  world f;
  f.lease->set_holder("b");
  {
    auto client = f.app.connect();
    client.send("app::desk:slow");
    f.app.run();
    REQUIRE(f.there.calls.size() == 1);
  }
  f.app.run();
  CHECK(f.there.notices == std::vector{errc::cancelled});
  // Nor one whose time is up.
  auto late = f.call();
  f.app.advance(1min);
  CHECK(code_of(late.get().error()) == "timeout");
  CHECK(f.there.notices.size() == 2);
}

TEST_CASE("what another node has sent goes to no third one") {
  world f;
  f.lease->set_holder("b");
  std::string heard;
  auto asker = f.app.system().spawn([&](caf::event_based_actor* self) {
    acting_actor who{{}, backend_claims()};
    context ctx{{&who, "app::desk:slow", "null",
                 self->clock().now() + std::chrono::seconds{10}, self,
                 &f.app.services(), nullptr}};
    self
      ->request(f.where->gate, caf::infinite,
                detail::remote_invocation{{0, ctx, {}}})
      .then([&](const strategy_reply& x) { heard = x.payload; },
            [&](const caf::error& why) { heard = code_of(why); });
  });
  f.app.run();
  CHECK(heard == "unavailable");
  CHECK(f.there.calls.empty());
}
