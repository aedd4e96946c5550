#include "flamigo/schema/detail/integer_pattern.hpp"

#include <cstddef>

namespace flamigo::detail {

namespace {

std::string any_digits(std::size_t count) {
  return count == 0 ? "" : "[0-9]{" + std::to_string(count) + "}";
}

std::string digits_between(char first, char last) {
  if (first == last)
    return {first};
  return std::string{"["} + first + "-" + last + "]";
}

// Those from 1 to a number of these digits.
std::string up_to(const std::string& max) {
  std::string result;
  if (max.size() > 1)
    result = "[1-9][0-9]{0," + std::to_string(max.size() - 2) + "}|";
  // As long as the number: the same digits, then a lower one, then any.
  for (std::size_t i = 0; i < max.size(); ++i) {
    auto lowest = i == 0 ? '1' : '0';
    if (max[i] > lowest)
      result.append(max, 0, i)
        .append(digits_between(lowest, static_cast<char>(max[i] - 1)))
        .append(any_digits(max.size() - i - 1))
        .append("|");
  }
  return result + max;
}

} // namespace

std::string integer_pattern(std::int64_t min, std::uint64_t max) {
  std::string result = "^(0|" + up_to(std::to_string(max));
  if (min < 0)
    result.append("|-(")
      .append(up_to(std::to_string(min).substr(1)))
      .append(")");
  return result + ")$";
}

} // namespace flamigo::detail
