#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace flamigo::detail {

/// What the JSON of a type looks like. The types with a name have a definition
/// of their own: a record, an enumeration.
enum class schema_kind : std::uint8_t {
  any,
  boolean,
  integer,
  real,
  /// A real number that a float can hold.
  short_real,
  text,
  bytes,
  /// One of `names`.
  enumeration,
  /// Any number of `parts[0]`.
  list,
  /// `count` of `parts[0]`.
  row,
  /// `parts`, `count` of them.
  tuple,
  /// Members of any name with `parts[0]`.
  map,
  /// `parts[0]` or null.
  nullable,
  /// `members`.
  record,
};

struct type_schema;

/// Not the table itself: a struct may have itself as a part.
using schema_table = const type_schema& (*) ();

/// One member of a record.
struct member_schema {
  std::string_view name = {};
  /// What people are told of it, or nothing.
  std::string_view about = {};
  schema_table type = nullptr;
  /// Appends its default and returns true; null if there can be none.
  bool (*append_default)(std::string& out) = nullptr;
};

/// A type as data, so that one function makes the schemas of all. There is one
/// for each type, at one place.
struct type_schema {
  schema_kind kind = schema_kind::any;
  /// Of an integer.
  std::int64_t min = 0;
  std::uint64_t max = 0;
  /// Number of `names`, `members` or parts.
  std::size_t count = 0;
  const std::string_view* names = nullptr;
  const member_schema* members = nullptr;
  const schema_table* parts = nullptr;
  /// The name of the definition: `chat.post`.
  std::string (*name)() = nullptr;
  /// What people are told of it, or nothing.
  std::string_view about = {};
  /// What people are told of each of `names`, or null.
  const std::string_view* abouts = nullptr;
  /// Whether a record has rules of its own, which no schema tells.
  bool has_rules = false;
};

} // namespace flamigo::detail
