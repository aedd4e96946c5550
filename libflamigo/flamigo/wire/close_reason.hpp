#pragma once

#include <cstdint>
#include <string>

#include <caf/error.hpp>
#include <caf/meta/type_name.hpp>

namespace flamigo {

/// The close codes that a Flamigo server uses. 1000 to 2999 are RFC 6455's;
/// 3000 to 3499 tell a client that reconnecting makes sense, 3500 to 3999 that
/// it does not; 4000 to 4999 belong to the application, in the same halves.
enum class close_code : std::uint16_t {
  normal = 1000,
  going_away = 1001,
  protocol_error = 1002,
  unsupported_data = 1003,
  /// Never on the wire (RFC 6455, 7.1.5): the close frame had no code.
  no_status = 1005,
  /// Never on the wire (RFC 6455, 7.1.5): the socket ended without a close
  /// frame.
  abnormal = 1006,
  /// Also for compressed data that is none (RFC 6455, 7.4.1).
  invalid_utf8 = 1007,
  too_big = 1009,
  internal_error = 1011,
  shutting_down = 3001,
  auth_expired = 3005,
  slow_consumer = 3008,
  no_pong = 3012,
  too_many_requests = 3013,
  too_many_malformed = 3501,
  auth_deadline = 3502,
  kicked = 3503,
};

/// Whether a close frame may have this code: one of RFC 6455, 7.4.1, and of
/// IANA's registry, or one that is left to frameworks and applications. 1004 to
/// 1006 and 1015 stand for what is no close frame.
constexpr bool is_close_code(std::uint16_t code) noexcept {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014)
         || (code >= 3000 && code <= 4999);
}

/// Whether a client is to come again by itself that was closed with this code.
bool may_reconnect(std::uint16_t code) noexcept;

/// Why a connection ended: a close code and a text for people, at most 123
/// bytes on the wire (RFC 6455, 5.5).
struct close_reason {
  /// One of `close_code`, or the application's own. One that is not for a close
  /// frame (`is_close_code`) is sent as 1011, and logged.
  std::uint16_t code = 1000;
  /// For people and logs. May be empty.
  std::string reason;

  close_reason() = default;

  /// With a code of the application's own.
  close_reason(std::uint16_t number, std::string text)
    : code(number), reason(std::move(text)) {
  }

  /// With a code of the framework.
  close_reason(close_code known, std::string text)
    : code(static_cast<std::uint16_t>(known)), reason(std::move(text)) {
  }
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, close_reason& x) {
  return f(caf::meta::type_name("close_reason"), x.code, x.reason);
}

/// Packs a close reason into the exit reason of a connection actor.
caf::error to_exit_reason(const close_reason& why);

/// Reads it back, as a client may see it: an actor that just quit has closed
/// with 1000, one that was told to with 1001. Any other exit reason (a crash, a
/// kill) is 1011 and says nothing of its cause, which is for the log.
close_reason from_exit_reason(const caf::error& exit_reason);

/// Whether an exit reason is neither a close reason nor an orderly end.
bool is_failure(const caf::error& exit_reason) noexcept;

} // namespace flamigo
