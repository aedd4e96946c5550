#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <unordered_set>
#include <utility>

#include "flamigo/json/detail/codec.hpp"
#include "flamigo/json/detail/codec_sequence.hpp"

namespace flamigo::detail {

template <class T>
inline constexpr bool is_set = false;

template <class T, class C, class A>
inline constexpr bool is_set<std::set<T, C, A>> = true;

template <class T, class H, class E, class A>
inline constexpr bool is_set<std::unordered_set<T, H, E, A>> = true;

/// Sets: an array in which nothing stands twice.
template <class T>
  requires is_set<T> && has_json<typename T::value_type>
struct json_codec<T> {
  using value = typename T::value_type;

  static void read(json_binder& in, const json_token& token,
                   T& xs) requires has_json_read<value> {
    xs.clear();
    if (token.kind != json_kind::array)
      return in.fail("must be an array");
    auto element = &token + 1;
    for (std::size_t i = 0; i < token.count && !in.full(); ++i) {
      json_binder::scope here{in, i};
      auto before = in.failures();
      value x{};
      json_codec<value>::read(in, *element, x);
      // What is wrong in another way is not compared.
      if (in.failures() == before && !xs.insert(std::move(x)).second)
        in.fail("stands twice");
      element = element->next();
    }
  }

  static void write(std::string& out,
                    const T& xs) requires has_json_write<value> {
    write_sequence(out, xs);
  }

  static std::string name() {
    return "set<" + json_codec<value>::name() + ">";
  }
};

} // namespace flamigo::detail
