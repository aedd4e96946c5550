// What a contract costs that is made of many types: once when a program is
// asked for it, or begins to serve it.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include "flamigo/testing/app.hpp"

namespace {

using namespace flamigo;

enum class priority {
  low,
  high
};

BOOST_DESCRIBE_ENUM(priority, low, high)

struct line {
  std::string item;
  int count = 1;
};

BOOST_DESCRIBE_STRUCT(line, (), (item, count))

/// Each strategy has types of its own, as in a program.
template <int>
struct input {
  std::string customer;
  std::vector<line> lines;
  std::optional<double> discount;
  priority how;

  BOOST_DESCRIBE_CLASS(input, (), (customer, lines, discount, how), (), ())
};

template <int>
struct output {
  std::string id;
  bool accepted;
  std::vector<std::string> notes;

  BOOST_DESCRIBE_CLASS(output, (), (id, accepted, notes), (), ())
};

template <int... Ns>
void add_strategies(strategy_registry& to,
                    std::integer_sequence<int, Ns...> /*numbers*/) {
  (to.add("app::shop:s" + std::to_string(Ns), has_permission("buy"),
          [](const input<Ns>&) { return output<Ns>{}; }),
   ...);
}

/// Of so many strategies.
template <int Count>
void make_contract(benchmark::State& state) {
  testing::app app;
  add_strategies(app.strategies(), std::make_integer_sequence<int, Count>{});
  app.authenticate();
  std::size_t bytes = 0;
  for (auto _ : state)
    bytes = app.contract_text().size();
  state.counters["bytes"] = static_cast<double>(bytes);
}

BENCHMARK(make_contract<100>)
  ->Name("contract/100")
  ->Unit(benchmark::kMillisecond);

} // namespace
