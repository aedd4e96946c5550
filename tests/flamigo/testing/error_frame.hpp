#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "flamigo/error/field_error.hpp"
#include "flamigo/json/json.hpp"

namespace flamigo::testing {

/// The payload of an error, as the client reads it.
struct error_frame {
  /// What may be shown to a person.
  std::string message;
  /// As in HTTP, such as 403; 0 if the error has none.
  int status = 0;
  /// A name on the wire, such as `forbidden`.
  std::string code;
  /// What is wrong with the payload of the request, if that is it.
  std::optional<std::vector<field_error>> fieldErrors; // NOLINT: as on the wire
  /// When to try again, if that is known.
  std::optional<std::int64_t> retryAfterMs; // NOLINT: as on the wire
  /// Only where traces are exposed, see `client_options`.
  std::optional<std::string> trace;
};

BOOST_DESCRIBE_STRUCT(error_frame, (),
                      (message, status, code, fieldErrors, retryAfterMs, trace))

} // namespace flamigo::testing
