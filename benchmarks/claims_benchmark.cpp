#include <string>

#include <benchmark/benchmark.h>

#include "flamigo/claims/claims.hpp"
#include "flamigo/claims/validator.hpp"
#include "flamigo/error/error.hpp"

namespace {

using namespace flamigo;

claims client_claims() {
  claims result;
  result.type = claims_type::websocket;
  result.connection_id = "c-1";
  result.interface = "ws";
  result.remote_address = "127.0.0.1:50000";
  return result;
}

// What a request costs before its strategy runs: the guard says yes.
void pass(benchmark::State& state, const validator& guard) {
  auto who = client_claims();
  for (auto _ : state) {
    auto err = guard(who);
    if (err)
      return state.SkipWithError("the guard was meant to say yes");
    benchmark::DoNotOptimize(err);
  }
}

void claims_pass_nothing_asked(benchmark::State& state) {
  pass(state, {});
}

void claims_pass_one(benchmark::State& state) {
  pass(state, {is_websocket()});
}

void claims_pass_composed(benchmark::State& state) {
  pass(state, {is_websocket(), any_of(is_server(), negate(of_type("admin")))});
}

void claims_pass_predicate(benchmark::State& state) {
  pass(state, make_validator("has_id", [](const claims& who) {
         return !who.connection_id.empty();
       }));
}

// The guard says no, and the client and the log are told why.
void claims_refuse(benchmark::State& state) {
  auto who = client_claims();
  validator guard{is_server()};
  for (auto _ : state) {
    auto err = wrap(guard(who), "call strategy(app::bench:echo)");
    benchmark::DoNotOptimize(public_message(err));
    benchmark::DoNotOptimize(trace_of(err));
  }
}

BENCHMARK(claims_pass_nothing_asked);
BENCHMARK(claims_pass_one);
BENCHMARK(claims_pass_composed);
BENCHMARK(claims_pass_predicate);
BENCHMARK(claims_refuse);

} // namespace
