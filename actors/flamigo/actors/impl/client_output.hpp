#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <caf/error.hpp>

#include "flamigo/actors/close_reason.hpp"

namespace flamigo {

class transport;
struct client_message;

} // namespace flamigo

namespace flamigo::detail {

/// What a connection actor says to its client: frames are composed here and
/// handed to the transport, until one of the two has gone.
class client_output {
public:
  explicit client_output(std::shared_ptr<transport> to) noexcept;

  /// A frame as it is.
  void send(std::string_view frame);

  /// Nothing is sent to a client that gave no `ack_id`.
  void reply(std::string_view name, std::string_view payload,
             std::string_view ack_id);

  void error(const caf::error& why, std::string_view ack_id, bool with_trace);

  void event(const client_message& what);

  /// Closes the connection, if it was not closed before.
  void close(const close_reason& why);

  /// Whether the connection was closed, from either end.
  bool closed() const noexcept {
    return closed_;
  }

  /// The other end is gone.
  void disconnect() noexcept;

private:
  /// An empty buffer for a frame that is sent at once.
  static std::string& buffer();

  std::shared_ptr<transport> to_;
  bool closed_ = false;
};

} // namespace flamigo::detail
