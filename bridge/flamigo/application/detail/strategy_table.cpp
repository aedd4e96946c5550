#include "flamigo/application/detail/strategy_table.hpp"

#include <algorithm>
#include <utility>

#include "flamigo/application/detail/text_table.hpp"

namespace flamigo::detail {

namespace {

using row = std::vector<std::string>;

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
  // Few programs wrap anything.
  if (std::none_of(strategies.begin(), strategies.end(), is_wrapped))
    rows.front().pop_back();
  for (auto& x : strategies)
    for (std::size_t i = 0; i < x.inputs.size(); ++i)
      rows.push_back(row_of(x, i));
  return text_table(rows);
}

} // namespace flamigo::detail
