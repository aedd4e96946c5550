#pragma once

#include <memory>
#include <string>

#include "flamigo/json/detail/codec.hpp"
#include "flamigo/json/detail/codec_optional.hpp"

namespace flamigo::detail {

/// Pointers that own: as an optional of what they point to, which may be the
/// struct that has the pointer. `Make` makes a new one.
template <class T, class Pointer, Pointer (*Make)()>
struct pointer_codec {
  static void read(json_binder& in, const json_token& token,
                   Pointer& x) requires has_json_read<T> {
    x.reset();
    if (token.kind == json_kind::null)
      return;
    x = Make();
    json_codec<T>::read(in, token, *x);
  }

  static void write(std::string& out,
                    const Pointer& x) requires has_json_write<T> {
    if (x)
      json_codec<T>::write(out, *x);
    else
      out.append("null");
  }

  static std::string name() {
    return "optional<" + json_codec<T>::name() + ">";
  }
};

template <class T>
std::unique_ptr<T> make_unique_value() {
  return std::make_unique<T>();
}

template <class T>
std::shared_ptr<T> make_shared_value() {
  return std::make_shared<T>();
}

template <class T>
  requires has_json<T>
struct json_codec<std::unique_ptr<T>>
  : pointer_codec<T, std::unique_ptr<T>, make_unique_value<T>> {
};

template <class T>
  requires has_json<T>
struct json_codec<std::shared_ptr<T>>
  : pointer_codec<T, std::shared_ptr<T>, make_shared_value<T>> {
};

template <class T>
inline constexpr bool is_optional<std::unique_ptr<T>> = true;

template <class T>
inline constexpr bool is_optional<std::shared_ptr<T>> = true;

} // namespace flamigo::detail
