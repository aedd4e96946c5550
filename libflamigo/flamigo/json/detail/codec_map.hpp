#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <utility>

#include "flamigo/json/detail/append_text.hpp"
#include "flamigo/json/detail/codec.hpp"
#include "flamigo/json/detail/codec_text.hpp"

namespace flamigo::detail {

template <class T>
inline constexpr bool is_string_map = false;

template <class V, class C, class A>
inline constexpr bool is_string_map<std::map<std::string, V, C, A>> = true;

template <class V, class H, class E, class A>
inline constexpr bool
  is_string_map<std::unordered_map<std::string, V, H, E, A>> = true;

/// Maps from strings: an object whose members have any name.
template <class T>
  requires is_string_map<T> && has_json<typename T::mapped_type>
struct json_codec<T> {
  using value = typename T::mapped_type;

  static void read(json_binder& in, const json_token& token,
                   T& xs) requires has_json_read<value> {
    xs.clear();
    if (token.kind != json_kind::object)
      return in.fail("must be an object");
    auto name = &token + 1;
    for (std::size_t i = 0; i < token.count && !in.full(); ++i) {
      std::string key;
      json_codec<std::string>::read(in, *name, key);
      auto& content = *name->next();
      name = content.next();
      auto [pos, added] = xs.try_emplace(std::move(key));
      json_binder::scope here{in, pos->first};
      if (added)
        json_codec<value>::read(in, content, pos->second);
      else
        in.fail("stands twice");
    }
  }

  static void write(std::string& out,
                    const T& xs) requires has_json_write<value> {
    out.push_back('{');
    auto first = true;
    for (auto& [name, x] : xs) {
      if (!std::exchange(first, false))
        out.push_back(',');
      append_string(out, name);
      out.push_back(':');
      json_codec<value>::write(out, x);
    }
    out.push_back('}');
  }

  static std::string name() {
    return "map<string, " + json_codec<value>::name() + ">";
  }
};

} // namespace flamigo::detail
