#pragma once

#include <string>

#include <boost/describe/class.hpp>

namespace flamigo {

/// One member of a payload that does not fit, as the client is told.
struct field_error {
  /// Path of the member: `items[2].price`, or empty for the whole payload.
  std::string field;
  /// What is wrong with it, as the rest of a sentence: `is required`.
  std::string error;
};

BOOST_DESCRIBE_STRUCT(field_error, (), (field, error))

} // namespace flamigo
