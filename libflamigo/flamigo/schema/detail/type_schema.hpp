#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace flamigo::detail {

/// What the JSON of a type looks like. The types with a name have a definition
/// of their own: a record, an enumeration, a strong typedef.
enum class schema_kind : std::uint8_t {
  any,
  boolean,
  integer,
  real,
  /// A real number that a float can hold.
  short_real,
  text,
  bytes,
  time,
  date,
  /// Milliseconds from `min` to `max`, in multiples of `count`.
  duration,
  /// The same, with a fraction.
  fine_duration,
  /// Any number of milliseconds.
  real_duration,
  /// One of `names`.
  enumeration,
  /// Any number of `parts[0]`.
  list,
  /// The same, none twice.
  set,
  /// `count` of `parts[0]`.
  row,
  /// `parts`, `count` of them.
  tuple,
  /// Members of any name with `parts[0]`.
  map,
  /// Those whose names are of `parts[1]`.
  keyed_map,
  /// One of `count` `parts`, tagged with its name of `names`.
  variant,
  /// `parts[0]` or null.
  nullable,
  /// `members`.
  record,
  /// `parts[0]` under a name of its own.
  strong,
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
  /// Of an integer or of a duration.
  std::int64_t min = 0;
  std::uint64_t max = 0;
  /// Number of `names`, `members` or `parts`, or what the kind says.
  std::size_t count = 0;
  const std::string_view* names = nullptr;
  const member_schema* members = nullptr;
  const schema_table* parts = nullptr;
  /// The name of the type, as the compiler writes it.
  std::string_view name = {};
  /// Makes the name of the definition of a template; null for others.
  std::string (*make_name)() = nullptr;
  /// What people are told of it, or nothing.
  std::string_view about = {};
  /// What people are told of each of `names`, or null.
  const std::string_view* abouts = nullptr;
  /// Whether a record has rules of its own, which no schema tells.
  bool has_rules = false;
};

} // namespace flamigo::detail
