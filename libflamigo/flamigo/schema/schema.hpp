#pragma once

#include <string>

#include "flamigo/schema/schema_function.hpp"
#include "flamigo/schema/schema_set.hpp"

namespace flamigo {

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
