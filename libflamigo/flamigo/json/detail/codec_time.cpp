#include "flamigo/json/detail/codec_time.hpp"

#include <algorithm>
#include <string_view>

#include "flamigo/json/detail/number_run.hpp"
#include "flamigo/json/detail/unescape.hpp"

namespace flamigo::detail {

namespace {

constexpr std::int64_t seconds_of_day = 86'400;
constexpr std::int64_t second_in_nanoseconds = 1'000'000'000;
// What a year of four digits can say, 0000-01-01 to 9999-12-31.
constexpr std::int64_t first_day = -719'528;
constexpr std::int64_t last_day = 2'932'896;

// Cuts a text into what it should have.
class time_text {
public:
  explicit time_text(std::string_view text) : text_(text) {
    // nop
  }

  // So many digits, at most `max`.
  unsigned number(std::size_t digits, unsigned max) {
    unsigned result = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      auto is_one = !text_.empty() && is_digit(text_.front());
      good_ &= is_one;
      if (!is_one)
        return 0;
      result = result * 10 + static_cast<unsigned>(text_.front() - '0');
      text_.remove_prefix(1);
    }
    good_ &= result <= max;
    return result;
  }

  // Whether one of these comes next.
  bool take(std::string_view any) {
    if (text_.empty() || any.find(text_.front()) == std::string_view::npos)
      return false;
    text_.remove_prefix(1);
    return true;
  }

  void need(std::string_view any) {
    good_ &= take(any);
  }

  // As nanoseconds, of any number of digits.
  std::int64_t fraction() {
    std::int64_t result = 0;
    auto scale = second_in_nanoseconds;
    auto is_empty = true;
    while (!text_.empty() && is_digit(text_.front())) {
      scale /= 10;
      result += scale * (text_.front() - '0');
      text_.remove_prefix(1);
      is_empty = false;
    }
    good_ &= !is_empty;
    return result;
  }

  bool is_good() const {
    return good_ && text_.empty();
  }

