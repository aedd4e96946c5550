// One actor calls those that share the keys among them: what has one key is
// handled in order and by one actor, different keys at the same time.

#include <functional>
#include <map>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "program.hpp"

namespace {

struct order {
  std::string customer;
  std::int64_t count;
};

BOOST_DESCRIBE_STRUCT(order, (), (customer, count))

/// All that a shard knows of its customers.
struct orders_state {
  std::map<std::string, std::int64_t> ordered;
};

const std::vector<std::string>& customers() {
  static const auto result = [] {
    std::vector<std::string> names;
    for (int i = 0; i < 100; ++i)
      names.push_back("customer " + std::to_string(i));
    return names;
  }();
  return result;
}

std::size_t shard_of(const std::string& key, std::size_t shards) {
  return std::hash<std::string>{}(key) % shards;
}

// -- domain actors ------------------------------------------------------------

std::string add_of(std::size_t shard) {
  return "app::orders-" + std::to_string(shard) + ":add";
}

flamigo::domain_behavior orders(flamigo::domain_actor<orders_state>* self,
                                std::size_t shard) {
  return {flamigo::on(add_of(shard), [=](const order& in) {
    return self->state.ordered[in.customer] += in.count;
  })};
}

flamigo::domain_behavior desk(flamigo::domain_actor<>*, std::size_t shards) {
  return {flamigo::on("app::desk:work", [=](flamigo::context& ctx,
                                            std::int64_t count) {
    auto promise = ctx.make_promise<void>();
    tally answered{count, promise};
    for (std::int64_t i = 0; i < count; ++i) {
      auto& who = customers()[static_cast<std::size_t>(i % 100)];
      ctx
        .call_strategy<std::int64_t>(add_of(shard_of(who, shards)),
                                     order{who, 1})
        .then(answered,
              [=](caf::error why) { answered.failed(std::move(why)); });
    }
    return promise;
  })};
}

void sharded_domains(benchmark::State& state) {
  flamigo::application app{with_workers(state.range(0))};
  auto shards = static_cast<std::size_t>(state.range(1));
  for (std::size_t i = 0; i < shards; ++i)
    app.host(orders, i);
  app.host(desk, shards);
  while (state.KeepRunningBatch(batch))
    if (!finished(state, app.backend().call("app::desk:work", batch)))
      break;
}

// -- bare CAF -----------------------------------------------------------------

caf::behavior bare_orders(caf::stateful_actor<orders_state>* self) {
  return {[=](const std::string& customer, std::int64_t count) {
    return self->state.ordered[customer] += count;
  }};
}

caf::behavior bare_desk(caf::event_based_actor* self,
                        const std::vector<caf::actor>& shards) {
  return {[=](std::int64_t count) {
    auto promise = self->make_response_promise<std::int64_t>();
    auto waiting = std::make_shared<std::int64_t>(count);
    for (std::int64_t i = 0; i < count; ++i) {
      auto& who = customers()[static_cast<std::size_t>(i % 100)];
      self
        ->request(shards[shard_of(who, shards.size())], caf::infinite, who,
                  std::int64_t{1})
        .then([=](std::int64_t) mutable {
          if (--*waiting == 0)
            promise.deliver(count);
        });
    }
    return promise;
  }};
}

void sharded_bare(benchmark::State& state) {
  bare_config config{state.range(0)};
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  std::vector<caf::actor> shards;
  for (std::int64_t i = 0; i < state.range(1); ++i)
    shards.push_back(system.spawn(bare_orders));
  auto seller = system.spawn(bare_desk, shards);
  while (state.KeepRunningBatch(batch))
    run_bare(self, seller, batch);
  state.SetItemsProcessed(state.iterations());
  shards.push_back(seller);
  for (auto& who : shards)
    caf::anon_send_exit(who, caf::exit_reason::user_shutdown);
}

// -- both ---------------------------------------------------------------------

void on_shards(benchmark::internal::Benchmark* what) {
  what->ArgNames({"workers", "shards"})
    ->ArgsProduct({{1, 2}, {1, 4, 16}})
    ->MeasureProcessCPUTime()
    ->UseRealTime();
}

BENCHMARK(sharded_domains)->Apply(on_shards);
BENCHMARK(sharded_bare)->Apply(on_shards);

} // namespace
