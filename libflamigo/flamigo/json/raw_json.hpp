#pragma once

#include <string>

#include <caf/meta/type_name.hpp>

namespace flamigo {

/// Any JSON value, passed through as it is: a member of a struct, or the whole
/// input or output of a strategy. What was read is valid JSON, without white
/// space around it. What is written is not read again: `text` must then hold
/// exactly one JSON value, and one that comes from elsewhere should be checked
/// with `is_json` first. Nothing at all is written as `null`, and bytes that
/// are not valid UTF-8 as U+FFFD.
struct raw_json {
  /// The text of one JSON value.
  std::string text = "null";
};

inline bool operator==(const raw_json& x, const raw_json& y) {
  return x.text == y.text;
}

/// Makes it an actor message, see `flamigo/inspect.hpp`.
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, raw_json& x) {
  return f(caf::meta::type_name("raw_json"), x.text);
}

} // namespace flamigo
