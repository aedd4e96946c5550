#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "flamigo/json/detail/codec.hpp"

namespace flamigo::detail {

/// Reports an array that is none or that has another size than `size`.
bool is_array_of(json_binder& in, const json_token& token, std::size_t size);

template <class Range>
void write_sequence(std::string& out, const Range& xs) {
  using value = typename Range::value_type;
  out.push_back('[');
  auto first = true;
  // Not `auto&`: a vector of bool has no references to its elements.
  for (auto&& x : xs) {
    if (!std::exchange(first, false))
      out.push_back(',');
    json_codec<value>::write(out, x);
  }
  out.push_back(']');
}

template <class T, class Allocator>
  requires has_json<T>
struct json_codec<std::vector<T, Allocator>> {
  using type = std::vector<T, Allocator>;

  static void read(json_binder& in, const json_token& token,
                   type& xs) requires has_json_read<T> {
    xs.clear();
    if (token.kind != json_kind::array)
      return in.fail("must be an array");
    // A short text must not make us reserve a lot: "[0,0,0,...]" is a bad list
    // of large structs.
    xs.reserve(std::min<std::size_t>(token.count, 64));
    auto element = &token + 1;
    for (std::size_t i = 0; i < token.count && !in.full(); ++i) {
      json_binder::scope here{in, i};
      T x{};
      json_codec<T>::read(in, *element, x);
      xs.push_back(std::move(x));
      element = element->next();
    }
  }

  static void write(std::string& out,
                    const type& xs) requires has_json_write<T> {
    write_sequence(out, xs);
  }

  static std::string name() {
    return "vector<" + json_codec<T>::name() + ">";
  }
};

template <class T, std::size_t N>
  requires has_json<T>
struct json_codec<std::array<T, N>> {
  using type = std::array<T, N>;

  static void read(json_binder& in, const json_token& token,
                   type& xs) requires has_json_read<T> {
    if (!is_array_of(in, token, N))
      return;
    auto element = &token + 1;
    for (std::size_t i = 0; i < N; ++i) {
      json_binder::scope here{in, i};
      json_codec<T>::read(in, *element, xs[i]);
      element = element->next();
    }
  }

  static void write(std::string& out,
                    const type& xs) requires has_json_write<T> {
    write_sequence(out, xs);
  }

  static std::string name() {
    return "array<" + json_codec<T>::name() + ", " + std::to_string(N) + ">";
  }
};

/// An array of two.
template <class T, class U>
  requires((has_json_write<T> && has_json_write<U>)
           || (has_json_read<T> && has_json_read<U>) )
struct json_codec<std::pair<T, U>> {
  using type = std::pair<T, U>;

  static void read(json_binder& in, const json_token& token,
                   type& x) requires has_json_read<T> && has_json_read<U> {
    if (!is_array_of(in, token, 2))
      return;
    auto& first = *(&token + 1);
    {
      json_binder::scope here{in, std::size_t{0}};
      json_codec<T>::read(in, first, x.first);
    }
    json_binder::scope here{in, std::size_t{1}};
    json_codec<U>::read(in, *first.next(), x.second);
  }

  static void
  write(std::string& out,
        const type& x) requires has_json_write<T> && has_json_write<U> {
    out.push_back('[');
    json_codec<T>::write(out, x.first);
    out.push_back(',');
    json_codec<U>::write(out, x.second);
    out.push_back(']');
  }

  static std::string name() {
    return "pair<" + json_codec<T>::name() + ", " + json_codec<U>::name() + ">";
  }
};

} // namespace flamigo::detail
