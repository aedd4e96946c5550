#include "flamigo/json/detail/map_key.hpp"

#include <charconv>
#include <system_error>

#include "flamigo/json/detail/unescape.hpp"

namespace flamigo::detail {

namespace {

// The text of the name, if it is an integer in the way that we write it.
bool is_canonical(std::string_view text) {
  if (text == "0")
    return true;
  if (text.starts_with('-'))
    text.remove_prefix(1);
  return !text.empty() && text.front() != '0'
         && text.find_first_not_of("0123456789") == std::string_view::npos;
}

template <class T>
bool read_key(json_binder& in, const json_token& token, T& x, T min, T max) {
  std::string unescaped;
  auto text = token.view();
  if (token.escaped) {
    append_unescaped(unescaped, text);
    text = unescaped;
  }
  if (is_canonical(text)) {
    auto end = text.data() + text.size();
    auto [pos, code] = std::from_chars(text.data(), end, x);
    if (code == std::errc{} && pos == end && x >= min && x <= max)
      return true;
  }
  x = 0;
  in.fail("must be named by an integer between " + std::to_string(min) + " and "
          + std::to_string(max));
  return false;
}

} // namespace

bool read_integer_key(json_binder& in, const json_token& token, std::int64_t& x,
                      std::int64_t min, std::int64_t max) {
  return read_key(in, token, x, min, max);
}

bool read_integer_key(json_binder& in, const json_token& token,
                      std::uint64_t& x, std::uint64_t max) {
  return read_key(in, token, x, std::uint64_t{0}, max);
}

void fail_key(json_binder& in, const std::string_view* names,
              std::size_t count) {
  in.fail("must be named one of: " + listed_names(names, count));
}

} // namespace flamigo::detail
