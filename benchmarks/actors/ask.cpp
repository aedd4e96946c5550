// An actor asks another, and answers what it hears: a shop that asks a stock.
// All of a batch are under way at once, as with many customers.

#include "program.hpp"

namespace {

// -- domain actors ------------------------------------------------------------

struct stock_state {
  std::int64_t left = 1'000'000'000;
};

flamigo::domain_behavior stock(flamigo::domain_actor<stock_state>* self) {
  return {flamigo::on("app::stock:take", [=](std::int64_t count) {
    return self->state.left -= count;
  })};
}

flamigo::domain_behavior shop(flamigo::domain_actor<>*) {
  return {
    flamigo::on("app::shop:buy", [](flamigo::context& ctx, std::int64_t count) {
      auto promise = ctx.make_promise<std::int64_t>();
      ctx.call_strategy<std::int64_t>("app::stock:take", count)
        .then([=](std::int64_t left) mutable { promise.deliver(left); },
              [=](caf::error why) mutable { promise.deliver(std::move(why)); });
      return promise;
    })};
}

flamigo::domain_behavior customers(flamigo::domain_actor<>*) {
  return {flamigo::on("app::customers:buy",
                      [](flamigo::context& ctx, std::int64_t count) {
                        auto promise = ctx.make_promise<void>();
                        tally answered{count, promise};
                        for (std::int64_t i = 0; i < count; ++i)
                          ctx.call_strategy<std::int64_t>("app::shop:buy", 1)
                            .then(answered, [=](caf::error why) {
                              answered.failed(std::move(why));
                            });
                        return promise;
                      })};
}

void ask_domains(benchmark::State& state) {
  flamigo::application app{with_workers(state.range(0))};
  app.host(stock);
  app.host(shop);
  app.host(customers);
  while (state.KeepRunningBatch(batch))
    if (!finished(state, app.backend().call("app::customers:buy", batch)))
      break;
}

BENCHMARK(ask_domains)->Apply(on_workers);

// -- bare CAF -----------------------------------------------------------------

caf::behavior bare_stock(caf::stateful_actor<stock_state>* self) {
  return {[=](std::int64_t count) { return self->state.left -= count; }};
}

caf::behavior bare_shop(caf::event_based_actor* self, const caf::actor& where) {
  return {[=](std::int64_t count) {
    auto promise = self->make_response_promise<std::int64_t>();
    self->request(where, caf::infinite, count)
      .then([=](std::int64_t left) mutable { promise.deliver(left); });
    return promise;
  }};
}

caf::behavior bare_customers(caf::event_based_actor* self,
                             const caf::actor& where) {
  return {[=](std::int64_t count) {
    auto promise = self->make_response_promise<std::int64_t>();
    auto waiting = std::make_shared<std::int64_t>(count);
    for (std::int64_t i = 0; i < count; ++i)
      self->request(where, caf::infinite, std::int64_t{1})
        .then([=](std::int64_t) mutable {
          if (--*waiting == 0)
            promise.deliver(count);
        });
    return promise;
  }};
}

void ask_bare(benchmark::State& state) {
  bare_config config{state.range(0)};
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  auto store = system.spawn(bare_stock);
  auto seller = system.spawn(bare_shop, store);
  auto buyers = system.spawn(bare_customers, seller);
  while (state.KeepRunningBatch(batch))
    run_bare(self, buyers, batch);
  state.SetItemsProcessed(state.iterations());
  for (auto& who : {store, seller, buyers})
    caf::anon_send_exit(who, caf::exit_reason::user_shutdown);
}

BENCHMARK(ask_bare)->Apply(on_workers);

} // namespace
