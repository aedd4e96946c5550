#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "flamigo/field_error.hpp"
#include "flamigo/json/json.hpp"

namespace flamigo::testing {

/// The payload of an error, as the client reads it.
struct error_frame {
  std::string message;
  int status = 0;
  std::string code;
  /// What is wrong with the payload of the request, if that is it.
  std::optional<std::vector<field_error>> fieldErrors; // NOLINT: as on the wire
  /// Only where traces are exposed, see `client_options`.
  std::optional<std::string> trace;
};

BOOST_DESCRIBE_STRUCT(error_frame, (),
                      (message, status, code, fieldErrors, trace))

} // namespace flamigo::testing
