#include "flamigo/application/detail/strategy_table.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace flamigo::detail {

namespace {

using row = std::array<std::string, 5>;

row row_of(const strategy_info& x, std::size_t handler) {
  auto input = x.inputs[handler];
  if (auto& defaults = x.defaults[handler].text; defaults != "{}")
    input += " " + defaults;
  return {x.name, x.guard.empty() ? "-" : x.guard, std::move(input),
          x.outputs[handler], x.home};
}

} // namespace

std::string strategy_table(const std::vector<strategy_info>& strategies) {
  std::vector<row> rows{{"STRATEGY", "GUARD", "INPUT", "OUTPUT", "RUNS"}};
  for (auto& x : strategies)
    for (std::size_t i = 0; i < x.inputs.size(); ++i)
      rows.push_back(row_of(x, i));
  std::array<std::size_t, 5> widths{};
  for (auto& cells : rows)
    for (std::size_t i = 0; i < cells.size(); ++i)
      widths[i] = std::max(widths[i], cells[i].size());
  std::string result;
  for (auto& cells : rows) {
    for (std::size_t i = 0; i + 1 < cells.size(); ++i)
      result += cells[i] + std::string(widths[i] + 2 - cells[i].size(), ' ');
    result += cells.back() + '\n';
  }
  return result;
}

} // namespace flamigo::detail
