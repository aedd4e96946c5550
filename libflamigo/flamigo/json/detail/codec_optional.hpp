#pragma once

#include <optional>
#include <string>

#include "flamigo/json/detail/codec.hpp"

namespace flamigo::detail {

/// `null` stands for nothing. As a member of a struct it may be left out, and
/// is left out when there is nothing.
template <class T>
  requires has_json<T>
struct json_codec<std::optional<T>> {
  static void read(json_binder& in, const json_token& token,
                   std::optional<T>& x) requires has_json_read<T> {
    if (token.kind == json_kind::null)
      x.reset();
    else
      json_codec<T>::read(in, token, x.emplace());
  }

  static void write(std::string& out,
                    const std::optional<T>& x) requires has_json_write<T> {
    if (x)
      json_codec<T>::write(out, *x);
    else
      out.append("null");
  }

  static std::string name() {
    return "optional<" + json_codec<T>::name() + ">";
  }
};

/// What is `null`, or no member at all, when there is nothing.
template <class T>
inline constexpr bool is_optional = false;

template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

} // namespace flamigo::detail
