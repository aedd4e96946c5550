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

/// The name of a type's definition. Not made of what the compiler writes for
/// arguments of a template, which each writes in another way.
template <class T>
struct definition_name {
  static std::string make() {
    return dotted(full_name_view<T>());
  }
};

/// As an argument of a template.
template <class T>
std::string argument_name() {
  if constexpr (described_struct<T> || described_enum<T> || !has_json<T>)
    return definition_name<T>::make();
  else
    return dotted(json_codec<T>::name());
}

template <template <class...> class Outer, class... Args>
struct definition_name<Outer<Args...>> {
  static std::string make() {
    auto name = full_name_view<Outer<Args...>>();
    auto result = dotted(name.substr(0, name.find('<')));
    (result.append("-").append(argument_name<Args>()), ...);
    return result;
  }
};

} // namespace flamigo::detail