  void refuse() {
    good_ = false;
  }

private:
  std::string_view text_;
  bool good_ = true;
};

std::int64_t take_date(time_text& text) {
  auto year = text.number(4, 9999);
  text.need("-");
  auto month = text.number(2, 12);
  text.need("-");
  auto day = text.number(2, 31);
  std::chrono::year_month_day date{std::chrono::year{static_cast<int>(year)},
                                   std::chrono::month{month},
                                   std::chrono::day{day}};
  if (!date.ok()) {
    text.refuse();
    return 0;
  }
  return std::chrono::sys_days{date}.time_since_epoch().count();
}

// How far the time is ahead of UTC, in seconds.
std::int64_t take_offset(time_text& text) {
  if (text.take("Zz"))
    return 0;
  auto is_behind = text.take("-");
  if (!is_behind)
    text.need("+");
  auto hours = text.number(2, 23);
  text.need(":");
  std::int64_t result = hours * 3'600 + text.number(2, 59) * 60;
  return is_behind ? -result : result;
}

// What stands in a string of JSON; nothing of what is none.
std::string_view string_of(const json_token& token, std::string& space) {
  if (token.kind != json_kind::string)
    return {};
  if (!token.escaped)
    return token.view();
  append_unescaped(space, token.view());
  return space;
}

std::int64_t floor_div(std::int64_t x, std::int64_t by) {
  return x / by - (x % by < 0 ? 1 : 0);
}

void append_padded(std::string& out, std::int64_t x, std::size_t count) {
  auto begin = out.size();
  out.append(count, '0');
  for (auto i = begin + count; i > begin; x /= 10)
    out[--i] = static_cast<char>('0' + x % 10);
}

void append_day(std::string& out, std::int64_t days) {
  std::chrono::year_month_day date{
    std::chrono::sys_days{std::chrono::days{days}}};
  append_padded(out, static_cast<int>(date.year()), 4);
  out.push_back('-');
  append_padded(out, static_cast<unsigned>(date.month()), 2);
  out.push_back('-');
  append_padded(out, static_cast<unsigned>(date.day()), 2);
}

std::size_t digits_of(time_unit unit) {
  std::size_t result = 0;
  for (auto x = unit.ticks; x > 1; x /= 10)
    ++result;
  return result;
}

// Seconds since 1970 that are over, as far as they can be told.
std::int64_t seconds_of(std::int64_t ticks, time_unit unit) {
  if (unit.ticks > 1)
    return floor_div(ticks, unit.ticks);
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  return std::clamp(ticks, -most / unit.seconds, most / unit.seconds)
         * unit.seconds;
}

bool has_four_digits(std::int64_t seconds) {
  return seconds >= first_day * seconds_of_day
         && seconds < (last_day + 1) * seconds_of_day;
}

// Without quotes; nothing if the year has not four digits.
std::string time_of(std::int64_t ticks, time_unit unit) {
  auto seconds = seconds_of(ticks, unit);
  if (!has_four_digits(seconds))
    return {};
  auto day = floor_div(seconds, seconds_of_day);
  auto second = seconds - day * seconds_of_day;
  std::string result;
  append_day(result, day);
  auto append = [&result](char mark, std::int64_t value) {
    result.push_back(mark);
    append_padded(result, value, 2);
  };
  append('T', second / 3'600);
  append(':', second / 60 % 60);
  append(':', second % 60);
  if (unit.ticks > 1) {
    result.push_back('.');
    // Not as ticks of whole seconds, which may be less than there are.
    auto rest = ticks % unit.ticks;
    append_padded(result, rest < 0 ? rest + unit.ticks : rest, digits_of(unit));
  }
  return result + "Z";
}

void append_or_null(std::string& out, std::string_view text) {
  if (text.empty())
    out.append("null");
  else
    out.append("\"").append(text).append("\"");
}

} // namespace

void read_time(json_binder& in, const json_token& token, std::int64_t& ticks,
               time_unit unit, std::int64_t min, std::int64_t max) {
  std::string space;
  time_text text{string_of(token, space)};
  auto days = take_date(text);
  text.need("Tt");
  auto seconds = std::int64_t{text.number(2, 23)} * 3'600;
  text.need(":");
  seconds += std::int64_t{text.number(2, 59)} * 60;
  text.need(":");
  // The system's clock has no leap seconds.
  seconds += text.number(2, 59);
  auto rest = text.take(".") ? text.fraction() : 0;
  seconds += days * seconds_of_day - take_offset(text);
  if (!text.is_good())
    return in.fail("must be a time such as 2026-11-29T23:16:55Z");
  if (!has_four_digits(seconds))
    return in.fail("must be in the years 0 to 9999 of UTC");
  // The first and the last second, which may be cut off, are not reckoned with.
  if (seconds <= seconds_of(min, unit) || seconds >= seconds_of(max, unit))
    return in.fail("must be between " + time_of(min, unit) + " and "
                   + time_of(max, unit));
  if (unit.ticks > 1)
    ticks = seconds * unit.ticks + rest / (second_in_nanoseconds / unit.ticks);
  else
    ticks = floor_div(seconds, unit.seconds);
}

void append_time(std::string& out, std::int64_t ticks, time_unit unit) {
  append_or_null(out, time_of(ticks, unit));
}

void read_date(json_binder& in, const json_token& token, std::int64_t& days) {
  std::string space;
  time_text text{string_of(token, space)};
  days = take_date(text);
  if (text.is_good())
    return;
  days = 0;
  in.fail("must be a date such as 2026-11-29");
}

void append_date(std::string& out, std::int64_t days) {
  if (days < first_day || days > last_day) {
    out.append("null");
    return;
  }
  out.push_back('"');
  append_day(out, days);
  out.push_back('"');
}

} // namespace flamigo::detail
