// What a strategy call costs beside a bare CAF request that does the same.
//
// All actors of a pair run on CAF's scheduler. With one worker a figure is the
// cost of the messages, with two also that of going from one to the other.

#include <chrono>
#include <memory>
#include <vector>

#include <benchmark/benchmark.h>

#include <boost/describe/class.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include "flamigo/blocking/blocking_pool.hpp"
#include "flamigo/bus/bus.hpp"
#include "flamigo/client/client_feed.hpp"
#include "flamigo/client/transport.hpp"
#include "flamigo/context/services.hpp"
#include "flamigo/context/strategy_reply.hpp"
#include "flamigo/described/inspect.hpp"
#include "flamigo/domain/domain_health.hpp"
#include "flamigo/domain/host.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/roster/roster.hpp"
#include "flamigo/strategy/call.hpp"
#include "flamigo/strategy/detail/begun_call.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/testing/detail/test_unit.hpp"

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
  explicit config(std::int64_t workers = 1) {
    set("scheduler.max-threads", static_cast<std::size_t>(workers));
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

/// One CAF request and its reply between two actors.
void bare_request(benchmark::State& state) {
  config cfg{state.range(0)};
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

BENCHMARK(bare_request)
  ->ArgName("workers")
  ->Arg(1)
  ->Arg(2)
  ->MeasureProcessCPUTime();

// -- strategies ---------------------------------------------------------------

/// From the text of the frame to the text of the reply, in this thread.
void frame_to_inline_strategy(benchmark::State& state) {
  log::set_level(log::level::warning);
  config cfg;
  caf::actor_system system{cfg};
  strategy_registry strategies;
  strategies.add("app::math:add", add);
  strategies.seal();
  bus events{system};
  domain_health domains;
  blocking_pool pool;
  services application{system, strategies, events, domains, pool};
  roster watch{events};
  client_environment env{application, {}, watch.handle()};
  testing::detail::test_unit unit{system};
  auto out = std::make_shared<sink>();
  auto who = std::make_shared<claims>();
  who->connection_id = "0123456789abcdef0123456789abcdef";
  client_feed feed{env, &unit, out, who};
  for (auto _ : state)
    feed.message(frame);
  feed.closed({1000, ""});
  if (out->count != static_cast<std::size_t>(state.iterations()))
    state.SkipWithError("not every frame was answered");
  caf::anon_send_exit(watch.handle(), caf::exit_reason::user_shutdown);
  // It publishes on the bus, which ends first here.
  caf::scoped_actor self{system};
  self->wait_for(watch.handle());
}

BENCHMARK(frame_to_inline_strategy);

/// The strategy alone: bind, run, write.
template <class F>
void run_inline(benchmark::State& state, F handler) {
  strategy_registry strategies;
  strategies.add("app::math:add", handler);
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

void inline_strategy(benchmark::State& state) {
  run_inline(state, add);
}

BENCHMARK(inline_strategy);

/// The same as a coroutine, with all that one may take.
void inline_coroutine(benchmark::State& state) {
  run_inline(state, [](context, add_request in) -> task<add_reply> {
    co_return add(in);
  });
}

BENCHMARK(inline_coroutine);

domain_behavior math(domain_actor<>*) {
  return {on("app::math:add", add)};
}

/// Asks the other one by callbacks.
domain_behavior asks_then(domain_actor<>*) {
  return {on("app::shop:add", [](context& ctx, const add_request& in) {
    auto promise = ctx.make_promise<add_reply>();
    ctx.call_strategy<add_reply>("app::math:add", in)
      .then([promise](add_reply sum) mutable { promise.deliver(sum); },
            [promise](caf::error why) mutable {
              promise.deliver(std::move(why));
            });
    return promise;
  })};
}

/// Awaits it.
domain_behavior asks_awaiting(domain_actor<>*) {
  return {
    on("app::shop:add", [](context ctx, add_request in) -> task<add_reply> {
      co_return co_await ctx.call_strategy<add_reply>("app::math:add", in);
    })};
}

/// What one call of a stream gives.
constexpr int items = 1000;

stream<add_reply> sums(add_request in) {
  for (int i = 0; i < items; ++i) {
    add_reply next{in.left + i};
    co_yield next;
  }
}

task<add_reply> sum_of(stream<add_reply> rows) {
  add_reply result{0};
  while (auto next = co_await rows.next().or_throw())
    result.sum += next->sum;
  co_return result;
}

domain_behavior streams(domain_actor<>*) {
  return {on("app::math:sums", sums)};
}

/// Reads a stream of another domain.
domain_behavior reads(domain_actor<>*) {
  return {
    on("app::shop:sum", [](context ctx, add_request in) -> task<add_reply> {
      co_return co_await sum_of(
        ctx.call_strategy<stream<add_reply>>("app::math:sums", in));
    })};
}

/// Reads one that a function has made.
domain_behavior reads_its_own(domain_actor<>*) {
  return {on("app::shop:sum", [](context, add_request in) -> task<add_reply> {
    co_return co_await sum_of(sums(in));
  })};
}

/// Calls the hosted strategy `count` times, one after the other, as a
/// connection actor does.
class strategy_caller : public caf::event_based_actor {
public:
  strategy_caller(caf::actor_config& cfg, const services& application,
                  const char* callee, std::int64_t count, caf::actor whom)
    : caf::event_based_actor(cfg), application_(application), callee_(callee),
      left_(count),
      whom_(std::move(whom)), who_{caf::actor_cast<caf::actor>(this),
                                   backend_claims()} {
  }

  caf::behavior make_behavior() override {
    on_reply_ = {[this](strategy_reply& reply) {
      benchmark::DoNotOptimize(reply.payload.data());
      ask();
    }};
    ask();
    return {};
  }

  void on_exit() override {
    // They hold this actor.
    on_reply_ = {};
    who_ = {};
  }

private:
  void ask() {
    if (left_-- == 0) {
      send(whom_, caf::ok_atom_v);
      return quit();
    }
    flamigo::context ctx{{&who_, callee_, R"({"left":20,"right":22})",
                          clock().now() + std::chrono::seconds{10}, this,
                          &application_, nullptr}};
    auto what = application_.strategies.find(callee_);
    if (auto sent = detail::send_invocation(*this, *what->host(), ctx))
      add_multiplexed_response_handler(sent->id, on_reply_);
  }

  const services& application_;
  const char* callee_;
  std::int64_t left_;
  caf::actor whom_;
  acting_actor who_;
  caf::behavior on_reply_;
};

/// A call counts as so many.
template <std::int64_t Each = 1, class... Fs>
void run_hosted(benchmark::State& state, const char* callee, Fs... domains) {
  config cfg{state.range(0)};
  caf::actor_system system{cfg};
  caf::scoped_actor self{system};
  strategy_registry strategies;
  bus events{system};
  domain_health health;
  blocking_pool pool;
  services application{system, strategies, events, health, pool};
  std::vector<caf::actor> supervisors{host(application, {}, domains)...};
  strategies.seal();
  constexpr std::int64_t batch = 1000;
  while (state.KeepRunningBatch(batch)) {
    system.spawn<strategy_caller>(application, callee, batch / Each,
                                  caf::actor_cast<caf::actor>(self));
    self->receive([](caf::ok_atom) {});
  }
  for (auto& supervisor : supervisors)
    caf::anon_send_exit(supervisor, caf::exit_reason::user_shutdown);
}

/// A hosted strategy called from another actor: the payload
/// is bound and the result written on top of the bare request.
void hosted_strategy(benchmark::State& state) {
  run_hosted(state, "app::math:add", math);
}

BENCHMARK(hosted_strategy)
  ->ArgName("workers")
  ->Arg(1)
  ->Arg(2)
  ->MeasureProcessCPUTime();

/// One that asks another one.
void hosted_strategy_then(benchmark::State& state) {
  run_hosted(state, "app::shop:add", math, asks_then);
}

BENCHMARK(hosted_strategy_then)
  ->ArgName("workers")
  ->Arg(1)
  ->Arg(2)
  ->MeasureProcessCPUTime();

/// The same as a coroutine.
void hosted_coroutine(benchmark::State& state) {
  run_hosted(state, "app::shop:add", math, asks_awaiting);
}

BENCHMARK(hosted_coroutine)
  ->ArgName("workers")
  ->Arg(1)
  ->Arg(2)
  ->MeasureProcessCPUTime();

/// An item of a stream from one domain to another.
void hosted_stream_item(benchmark::State& state) {
  run_hosted<items>(state, "app::shop:sum", streams, reads);
}

BENCHMARK(hosted_stream_item)
  ->ArgName("workers")
  ->Arg(1)
  ->Arg(2)
  ->MeasureProcessCPUTime();

/// One of a stream that is read where it runs, without JSON.
void own_stream_item(benchmark::State& state) {
  run_hosted<items>(state, "app::shop:sum", reads_its_own);
}

BENCHMARK(own_stream_item)->ArgName("workers")->Arg(1)->MeasureProcessCPUTime();

} // namespace
