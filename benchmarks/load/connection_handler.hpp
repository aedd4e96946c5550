#pragma once

#include <string_view>

namespace flamigo::load {

class connection;

/// What happens to connections. Each function may send on any connection, and
/// close or open the one that it is called for.
class connection_handler {
public:
  virtual ~connection_handler() = default;

  /// The server has agreed to speak WebSocket.
  virtual void opened(connection& who) = 0;

  /// A message of the server; the text is gone afterwards.
  virtual void received(connection& who, std::string_view text) = 0;

  /// The answer to a ping that was sent as bytes.
  virtual void ponged(connection&, std::string_view) {
  }

  /// The socket is closed. `failure` is empty if we asked for that and the
  /// server answered our close frame, else it says what happened.
  virtual void closed(connection& who, std::string_view failure) = 0;
};

} // namespace flamigo::load
