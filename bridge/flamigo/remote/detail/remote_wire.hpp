#pragma once

#include <string>

#include "flamigo/remote/remote_state.hpp"

namespace flamigo::detail {

/// What requests go by.
class remote_wire {
public:
  virtual ~remote_wire() = default;

  /// Whether anything may be asked.
  virtual bool is_up() const = 0;

  /// Whether it was sent.
  virtual bool send(std::string text) = 0;

  /// Sends it whether or not the server knows us, if there is a socket.
  virtual void say(std::string text) = 0;

  /// Why there will be no connection any more; null while there may be.
  virtual const remote_reason* closed() const = 0;

  /// Why there is no connection, as far as that is known.
  virtual const remote_reason& reason() const = 0;

  /// Something was refused for want of a token: whether another one is shown.
  /// None is where one was good a moment ago.
  virtual bool renew() = 0;

  /// Finds out whether the server is there.
  virtual void probe() = 0;
};

} // namespace flamigo::detail
