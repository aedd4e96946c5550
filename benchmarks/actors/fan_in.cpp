// Many actors call one: sixteen tellers and a ledger.

#include <future>
#include <vector>

#include "program.hpp"

namespace {

constexpr std::int64_t senders = 16;

constexpr std::int64_t each = batch / senders;

// -- domain actors ------------------------------------------------------------

struct ledger_state {
  std::int64_t sum = 0;
};

flamigo::domain_behavior ledger(flamigo::domain_actor<ledger_state>* self) {
  return {flamigo::on("app::ledger:add",
                      [=](std::int64_t amount) { self->state.sum += amount; })};
}

std::string work_of(std::int64_t teller) {
  return "app::teller-" + std::to_string(teller) + ":work";
}

flamigo::domain_behavior teller(flamigo::domain_actor<>*, std::int64_t number) {
  return {
    flamigo::on(work_of(number), [](flamigo::context& ctx, std::int64_t count) {
      auto promise = ctx.make_promise<void>();
      tally answered{count, promise};
      for (std::int64_t i = 0; i < count; ++i)
        ctx.call_strategy<void>("app::ledger:add", i)
          .then(answered,
                [=](caf::error why) { answered.failed(std::move(why)); });
      return promise;
    })};
}

void fan_in_domains(benchmark::State& state) {
  flamigo::application app{with_workers(state.range(0))};
  app.host(ledger);
  for (std::int64_t i = 0; i < senders; ++i)
    app.host(teller, i);
  while (state.KeepRunningBatch(each * senders)) {
    std::vector<std::future<caf::expected<void>>> answers;
    for (std::int64_t i = 0; i < senders; ++i)
      answers.push_back(app.backend().call_async<void>(work_of(i), each));
    for (auto& answer : answers)
      if (!finished(state, answer.get()))
        return;
  }
}

BENCHMARK(fan_in_domains)->Apply(on_workers);

// -- bare CAF -----------------------------------------------------------------

caf::behavior bare_ledger(caf::stateful_actor<ledger_state>* self) {
  return {[=](std::int64_t amount) { self->state.sum += amount; }};
}

caf::behavior bare_teller(caf::event_based_actor* self,
                          const caf::actor& where) {
  return {[=](std::int64_t count) {
    auto promise = self->make_response_promise<std::int64_t>();
    auto waiting = std::make_shared<std::int64_t>(count);
    for (std::int64_t i = 0; i < count; ++i)
      self->request(where, caf::infinite, i).then([=]() mutable {
        if (--*waiting == 0)
          promise.deliver(count);
      });
    return promise;
  }};
}

void fan_in_bare(benchmark::State& state) {
  bare_config config{state.range(0)};
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  auto book = system.spawn(bare_ledger);
  std::vector<caf::actor> tellers;
  for (std::int64_t i = 0; i < senders; ++i)
    tellers.push_back(system.spawn(bare_teller, book));
  while (state.KeepRunningBatch(each * senders)) {
    for (auto& who : tellers)
      self->send(who, each);
    for (std::int64_t i = 0; i < senders; ++i)
      self->receive([](std::int64_t) {});
  }
  state.SetItemsProcessed(state.iterations());
  tellers.push_back(book);
  for (auto& who : tellers)
    caf::anon_send_exit(who, caf::exit_reason::user_shutdown);
}

BENCHMARK(fan_in_bare)->Apply(on_workers);

} // namespace
