#pragma once

#include <string>

#include "flamigo/schema/schema_set.hpp"

namespace flamigo {

/// Adds one type to a set and returns its schema: `input_schema<chat::post>`.
/// Who keeps it instead of the type makes schemas only when they are asked for.
using schema_function = std::string (*)(schema_set&);

/// The schema of what is taken as a `T`, see `schema_set::input`.
template <class T>
std::string input_schema(schema_set& in) {
  return in.input<T>();
}

/// The schema of what is given as a `T`, see `schema_set::output`.
template <class T>
std::string output_schema(schema_set& in) {
  return in.output<T>();
}

/// Returns a whole document for one schema: with `$schema`, and `$defs` if
/// there are any.
std::string schema_document(schema_function schema);

/// Returns the JSON Schema of what is taken as a `T`, as a document.
template <class T>
std::string schema_of() {
  return schema_document(input_schema<T>);
}

} // namespace flamigo
