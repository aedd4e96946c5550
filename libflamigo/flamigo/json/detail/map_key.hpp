#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "flamigo/described/described.hpp"
#include "flamigo/json/detail/codec.hpp"
#include "flamigo/json/detail/codec_enum.hpp"
#include "flamigo/json/detail/codec_number.hpp"
#include "flamigo/json/detail/codec_strong.hpp"
#include "flamigo/json/detail/codec_text.hpp"

/// How keys of maps that are no strings are the names of members.
namespace flamigo::detail {

/// Specialisations have
///   static bool read(json_binder&, const json_token&, K&);
///   static bool write(std::string&, const K&);
/// `read` reports a name that is no key. `write` appends it as a string, or
/// nothing and returns false if it has no name.
template <class K>
struct map_key;

/// Integers have one way of being a name: as they are written.
bool read_integer_key(json_binder& in, const json_token& token, std::int64_t& x,
                      std::int64_t min, std::int64_t max);

bool read_integer_key(json_binder& in, const json_token& token,
                      std::uint64_t& x, std::uint64_t max);

/// Reports a name that is none of an enum's.
void fail_key(json_binder& in, const std::string_view* names,
              std::size_t count);

template <json_integer K>
struct map_key<K> {
  static bool read(json_binder& in, const json_token& token, K& x) {
    using limits = std::numeric_limits<K>;
    if constexpr (std::signed_integral<K>) {
      std::int64_t value = 0;
      auto result = read_integer_key(in, token, value, limits::min(),
                                     limits::max());
      x = static_cast<K>(value);
      return result;
    } else {
      std::uint64_t value = 0;
      auto result = read_integer_key(in, token, value, limits::max());
      x = static_cast<K>(value);
      return result;
    }
  }

  static bool write(std::string& out, K x) {
    out.push_back('"');
    json_codec<K>::write(out, x);
    out.push_back('"');
    return true;
  }
};

template <described_enum K>
struct map_key<K> {
  static constexpr auto& names = json_codec<K>::names;
  static constexpr auto& values = json_codec<K>::values;

  static bool read(json_binder& in, const json_token& token, K& x) {
    auto i = place_of_name(token, names.data(), names.size());
    if (i < names.size())
      x = values[i];
    else
      fail_key(in, names.data(), names.size());
    return i < names.size();
  }

  static bool write(std::string& out, K x) {
    for (std::size_t i = 0; i < values.size(); ++i)
      if (values[i] == x) {
        append_string(out, names[i]);
        return true;
      }
    return false;
  }
};

template <>
struct map_key<std::string> {
  static bool read(json_binder& in, const json_token& token, std::string& x) {
    json_codec<std::string>::read(in, token, x);
    return true;
  }

  static bool write(std::string& out, const std::string& x) {
    append_string(out, x);
    return true;
  }
};

template <strong_typedef K>
struct map_key<K> {
  using member = wrapped_member<K>;

  static bool read(json_binder& in, const json_token& token, K& x) {
    auto before = in.failures();
    if (!map_key<wrapped_type<K>>::read(in, token, x.*member::pointer))
      return false;
    ask_rules(in, x);
    return in.failures() == before;
  }

  static bool write(std::string& out, const K& x) {
    return map_key<wrapped_type<K>>::write(out, x.*member::pointer);
  }
};

} // namespace flamigo::detail
