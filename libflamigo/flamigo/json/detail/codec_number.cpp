#include "flamigo/json/detail/codec_number.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <system_error>
#include <utility>

namespace flamigo::detail {

namespace {

template <class T>
std::string to_text(T x) {
  std::string result;
  json_codec<T>::write(result, x);
  return result;
}

template <class T>
void out_of_range(json_binder& in, T min, T max) {
  in.fail("must be between " + to_text(min) + " and " + to_text(max));
}

// Reads all of the token or none.
template <class T>
std::errc parse(std::string_view text, T& x) {
  auto end = text.data() + text.size();
  auto [pos, code] = std::from_chars(text.data(), end, x);
  return pos == end ? code : std::errc::invalid_argument;
}

// More than any text has digits; so much can be reckoned with.
constexpr std::int64_t far = std::int64_t{1} << 40;

// A number of JSON (RFC 8259, 6), taken apart.
struct number_parts {
  bool negative;
  std::string_view mantissa;
  // From -far to far.
  std::int64_t exponent;
};

number_parts parts_of(std::string_view text) {
  number_parts result{text.starts_with('-'), text, 0};
  result.mantissa.remove_prefix(result.negative ? 1 : 0);
  auto e = result.mantissa.find_first_of("eE");
  if (e == std::string_view::npos)
    return result;
  auto exponent = result.mantissa.substr(e + 1);
  result.mantissa = result.mantissa.substr(0, e);
  // from_chars does not take it.
  if (exponent.front() == '+')
    exponent.remove_prefix(1);
  if (parse(exponent, result.exponent) != std::errc{})
    result.exponent = exponent.front() == '-' ? -far : far;
  result.exponent = std::clamp(result.exponent, -far, far);
  return result;
}

// The most digits that are worth writing out: more than any integer has.
constexpr std::int64_t max_digits = 32;

// A number as digits without zeros around them, of which the last stands for
// this power of ten. There are none in a zero.
struct decimal_digits {
  bool negative;
  std::string digits;
  std::int64_t power;
};

decimal_digits decimal_of(std::string_view text) {
  auto [negative, mantissa, exponent] = parts_of(text);
  std::string digits{mantissa.substr(0, mantissa.find('.'))};
  std::int64_t power = 0;
  if (digits.size() < mantissa.size()) {
    auto fraction = mantissa.substr(digits.size() + 1);
    digits += fraction;
    power = -static_cast<std::int64_t>(fraction.size());
  }
  digits.erase(0, digits.find_first_not_of('0'));
  auto last = digits.find_last_not_of('0') + 1;
  power += static_cast<std::int64_t>(digits.size() - last);
  digits.resize(last);
  return {negative, std::move(digits), power + exponent};
}

// A number that was written with a point or an exponent as an integer, if it is
// one (JSON Schema, Validation, 6.1.1): 1.0, 1E2. Else empty.
std::string as_integer(std::string_view text) {
  auto [negative, digits, power] = decimal_of(text);
  if (digits.empty())
    return "0";
  if (power < 0)
    return {};
  digits.append(static_cast<std::size_t>(std::min(power, max_digits)), '0');
  return (negative ? "-" : "") + digits;
}

// An integer, however it was written.
template <class T>
std::errc parse_integer(std::string_view text, T& x) {
  auto code = parse(text, x);
  if (code != std::errc::invalid_argument)
    return code;
  auto plain = as_integer(text);
  return plain.empty() ? code : parse(std::string_view{plain}, x);
}

// Whether a number that does not fit is too small rather than too large: it is
// then 0.00ddd or its exponent outweighs its digits.
bool is_tiny(std::string_view text) {
  auto [negative, mantissa, exponent] = parts_of(text);
  // Where the point stands, counted from the first digit that is not 0.
  auto first = static_cast<std::int64_t>(mantissa.find_first_not_of("0."));
  auto point
    = static_cast<std::int64_t>(std::min(mantissa.find('.'), mantissa.size()));
  return exponent + (point - first) < 0;
}

template <class T>
void read_real_impl(json_binder& in, const json_token& token, T& x) {
  using limits = std::numeric_limits<T>;
  if (token.kind != json_kind::number)
    return in.fail("must be a number");
  auto code = parse(token.view(), x);
  if (code == std::errc{})
    return;
  auto negative = token.text[0] == '-';
  x = negative ? -T{0} : T{0};
  if (!is_tiny(token.view()))
    out_of_range(in, limits::lowest(), limits::max());
}

template <class T>
void append_real_impl(std::string& out, T x) {
  if (!std::isfinite(x)) {
    // JSON has no way to write it.
    out.append("null");
    return;
  }
  char buf[32];
  auto res = std::to_chars(buf, buf + sizeof(buf), x);
  out.append(buf, res.ptr);
}

} // namespace

void json_codec<bool>::read(json_binder& in, const json_token& token, bool& x) {
  x = token.kind == json_kind::yes;
  if (!x && token.kind != json_kind::no)
    in.fail("must be true or false");
}

void read_integer(json_binder& in, const json_token& token, std::int64_t& x,
                  std::int64_t min, std::int64_t max) {
  auto code = token.kind == json_kind::number ? parse_integer(token.view(), x)
                                              : std::errc::invalid_argument;
  if (code == std::errc{} && x >= min && x <= max)
    return;
  x = 0;
  if (code == std::errc::invalid_argument)
    in.fail("must be an integer");
  else
    out_of_range(in, min, max);
}

void read_integer(json_binder& in, const json_token& token, std::uint64_t& x,
                  std::uint64_t max) {
  auto text = token.view();
  auto negative = token.kind == json_kind::number && text.front() == '-';
  if (negative)
    text.remove_prefix(1);
  auto code = token.kind == json_kind::number ? parse_integer(text, x)
                                              : std::errc::invalid_argument;
  if (code == std::errc{} && x <= max && !(negative && x != 0))
    return;
  x = 0;
  if (code == std::errc::invalid_argument)
    in.fail("must be an integer");
  else
    out_of_range(in, std::uint64_t{0}, max);
}

bool read_scaled(const json_token& token, std::int64_t& x,
                 std::int64_t digits) {
  if (token.kind != json_kind::number)
    return false;
  auto [negative, text, power] = decimal_of(token.view());
  power += digits;
  auto is_more = false;
  if (power >= 0) {
    text.append(static_cast<std::size_t>(std::min(power, max_digits)), '0');
  } else {
    auto kept = static_cast<std::int64_t>(text.size()) + power;
    is_more = kept >= 0 && text[static_cast<std::size_t>(kept)] >= '5';
    text.resize(static_cast<std::size_t>(std::max<std::int64_t>(kept, 0)));
  }
  x = 0;
  if (!text.empty() && parse(std::string_view{text}, x) != std::errc{})
    return false;
  if (is_more && x < std::numeric_limits<std::int64_t>::max())
    ++x;
  x = negative ? -x : x;
  return true;
}

void read_real(json_binder& in, const json_token& token, float& x) {
  read_real_impl(in, token, x);
}

void read_real(json_binder& in, const json_token& token, double& x) {
  read_real_impl(in, token, x);
}

void append_real(std::string& out, float x) {
  append_real_impl(out, x);
}

void append_real(std::string& out, double x) {
  append_real_impl(out, x);
}

} // namespace flamigo::detail
