#include "flamigo/application/detail/strategy_table.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace flamigo::detail {

namespace {

constexpr std::size_t all = 6;

using row = std::array<std::string, all>;

std::string around_of(const strategy_info& x) {
  std::string result;
  for (auto& pattern : x.around)
    result.append(result.empty() ? "" : ", ").append(pattern);
  return result.empty() ? "-" : result;
}

std::string output_of(const strategy_info& x, std::size_t handler) {
  auto& name = x.outputs[handler];
  return x.streams ? "stream<" + name + ">" : name;
}

row row_of(const strategy_info& x, std::size_t handler) {
  auto input = x.inputs[handler];
  if (auto& defaults = x.defaults[handler].text; defaults != "{}")
    input += " " + defaults;
  auto home = x.home;
  if (x.shards > 1)
    home += ", " + std::to_string(x.shards) + " shards";
  return {x.name,           x.guard.empty() ? "-" : x.guard,
          std::move(input), output_of(x, handler),
          std::move(home),  around_of(x)};
}

bool is_wrapped(const strategy_info& x) {
  return !x.around.empty();
}

} // namespace

std::string strategy_table(const std::vector<strategy_info>& strategies) {
  std::vector<row> rows{
    {"STRATEGY", "GUARD", "INPUT", "OUTPUT", "RUNS", "AROUND"}};
  for (auto& x : strategies)
    for (std::size_t i = 0; i < x.inputs.size(); ++i)
      rows.push_back(row_of(x, i));
  // Few programs wrap anything.
  auto columns = std::any_of(strategies.begin(), strategies.end(), is_wrapped)
                   ? all
                   : all - 1;
  std::array<std::size_t, all> widths{};
  for (auto& cells : rows)
    for (std::size_t i = 0; i < columns; ++i)
      widths[i] = std::max(widths[i], cells[i].size());
  std::string result;
  for (auto& cells : rows) {
    for (std::size_t i = 0; i + 1 < columns; ++i)
      result += cells[i] + std::string(widths[i] + 2 - cells[i].size(), ' ');
    result += cells[columns - 1] + '\n';
  }
  return result;
}

} // namespace flamigo::detail
