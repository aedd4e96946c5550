#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include <caf/error.hpp>

#include "flamigo/error/field_error.hpp"

namespace flamigo::detail {

/// An error on its way between nodes.
struct failure_note {
  /// As clients read it.
  std::string code;
  std::int32_t status = 0;
  std::string message;
  std::optional<std::vector<field_error>> fields = {};
  /// In milliseconds.
  std::optional<std::int64_t> retry_after = {};
  /// For developers.
  std::optional<std::string> trace = {};
};

BOOST_DESCRIBE_STRUCT(failure_note, (),
                      (code, status, message, fields, retry_after, trace))

/// Writes down an error.
failure_note note_of(const caf::error& why);

/// The opposite: clients are told the same, and the trace is the cause of it.
/// Never none.
caf::error error_of(failure_note&& what);

} // namespace flamigo::detail
