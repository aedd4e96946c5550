#pragma once

#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <limits>
#include <ratio>
#include <string>
#include <utility>

#include "flamigo/json/detail/codec.hpp"
#include "flamigo/json/detail/codec_number.hpp"

namespace flamigo::detail {

/// How a duration is a number of milliseconds: it has so many in a tick, or so
/// many ticks in one; one of them is 1. From `min` to `max`; of numbers with a
/// fraction those are what every reader can tell apart.
struct duration_unit {
  std::int64_t milliseconds;
  std::int64_t ticks;
  std::int64_t min;
  std::int64_t max;
};

/// Reads milliseconds as ticks, rounded if a tick is shorter than one.
void read_duration(json_binder& in, const json_token& token,
                   std::int64_t& ticks, const duration_unit& unit);

/// Appends ticks as milliseconds, at most as many as can be read.
void append_duration(std::string& out, std::int64_t ticks,
                     const duration_unit& unit);

/// In milliseconds.
template <class D>
using in_milliseconds = std::ratio_divide<typename D::period, std::milli>;

template <class D>
inline constexpr bool is_whole_duration = false;

/// Of one or more milliseconds, or of micro- or nanoseconds.
template <std::integral Rep, class Period>
  requires(sizeof(Rep) < sizeof(std::int64_t) || std::signed_integral<Rep>)
inline constexpr bool is_whole_duration<std::chrono::duration<
  Rep, Period>> = std::ratio_divide<Period, std::milli>::den == 1
                  || std::ratio_equal_v<
                    Period,
                    std::micro> || std::ratio_equal_v<Period, std::nano>;

template <class D>
concept whole_duration = is_whole_duration<D>;

/// The largest integer that a double tells from its neighbours.
inline constexpr std::int64_t largest_exact = (std::int64_t{1} << 53) - 1;

template <class D>
consteval duration_unit duration_unit_of() {
  using limits = std::numeric_limits<typename D::rep>;
  using all = std::numeric_limits<std::int64_t>;
  duration_unit result{in_milliseconds<D>::num, in_milliseconds<D>::den, 0, 0};
  auto scaled = [&result](auto bound, std::int64_t limit) {
    if (result.ticks > 1)
      return std::clamp(static_cast<std::int64_t>(bound) / result.ticks,
                        -largest_exact, largest_exact);
    auto most = limit / result.milliseconds;
    if (limit < 0 ? std::cmp_less(bound, most) : std::cmp_greater(bound, most))
      return most * result.milliseconds;
    return static_cast<std::int64_t>(bound) * result.milliseconds;
  };
  result.min = scaled(limits::min(), all::min());
  result.max = scaled(limits::max(), all::max());
  return result;
}

/// Durations: a number of milliseconds.
template <whole_duration D>
struct json_codec<D> {
  static constexpr auto unit = duration_unit_of<D>();

  static void read(json_binder& in, const json_token& token, D& x) {
    std::int64_t ticks = 0;
    read_duration(in, token, ticks, unit);
    x = D{static_cast<typename D::rep>(ticks)};
  }

  static void write(std::string& out, const D& x) {
    append_duration(out, static_cast<std::int64_t>(x.count()), unit);
  }

  static std::string name() {
    return "milliseconds";
  }
};

template <class Period>
struct json_codec<std::chrono::duration<double, Period>> {
  using type = std::chrono::duration<double, Period>;
  using milliseconds = std::chrono::duration<double, std::milli>;

  static void read(json_binder& in, const json_token& token, type& x) {
    auto count = 0.0;
    read_real(in, token, count);
    x = milliseconds{count};
  }

  static void write(std::string& out, const type& x) {
    append_real(out, milliseconds{x}.count());
  }

  static std::string name() {
    return "milliseconds";
  }
};

} // namespace flamigo::detail
