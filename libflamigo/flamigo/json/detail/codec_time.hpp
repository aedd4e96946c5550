#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <limits>
#include <ratio>
#include <string>

#include "flamigo/json/detail/codec.hpp"

namespace flamigo::detail {

/// How finely a type counts time: ticks of so many seconds, or so many ticks in
/// a second; one of them is 1.
struct time_unit {
  std::int64_t seconds;
  std::int64_t ticks;
};

/// Reads a time of RFC 3339 as ticks since 1970, without what is finer, or
/// reports that it is none or is not between `min` and `max`.
void read_time(json_binder& in, const json_token& token, std::int64_t& ticks,
               time_unit unit, std::int64_t min, std::int64_t max);

/// Appends it in UTC, with as many digits as it has; `null` if its year has not
/// four digits.
void append_time(std::string& out, std::int64_t ticks, time_unit unit);

/// The same with a date, in days since 1970.
void read_date(json_binder& in, const json_token& token, std::int64_t& days);

void append_date(std::string& out, std::int64_t days);

template <class D>
inline constexpr bool is_days
  = std::ratio_equal_v<typename D::period, std::chrono::days::period>;

/// Hours, minutes, seconds, and what has three, six or nine digits below.
template <class D>
inline constexpr bool is_time_unit
  = is_days<
      D> || (D::period::den == 1 && (D::period::num == 1 || D::period::num == 60 || D::period::num == 3600))
    || (D::period::num == 1
        && (D::period::den == 1'000 || D::period::den == 1'000'000
            || D::period::den == 1'000'000'000));

template <class D>
concept json_time_unit
  = std::signed_integral<typename D::rep> && is_time_unit<D>;

/// Points in time: RFC 3339, and days as its full-date.
template <class D>
  requires json_time_unit<D>
struct json_codec<std::chrono::time_point<std::chrono::system_clock, D>> {
  using type = std::chrono::time_point<std::chrono::system_clock, D>;
  using rep = typename D::rep;
  using limits = std::numeric_limits<rep>;

  static constexpr time_unit unit{D::period::num, D::period::den};

  static void read(json_binder& in, const json_token& token, type& x) {
    std::int64_t ticks = 0;
    if constexpr (is_days<D>)
      read_date(in, token, ticks);
    else
      read_time(in, token, ticks, unit, limits::min(), limits::max());
    x = type{D{static_cast<rep>(ticks)}};
  }

  static void write(std::string& out, const type& x) {
    auto ticks = static_cast<std::int64_t>(x.time_since_epoch().count());
    if constexpr (is_days<D>)
      append_date(out, ticks);
    else
      append_time(out, ticks, unit);
  }

  static std::string name() {
    return is_days<D> ? "date" : "time";
  }
};

} // namespace flamigo::detail
