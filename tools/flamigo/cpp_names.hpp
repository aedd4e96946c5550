#pragma once

#include <set>
#include <string>
#include <string_view>

namespace flamigo::tool {

/// The names in a text in C++ that another one may collide with. The text is
/// read word for word and not understood: where it is unusual, a name more may
/// be found.
struct cpp_names {
  /// E.g. `app` and `app::orders`.
  std::set<std::string> namespaces{};
  /// What is named in a namespace, outside of braces and parentheses, such as
  /// `app::orders::item`.
  std::set<std::string> things{};
  /// What qualified names begin with: `std`, of `std::string`.
  std::set<std::string> qualifiers{};
  /// What stands inside of braces and is not qualified: members and locals.
  std::set<std::string> inner{};
};

cpp_names names_of(std::string_view text);

} // namespace flamigo::tool
