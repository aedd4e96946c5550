#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace flamigo::detail {

/// Returns the last part of a qualified name: `post` for `app::chat::post`,
/// `page<app::post>` for `app::page<app::post>`.
constexpr std::string_view unqualified(std::string_view name) noexcept {
  std::size_t begin = 0;
  for (std::size_t i = 0; i < name.size() && name[i] != '<'; ++i)
    if (name[i] == ':' || name[i] == ' ')
      begin = i + 1;
  return name.substr(begin);
}

/// The name of a type with its namespaces, as the compiler writes it.
template <class T>
constexpr std::string_view full_name_view() noexcept {
  // Both compilers write "[with T = name; ...]" or "[T = name]".
  std::string_view text = __PRETTY_FUNCTION__;
  text.remove_prefix(text.find("T = ") + 4);
  return text.substr(0, text.find_first_of(";]"));
}

/// The name of a type as it is written in its own namespace.
template <class T>
constexpr std::string_view short_name_view() noexcept {
  return unqualified(full_name_view<T>());
}

template <class T>
std::string short_name() {
  return std::string{short_name_view<T>()};
}

} // namespace flamigo::detail
