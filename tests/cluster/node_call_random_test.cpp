// Calls between nodes over a network that loses, doubles, reorders and splits,
// against what must be: each is answered once, by its deadline at the latest,
// and runs once at most.

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include "cluster/fake_domain.hpp"
#include "cluster/mischief.hpp"
#include "cluster/node_world.hpp"
#include "flamigo/cluster/detail/node_call.hpp"
#include "flamigo/context/strategy_reply.hpp"
#include "flamigo/error/error.hpp"
#include "support/quiet_log.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::node_world;

namespace {

constexpr std::size_t node_count = 3;

constexpr auto time_for_each = 5s;

/// What has become of a call.
struct fate {
  unsigned answers = 0;
  unsigned failures = 0;
  std::string answer;
  caf::error why;
};

struct story {
  explicit story(std::uint32_t seed) : random(seed), world(seed) {
    for (std::size_t i = 0; i < node_count; ++i) {
      auto& made = world.add(std::string(1, static_cast<char>('a' + i)));
      domains.emplace_back().host(world, made, {"app::work:do"});
    }
    world.settle();
    world.pass(500ms);
  }

  /// Its number is its payload.
  void call() {
    auto& from = *world.nodes[random() % node_count];
    auto to = from.relay->find_node(world.nodes[random() % node_count]->name);
    if (!to)
      return;
    auto& mine = *fates.emplace_back(std::make_unique<fate>());
    auto number = std::to_string(fates.size() - 1);
    acting_actor who{nullptr, backend_claims()};
    context ctx{{&who, "app::work:do", number,
                 world.scheduler.clock().now() + time_for_each, nullptr,
                 &from.services, nullptr}};
    auto state = ctx.state();
    state->callee = to;
    states.push_back(state);
    detail::node_call what{"app::work:do", ctx};
    world.adopt(world.system.spawn([=, &mine](caf::event_based_actor* self) {
      self->request(caf::actor_cast<caf::actor>(to), caf::infinite, what)
        .then(
          [&mine](strategy_reply& x) {
            ++mine.answers;
            mine.answer = x.payload;
          },
          [&mine](caf::error& x) {
            ++mine.failures;
            mine.why = x;
          });
      return caf::behavior{[](int) {}};
    }));
    world.run();
  }

  void cancel() {
    if (!states.empty())
      detail::call_state::cancel(states[random() % states.size()],
                                 errc::cancelled, nullptr);
  }

  /// Some domain answers one of those that it was asked.
  void answer() {
    auto& calls = *domains[random() % node_count].calls;
    if (calls.empty())
      return;
    auto& [what, answer] = calls[random() % calls.size()];
    if (!answer->pending())
      return;
    std::string number{what.ctx.payload()};
    if (random() % 4 == 0)
      answer->deliver(public_error("no", 409, "n" + number));
    else
      answer->deliver(number);
  }

  void check() {
    std::map<std::string, unsigned> runs;
    for (auto& x : domains)
      for (auto& call : *x.calls)
        ++runs[std::string{call.what.ctx.payload()}];
    for (std::size_t i = 0; i < fates.size(); ++i) {
      auto& x = *fates[i];
      auto number = std::to_string(i);
      CAPTURE(number, trace_of(x.why));
      CHECK(x.answers + x.failures == 1);
      auto count = runs[number];
      CHECK(count <= 1);
      if (x.answers > 0) {
        CHECK(x.answer == number);
        CHECK(count == 1);
      }
      if (x.failures > 0 && status_of(x.why) == 409)
        CHECK(code_of(x.why) == "n" + number);
      if (public_message(x.why).ends_with("and was not done"))
        CHECK(count == 0);
    }
  }

  /// Until there is nothing that anybody waits for.
  void finish() {
    test::calm(world);
    world.advance(time_for_each);
    world.pass(500ms);
  }

  std::mt19937 random;
  node_world world;
  std::vector<test::fake_domain> domains;
  std::vector<std::unique_ptr<fate>> fates;
  std::vector<std::shared_ptr<detail::call_state>> states;
};

} // namespace

TEST_CASE("whatever the network does, each call is answered once") {
  test::quiet_log quiet;
  std::size_t answers = 0;
  std::size_t failures = 0;
  for (std::uint32_t seed = 1; seed <= test::seeds(); ++seed) {
    CAPTURE(seed);
    story uut{seed};
    for (auto round = 0; round < 200; ++round) {
      switch (uut.random() % 10) {
        case 0:
          test::mischief(uut.world, uut.random);
          break;
        case 1:
          uut.world.pass(std::chrono::milliseconds{250 * (uut.random() % 30)});
          break;
        case 2:
          uut.world.advance(std::chrono::milliseconds{uut.random() % 1'000});
          break;
        case 3:
          uut.cancel();
          break;
        case 4:
        case 5:
        case 6:
          uut.answer();
          break;
        default:
          uut.call();
      }
      if (uut.random() % 3 == 0)
        uut.world.settle();
    }
    uut.finish();
    uut.check();
    for (auto& x : uut.fates) {
      answers += x->answers;
      failures += x->failures;
    }
  }
  // Neither is all that there is.
  CHECK(answers > failures / 10);
  CHECK(failures > answers / 10);
}
