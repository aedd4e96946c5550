#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "flamigo/described/described.hpp"
#include "flamigo/described/detail/named_member.hpp"
#include "flamigo/described/detail/short_name.hpp"
#include "flamigo/json/detail/append_text.hpp"
#include "flamigo/json/detail/codec.hpp"
#include "flamigo/json/detail/codec_record.hpp"
#include "flamigo/json/detail/codec_strong.hpp"

namespace flamigo::detail {

/// Where the JSON of a std::variant says which of its structs it is.
inline constexpr std::string_view variant_tag = "type";

/// Returns the place of an object's tag among so many, or reports what is wrong
/// with it and returns their number.
std::size_t read_tag(json_binder& in, const json_token& token,
                     const std::string_view* tags, std::size_t count);

/// Begins an object with its tag and returns where the struct is to be written.
std::size_t begin_tagged(std::string& out, std::string_view tag);

/// Makes one object of the tag and of the struct that was written behind it.
void end_tagged(std::string& out, std::size_t begin);

template <std::size_t N>
consteval bool are_distinct(const std::array<std::string_view, N>& names) {
  for (std::size_t i = 0; i < N; ++i)
    for (std::size_t k = 0; k < i; ++k)
      if (names[i] == names[k])
        return false;
  return true;
}

template <class T>
concept json_record = described_struct<T> && !strong_typedef<T>;

/// One of several structs: an object with the members of that struct, and with
/// its name as `type`.
template <json_record... Ts>
  requires(sizeof...(Ts) > 0)
struct json_codec<std::variant<Ts...>> {
  using type = std::variant<Ts...>;

  static constexpr std::array<std::string_view, sizeof...(Ts)> tags{
    short_name_view<Ts>()...};

  static_assert(!(describes<Ts>(variant_tag) || ...),
                "flamigo: a struct of this std::variant has a member `type`, "
                "which is where its JSON says which of them it is. Give the "
                "member another name");

  static_assert(are_distinct(tags),
                "flamigo: two structs of this std::variant have the same name, "
                "by which their JSON tells them apart. Rename one of them");

  static void read(json_binder& in, const json_token& token,
                   type& x) requires(has_json_read<Ts>&&...) {
    read_as(in, token, x, read_tag(in, token, tags.data(), tags.size()),
            std::index_sequence_for<Ts...>{});
  }

  static void write(std::string& out,
                    const type& x) requires(has_json_write<Ts>&&...) {
    // Without any if an exception has left it so.
    if (!(write_if<Ts>(out, x) || ...))
      out.append("null");
  }

  static std::string name() {
    std::string result;
    for (auto tag : tags)
      result.append(result.empty() ? "variant<" : ", ").append(tag);
    return result + ">";
  }

private:
  template <std::size_t... I>
  static void read_as(json_binder& in, const json_token& token, type& x,
                      std::size_t place, std::index_sequence<I...>) {
    (void) ((place == I
             && (json_codec<Ts>::read(in, token, x.template emplace<I>()),
                 true))
            || ...);
  }

  template <class T>
  static bool write_if(std::string& out, const type& x) {
    auto* value = std::get_if<T>(&x);
    if (value == nullptr)
      return false;
    auto begin = begin_tagged(out, short_name_view<T>());
    json_codec<T>::write(out, *value);
    end_tagged(out, begin);
    return true;
  }
};

} // namespace flamigo::detail
