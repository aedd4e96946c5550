// What a strategy call costs beside a bare CAF request that does the same.
//
// All actors of a pair run on CAF's scheduler with one worker, so that a figure
// is the cost of the messages and not that of waking another core.

#include <chrono>
#include <memory>

#include <benchmark/benchmark.h>

#include <boost/describe/class.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/scoped_execution_unit.hpp>
#include <caf/send.hpp>

#include "flamigo/actors/client_feed.hpp"
#include "flamigo/actors/roster.hpp"
#include "flamigo/actors/transport.hpp"
#include "flamigo/bus.hpp"
#include "flamigo/host.hpp"
#include "flamigo/impl/begun_call.hpp"
#include "flamigo/inspect.hpp"
#include "flamigo/services.hpp"
#include "flamigo/strategy_registry.hpp"

namespace {

using namespace flamigo;

struct add_request {
  int left;
  int right;
};

BOOST_DESCRIBE_STRUCT(add_request, (), (left, right))

struct add_reply {
  int sum;
};

BOOST_DESCRIBE_STRUCT(add_reply, (), (sum))

add_reply add(const add_request& in) {
  return {in.left + in.right};
}

struct config : caf::actor_system_config {
  config() {
    set("scheduler.max-threads", 1u);
  }
};

/// Where replies go: counted and forgotten.
struct sink : transport {
  void send(std::string_view text) override {
    ++count;
    bytes += text.size();
  }

  void close(const close_reason&) override {
  }

  std::size_t count = 0;
  std::size_t bytes = 0;
};

constexpr auto frame = R"({"topic":"app::math:add",)"
                       R"("payload":{"left":20,"right":22},"ackId":"12345"})";

// -- bare CAF -----------------------------------------------------------------

caf::behavior adder(caf::event_based_actor*) {
  return {[](const add_request& in) { return add(in); }};
}

/// Sends itself through `count` requests, one after the other.
void ask(caf::event_based_actor* self, caf::actor to, std::int64_t count,
         caf::actor whom) {
  if (count == 0) {
    self->send(whom, caf::ok_atom_v);
    return;
  }
  self->request(to, caf::infinite, add_request{20, 22})
    .then([=](const add_reply& reply) {
      benchmark::DoNotOptimize(reply.sum);
      ask(self, to, count - 1, whom);
    });
}

/// One CAF request and its reply between two actors on one worker.
void bare_request(benchmark::State& state) {
  config cfg;
  caf::actor_system system{cfg};
  caf::scoped_actor self{system};
  auto to = system.spawn(adder);
  constexpr std::int64_t batch = 1000;
  while (state.KeepRunningBatch(batch)) {
    system.spawn(ask, to, batch, caf::actor_cast<caf::actor>(self));
    self->receive([](caf::ok_atom) {});
  }
  caf::anon_send_exit(to, caf::exit_reason::user_shutdown);
}

BENCHMARK(bare_request)->UseRealTime();

// -- strategies ---------------------------------------------------------------

/// From the text of the frame to the text of the reply, in this thread.
void frame_to_inline_strategy(benchmark::State& state) {
  config cfg;
  caf::actor_system system{cfg};
  strategy_registry strategies;
  strategies.add("app::math:add", add);
  bus events{system};
  services application{system, strategies, events};
  roster watch{events};
  client_environment env{application, {}, watch.handle()};
  caf::scoped_execution_unit unit{&system};
  auto out = std::make_shared<sink>();
  auto who = std::make_shared<claims>();
  client_feed feed{env, &unit, out, who};
  for (auto _ : state)
    feed.message(frame);
  feed.closed({1000, ""});
  if (out->count != static_cast<std::size_t>(state.iterations()))
    state.SkipWithError("not every frame was answered");
  caf::anon_send_exit(watch.handle(), caf::exit_reason::user_shutdown);
}

BENCHMARK(frame_to_inline_strategy);

/// The strategy alone: bind, run, write.
void inline_strategy(benchmark::State& state) {
  strategy_registry strategies;
  strategies.add("app::math:add", add);
  acting_actor who{{}, backend_claims()};
  auto what = strategies.find("app::math:add");
  std::string out;
  for (auto _ : state) {
    context ctx{{&who,
                 what->name(),
                 R"({"left":20,"right":22})",
                 {},
                 nullptr,
                 nullptr,
                 nullptr}};
    out.clear();
    if (what->handlers()->invoke(ctx, out).what()
        != detail::outcome::kind::done)
      state.SkipWithError("the strategy failed");
    benchmark::DoNotOptimize(out.data());
  }
}

BENCHMARK(inline_strategy);

domain_behavior math(domain_actor<>*) {
  return {on("app::math:add", add)};
}

/// Calls the hosted strategy `count` times, one after the other.
void ask_strategy(caf::event_based_actor* self, const services* application,
                  std::int64_t count, caf::actor whom) {
  if (count == 0) {
    self->send(whom, caf::ok_atom_v);
    return;
  }
  acting_actor who{caf::actor_cast<caf::actor>(self), backend_claims()};
  context ctx{{&who, "app::math:add", R"({"left":20,"right":22})",
               self->clock().now() + std::chrono::seconds{10}, self,
               application, nullptr}};
  auto what = application->strategies.find("app::math:add");
  auto id = detail::send_invocation(*self, *what->host(), ctx);
  if (!id)
    return;
  detail::await_reply(
    *self, {what->name(), *id, {}, {}},
    [=](std::string& json) {
      benchmark::DoNotOptimize(json.data());
      ask_strategy(self, application, count - 1, whom);
    },
    [](caf::error&) {});
}

/// A hosted strategy called from another actor on the same worker: the payload
/// is bound and the result written on top of the bare request.
void hosted_strategy(benchmark::State& state) {
  config cfg;
  caf::actor_system system{cfg};
  caf::scoped_actor self{system};
  strategy_registry strategies;
  bus events{system};
  services application{system, strategies, events};
  auto supervisor = host(application, {}, math);
  constexpr std::int64_t batch = 1000;
  while (state.KeepRunningBatch(batch)) {
    system.spawn(ask_strategy, &application, batch,
                 caf::actor_cast<caf::actor>(self));
    self->receive([](caf::ok_atom) {});
  }
  caf::anon_send_exit(supervisor, caf::exit_reason::user_shutdown);
}

BENCHMARK(hosted_strategy)->UseRealTime();

} // namespace
