#pragma once

#include <string>

namespace flamigo {

class schema_set;

/// Adds one type to a set and returns its schema: `input_schema<chat::post>`.
/// Who keeps it instead of the type makes schemas only when they are asked for.
using schema_function = std::string (*)(schema_set&);

} // namespace flamigo
