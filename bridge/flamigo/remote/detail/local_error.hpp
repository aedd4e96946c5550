#pragma once

#include <string>

#include <caf/error.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/remote/remote_error.hpp"
#include "flamigo/remote/remote_state.hpp"

/// What a client finds out by itself, see `flamigo/remote/remote_error.hpp`.
namespace flamigo::detail {

inline caf::error local_error(std::string_view code, int status,
                              std::string message) {
  return public_error(std::move(message), status, std::string{code});
}

/// A sentence, with what the reason says behind it.
inline std::string with_reason(std::string text, const remote_reason& why) {
  return why.message.empty() ? text : text + ": " + why.message;
}

inline caf::error lost_error(const remote_reason& why) {
  return local_error(remote_code::lost, 502,
                     with_reason("the connection was lost before the answer",
                                 why));
}

inline caf::error closed_error(const remote_reason& why) {
  return local_error(remote_code::closed, 503,
                     with_reason("the connection is closed", why));
}

inline caf::error too_large_error(const remote_reason& why) {
  return local_error(remote_code::too_large, 413,
                     with_reason("the server does not take so much", why));
}

inline caf::error offline_error(std::string message, const remote_reason& why) {
  return local_error(remote_code::offline, 503,
                     with_reason(std::move(message), why));
}

/// An answer that is not what was to come.
inline caf::error unfit_error(caf::error why) {
  return wrap(std::move(why), "reading the answer of the server",
              "the server's answer is not what was expected", 502,
              std::string{remote_code::unfit});
}

/// The same error, of which `may_have_run` knows that the server may have done
/// what was asked.
caf::error ran_perhaps(caf::error why);

} // namespace flamigo::detail
