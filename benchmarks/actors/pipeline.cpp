// Events that go from actor to actor: a belt with four stations, each of which
// listens to the one before and publishes what it has made. CAF's actors send
// to the next, which they have to know.

#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "program.hpp"

namespace {

constexpr int stations = 4;

// -- domain actors ------------------------------------------------------------

/// What has left a station.
struct part {
  int station;
  std::int64_t weight;

  flamigo::topic topics() const {
    return flamigo::topic{"belt/" + std::to_string(station)};
  }
};

BOOST_DESCRIBE_STRUCT(part, (), (station, weight))

/// Where parts are put onto the belt.
flamigo::domain_behavior start(flamigo::domain_actor<>*) {
  return {
    flamigo::on("app::belt:put",
                [](flamigo::context& ctx, std::int64_t count) -> caf::error {
                  for (std::int64_t i = 0; i < count; ++i)
                    if (auto err = ctx.publish(part{0, i}))
                      return err;
                  return {};
                })};
}

flamigo::domain_behavior station(flamigo::domain_actor<>* self, int number) {
  self->subscribe("belt/" + std::to_string(number - 1));
  return {flamigo::listen([=](flamigo::context& ctx, const part& what) {
    return ctx.publish(part{number, what.weight + 1});
  })};
}

struct end_state {
  std::int64_t taken = 0;
  std::optional<flamigo::response_promise<void>> done;
};

/// Where they are taken off: says when a batch was.
flamigo::domain_behavior end(flamigo::domain_actor<end_state>* self) {
  self->subscribe("belt/" + std::to_string(stations));
  auto check = [=] {
    if (self->state.taken == batch && self->state.done) {
      self->state.done->deliver();
      self->state = {};
    }
  };
  return {
    flamigo::listen([=](const part&) {
      ++self->state.taken;
      check();
    }),
    flamigo::on("app::belt:wait",
                [=](flamigo::context& ctx) {
                  auto promise = ctx.make_promise<void>();
                  self->state.done = promise;
                  check();
                  return promise;
                }),
  };
}

void pipeline_domains(benchmark::State& state) {
  flamigo::application app{with_workers(state.range(0))};
  app.host(start);
  for (int i = 1; i <= stations; ++i)
    app.host(station, i);
  app.host(end);
  while (state.KeepRunningBatch(batch)) {
    auto taken = app.backend().call_async<void>("app::belt:wait");
    if (!finished(state, app.backend().call("app::belt:put", batch))
        || !finished(state, taken.get()))
      break;
  }
}

BENCHMARK(pipeline_domains)->Apply(on_workers);

// -- bare CAF -----------------------------------------------------------------

caf::behavior bare_start(caf::event_based_actor* self, const caf::actor& next) {
  return {[=](std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i)
      self->send(next, i);
  }};
}

caf::behavior bare_station(caf::event_based_actor* self,
                           const caf::actor& next) {
  return {[=](std::int64_t weight) { self->send(next, weight + 1); }};
}

caf::behavior bare_end(caf::stateful_actor<end_state>* self,
                       const caf::actor& whom) {
  return {[=](std::int64_t) {
    if (++self->state.taken == batch) {
      self->state.taken = 0;
      self->send(whom, caf::ok_atom_v);
    }
  }};
}

void pipeline_bare(benchmark::State& state) {
  bare_config config{state.range(0)};
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  std::vector<caf::actor> belt{
    system.spawn(bare_end, caf::actor_cast<caf::actor>(self))};
  for (int i = 0; i < stations; ++i)
    belt.push_back(system.spawn(bare_station, belt.back()));
  belt.push_back(system.spawn(bare_start, belt.back()));
  while (state.KeepRunningBatch(batch)) {
    self->send(belt.back(), batch);
    self->receive([](caf::ok_atom) {});
  }
  state.SetItemsProcessed(state.iterations());
  for (auto& who : belt)
    caf::anon_send_exit(who, caf::exit_reason::user_shutdown);
}

BENCHMARK(pipeline_bare)->Apply(on_workers);

} // namespace
