#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace flamigo::detail {

/// Who hears of a socket.
class remote_socket_events {
public:
  virtual ~remote_socket_events() = default;

  /// The server has taken it: messages go out from now on.
  virtual void opened() = 0;

  /// A message, in the order in which they came.
  virtual void heard(const std::string& text) = 0;

  /// It has ended, or could not be opened. `code` is the close frame's; 1006
  /// where there was none.
  virtual void ended(std::uint16_t code, const std::string& message) = 0;
};

/// One WebSocket as a client has it, from its making to its end.
class remote_socket {
public:
  virtual ~remote_socket() = default;

  /// Sends a message, once it was opened and until it has ended.
  virtual void send(std::string text) = 0;

  /// Says good-bye behind what was sent. Nothing is heard of it any more. What
  /// is destroyed has done so.
  virtual void close() = 0;
};

/// Makes one, which says nothing before it has returned.
using remote_socket_maker
  = std::function<std::unique_ptr<remote_socket>(remote_socket_events&)>;

} // namespace flamigo::detail
