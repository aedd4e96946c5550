#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>

#include "flamigo/json/detail/codec.hpp"
#include "flamigo/json/detail/codec_map.hpp"
#include "flamigo/json/detail/codec_text.hpp"
#include "flamigo/json/detail/map_key.hpp"

namespace flamigo::detail {

template <class T>
inline constexpr bool is_map = false;

template <class K, class V, class C, class A>
inline constexpr bool is_map<std::map<K, V, C, A>> = true;

template <class K, class V, class H, class E, class A>
inline constexpr bool is_map<std::unordered_map<K, V, H, E, A>> = true;

/// Maps whose keys are names, but no strings.
template <class T>
concept keyed_map
  = is_map<T> && !is_string_map<
      T> && requires(std::string & out, const typename T::key_type& key) {
  map_key<typename T::key_type>::write(out, key);
};

/// An object with members of certain names.
template <keyed_map T>
  requires has_json<typename T::mapped_type>
struct json_codec<T> {
  using key = typename T::key_type;
  using value = typename T::mapped_type;

  static void read(json_binder& in, const json_token& token,
                   T& xs) requires has_json_read<value> {
    xs.clear();
    if (token.kind != json_kind::object)
      return in.fail("must be an object");
    auto pos = &token + 1;
    for (std::size_t i = 0; i < token.count && !in.full(); ++i) {
      auto& named = *pos;
      auto& content = *named.next();
      pos = content.next();
      std::string text;
      json_codec<std::string>::read(in, named, text);
      json_binder::scope here{in, text};
      key name{};
      if (!map_key<key>::read(in, named, name))
        continue;
      auto [place, added] = xs.try_emplace(std::move(name));
      if (added)
        json_codec<value>::read(in, content, place->second);
      else
        in.fail("stands twice");
    }
  }

  /// Leaves out what has no name: an enum's value that was not described.
  static void write(std::string& out,
                    const T& xs) requires has_json_write<value> {
    out.push_back('{');
    auto first = true;
    for (auto& [name, x] : xs) {
      auto begin = out.size();
      if (!first)
        out.push_back(',');
      if (!map_key<key>::write(out, name)) {
        out.resize(begin);
        continue;
      }
      first = false;
      out.push_back(':');
      json_codec<value>::write(out, x);
    }
    out.push_back('}');
  }

  static std::string name() {
    return "map<" + json_codec<key>::name() + ", " + json_codec<value>::name()
           + ">";
  }
};

} // namespace flamigo::detail
