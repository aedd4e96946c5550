#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace flamigo {

/// What can go wrong with a request. Each has a name on the wire and a status
/// that means what it means in HTTP; docs/protocol.md lists them.
enum class errc : std::uint8_t {
  none = 0,
  /// The message is not a request: no JSON, no topic, ...
  malformed,
  /// The payload does not fit the input of the strategy.
  invalid_payload,
  /// The client has to authenticate first.
  unauthorized,
  /// A claim validator said no.
  forbidden,
  /// No strategy has that name.
  unknown_strategy,
  /// No channel is declared for that topic.
  unknown_channel,
  /// The request contradicts what was done before.
  conflict,
  /// A limit of count or rate was hit.
  too_many_requests,
  /// The strategy failed; the client is not told why.
  internal,
  /// Who should answer is gone, or the server is about to go.
  unavailable,
  /// There was no answer in time.
  timeout,
  /// Whoever asked does not want to know any more.
  cancelled,
  /// The error has a code and a status of the application's own.
  application,
};

/// Returns the name on the wire, e.g. `unknown_strategy`.
std::string to_string(errc code);

/// Reads a name on the wire. Anything else is `errc::application`.
errc errc_of(std::string_view name) noexcept;

/// Returns the status of a code, e.g. 404. `none` has 200.
int status_of(errc code) noexcept;

/// Returns what a client is told when nothing more precise is known.
std::string default_message(errc code);

} // namespace flamigo
