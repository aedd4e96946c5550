#include "flamigo/application/detail/text_table.hpp"

#include <algorithm>
#include <cstddef>

namespace flamigo::detail {

std::string text_table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  for (auto& cells : rows)
    for (std::size_t i = 0; i < widths.size(); ++i)
      widths[i] = std::max(widths[i], cells[i].size());
  std::string result;
  for (auto& cells : rows) {
    for (std::size_t i = 0; i + 1 < widths.size(); ++i)
      result += cells[i] + std::string(widths[i] + 2 - cells[i].size(), ' ');
    result += cells[widths.size() - 1] + '\n';
  }
  return result;
}

} // namespace flamigo::detail
