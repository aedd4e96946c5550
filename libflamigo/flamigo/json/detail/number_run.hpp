#pragma once

namespace flamigo::detail {

inline bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

/// Returns the first byte in [pos, end) that is no digit, or `end`.
inline const char* skip_digits(const char* pos, const char* end) noexcept {
  while (pos != end && is_digit(*pos))
    ++pos;
  return pos;
}

/// Whether a number that ends here would go on with a fraction or an exponent.
inline bool is_number_part(const char* pos, const char* end) noexcept {
  return pos != end && (*pos == '.' || *pos == 'e' || *pos == 'E');
}

/// Returns where the longest number of JSON (RFC 8259, 6) that begins at `pos`
/// ends, of any size; `pos` if there is none.
inline const char* skip_number(const char* pos, const char* end) noexcept {
  auto first = pos != end && *pos == '-' ? pos + 1 : pos;
  if (first == end || !is_digit(*first))
    return pos;
  auto last = *first == '0' ? first + 1 : skip_digits(first, end);
  if (!is_number_part(last, end))
    return last;
  if (*last == '.') {
    auto fraction = skip_digits(last + 1, end);
    if (fraction == last + 1)
      return last;
    last = fraction;
  }
  if (last == end || (*last != 'e' && *last != 'E'))
    return last;
  auto digits = last + 1;
  if (digits != end && (*digits == '+' || *digits == '-'))
    ++digits;
  auto exponent = skip_digits(digits, end);
  return exponent != digits ? exponent : last;
}

} // namespace flamigo::detail
