#pragma once

#include <string>
#include <string_view>

#include "flamigo/described/described.hpp"
#include "flamigo/described/detail/short_name.hpp"
#include "flamigo/json/detail/codec.hpp"

namespace flamigo::detail {

/// The name of a type as one that JSON pointers, AsyncAPI and OpenAPI take:
/// `chat.post` for `chat::post`. A namespace without a name is left out.
std::string dotted(std::string_view name);

/// Of what is no template, the name of the definition is what the compiler
/// writes, dotted. Of arguments of a template each writes something else, so
/// that its name is made of theirs.
template <class T>
struct template_name {
  static constexpr bool there = false;
  static constexpr std::string (*make)() = nullptr;
};

/// As an argument of a template.
template <class T>
std::string argument_name() {
  constexpr auto is_named = described_struct<T> || described_enum<T>;
  if constexpr (template_name<T>::there && is_named)
    return template_name<T>::make();
  else if constexpr (is_named || !has_json<T>)
    return dotted(full_name_view<T>());
  else
    return dotted(json_codec<T>::name());
}

template <template <class...> class Outer, class... Args>
struct template_name<Outer<Args...>> {
  static constexpr bool there = true;

  static std::string make() {
    auto name = full_name_view<Outer<Args...>>();
    auto result = dotted(name.substr(0, name.find('<')));
    (result.append("-").append(argument_name<Args>()), ...);
    return result;
  }
};

} // namespace flamigo::detail
