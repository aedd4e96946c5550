#include "flamigo/json/detail/number_list.hpp"

#include <charconv>

namespace flamigo::detail {

bool read_numbers(std::string_view text, std::vector<std::size_t>& out) {
  auto* pos = text.data();
  auto* end = pos + text.size();
  for (;;) {
    std::size_t number = 0;
    auto [next, failure] = std::from_chars(pos, end, number);
    if (failure != std::errc{})
      return false;
    out.push_back(number);
    if (next == end)
      return true;
    if (*next != ',')
      return false;
    pos = next + 1;
  }
}

void append_number(std::string& out, std::size_t number, bool first) {
  if (!first)
    out.push_back(',');
  out.append(std::to_string(number));
}

} // namespace flamigo::detail
