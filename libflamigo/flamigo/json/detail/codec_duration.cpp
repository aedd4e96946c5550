#include "flamigo/json/detail/codec_duration.hpp"

#include <algorithm>
#include <cmath>

namespace flamigo::detail {

namespace {

// With as many digits of the fraction as it needs.
void append_fraction(std::string& out, std::int64_t rest, std::int64_t of) {
  out.push_back('.');
  while (rest > 0) {
    rest *= 10;
    out.push_back(static_cast<char>('0' + rest / of));
    rest %= of;
  }
}

void fail_range(json_binder& in, const duration_unit& unit) {
  in.fail("must be between " + std::to_string(unit.min) + " and "
          + std::to_string(unit.max));
}

// Of ticks that are shorter than a millisecond.
void read_short(json_binder& in, const json_token& token, std::int64_t& ticks,
                const duration_unit& unit) {
  auto failures = in.failures();
  double value = 0;
  read_real(in, token, value);
  if (in.failures() != failures)
    return;
  if (value < static_cast<double>(unit.min)
      || value > static_cast<double>(unit.max))
    return fail_range(in, unit);
  // Apart, since a double has not the digits of both.
  auto whole = std::trunc(value);
  ticks = static_cast<std::int64_t>(whole) * unit.ticks
          + std::llround((value - whole) * static_cast<double>(unit.ticks));
}

} // namespace

void read_duration(json_binder& in, const json_token& token,
                   std::int64_t& ticks, const duration_unit& unit) {
  if (unit.ticks > 1)
    return read_short(in, token, ticks, unit);
  std::int64_t value = 0;
  read_integer(in, token, value, unit.min, unit.max);
  if (value % unit.milliseconds != 0)
    in.fail("must be milliseconds that are a multiple of "
            + std::to_string(unit.milliseconds));
  ticks = value / unit.milliseconds;
}

void append_duration(std::string& out, std::int64_t ticks,
                     const duration_unit& unit) {
  if (unit.ticks == 1) {
    auto bound = [&unit](std::int64_t x) { return x / unit.milliseconds; };
    auto shown = std::clamp(ticks, bound(unit.min), bound(unit.max));
    out.append(std::to_string(shown * unit.milliseconds));
    return;
  }
  auto whole = ticks / unit.ticks;
  auto rest = ticks % unit.ticks;
  if (ticks < 0 && whole == 0)
    out.push_back('-');
  out.append(std::to_string(whole));
  if (rest != 0)
    append_fraction(out, std::abs(rest), unit.ticks);
}

} // namespace flamigo::detail
