#include "flamigo/limit/rate_limit.hpp"

#include <array>
#include <chrono>
#include <utility>

namespace flamigo {

namespace {

/// In the largest unit in which it is a whole number.
std::string render(caf::timespan time) {
  using namespace std::chrono;
  constexpr std::array<std::pair<nanoseconds, const char*>, 6> units{
    {{hours{1}, "h"},
     {minutes{1}, "min"},
     {seconds{1}, "s"},
     {milliseconds{1}, "ms"},
     {microseconds{1}, "us"},
     {nanoseconds{1}, "ns"}}};
  for (auto& [unit, name] : units)
    if (time % unit == nanoseconds{0})
      return std::to_string(time / unit) + name;
  return {};
}

} // namespace

std::string to_string(const rate_limit& x) {
  std::string result = x.whose == rate_limit::scope::total ? "limit_in_total("
                                                           : "limit(";
  return result + std::to_string(x.how_often.count) + ", "
         + render(x.how_often.per) + ")";
}

} // namespace flamigo
