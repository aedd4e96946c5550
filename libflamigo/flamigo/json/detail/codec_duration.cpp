#include "flamigo/json/detail/codec_duration.hpp"

#include <algorithm>
#include <cstdlib>

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
  if (token.kind != json_kind::number)
    return in.fail("must be a number");
  std::int64_t digits = 0;
  for (auto x = unit.ticks; x > 1; x /= 10)
    ++digits;
  if (read_scaled(token, ticks, digits) && ticks >= unit.min * unit.ticks
      && ticks <= unit.max * unit.ticks)
    return;
  ticks = 0;
  fail_range(in, unit);
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
  ticks = std::clamp(ticks, unit.min * unit.ticks / unit.milliseconds,
                     unit.max * unit.ticks / unit.milliseconds);
  if (unit.ticks == 1) {
    out.append(std::to_string(ticks * unit.milliseconds));
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
