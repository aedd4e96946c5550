#pragma once

#include <string_view>

namespace flamigo::tool {

/// What stands at a keyword of a schema (JSON Schema 2020-12, core 10.2 and
/// 10.3).
enum class keyword_kind {
  /// No schema: a value, such as the one of `const`, whatever it looks like.
  value,
  schema,
  /// An array of schemas.
  schemas,
  /// An object with schemas, whose members are named freely: one named `enum`
  /// is no keyword.
  members,
};

/// Those that contracts have; others have a value.
keyword_kind kind_of_keyword(std::string_view name);

/// Whether a keyword, whatever it is, may refuse a value by what stands at it
/// alone. Those that say of what kind a value is, or have schemas, do not; nor
/// do those that are only told (JSON Schema 2020-12, validation 9).
bool is_rule(std::string_view name);

} // namespace flamigo::tool
