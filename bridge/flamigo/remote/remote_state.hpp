#pragma once

#include <cstdint>
#include <string>

#include <caf/error.hpp>
#include <caf/timespan.hpp>

namespace flamigo {

/// What a connection to a server is doing.
enum class remote_phase : std::uint8_t {
  /// A socket is being opened.
  connecting,
  /// The server looks at the token.
  authenticating,
  /// Calls go out.
  open,
  /// It is tried again, after `remote_state::retry_in`.
  waiting,
  /// For good: it is not tried again, except by `remote_server::reconnect`.
  closed,
};

/// Returns its name, such as "open".
std::string to_string(remote_phase x);

/// Who has ended a connection, or keeps one from beginning.
enum class remote_cause : std::uint8_t {
  /// Nothing has.
  none,
  /// It broke, or could not be made.
  lost,
  /// The server has closed it; see `remote_reason::code`.
  server,
  /// `remote_options::token` has failed, or the server refuses what it gave.
  token,
  /// This program, by `close` or `reconnect`.
  program,
};

/// Why a connection has ended, or does not begin.
struct remote_reason {
  /// Whose doing it is.
  remote_cause cause = remote_cause::none;
  /// The close code (docs/protocol.md); 0 where there is none.
  std::uint16_t code = 0;
  /// The close frame's text, or a sentence. May be empty.
  std::string message{};
  /// What was wrong with the token; else none.
  caf::error error{};
};

/// What a connection is doing, and why.
struct remote_state {
  /// What it is doing.
  remote_phase phase = remote_phase::connecting;
  /// While it is connecting: for which time since it last held, from 1 on.
  unsigned attempt = 0;
  /// While it waits, or is closed: what was before.
  remote_reason reason{};
  /// While it waits: when it is tried again, from now on.
  caf::timespan retry_in{0};
};

} // namespace flamigo
