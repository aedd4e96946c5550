#pragma once

#include <concepts>
#include <string>

#include "flamigo/json/detail/binder.hpp"
#include "flamigo/json/detail/token.hpp"

namespace flamigo::detail {

/// How a type is read from JSON and written to it. Specialisations have
///   static void read(json_binder&, const json_token&, T&);
///   static void write(std::string&, const T&);
///   static std::string name();
/// `read` reports what does not fit to the binder and leaves some valid value.
template <class T>
struct json_codec;

// Reading begins with a default: the elements of a vector, say.
template <class T>
concept has_json_read
  = std::default_initializable<T> && requires(json_binder& in,
                                              const json_token& token, T& x) {
  json_codec<T>::read(in, token, x);
};

template <class T>
concept has_json_write = requires(std::string& out, const T& x) {
  json_codec<T>::write(out, x);
};

template <class T>
concept has_json = has_json_read<T> || has_json_write<T>;

} // namespace flamigo::detail
