#pragma once

#include <caf/mailbox_element.hpp>

#include "flamigo/bus/event.hpp"

namespace flamigo::detail {

class home_unit;

/// An actor that one thread runs, its home, whoever sends to it: a subscriber
/// that can be told of an event without its mailbox.
class homed_actor {
public:
  /// Null if CAF's scheduler runs it. Never changes. From any thread.
  virtual home_unit* home() const noexcept = 0;

  /// An event that was published on its thread. On that thread.
  virtual void hear(const event_ptr& what) = 0;

  /// An event that another thread has put for it, and whose turn has come. On
  /// its thread, or on any when that one runs no more.
  virtual void accept_event(const event_ptr& what) = 0;

  /// The same for a message.
  virtual void accept_message(caf::mailbox_element_ptr what) = 0;

  /// An event could not be put, because too many wait. From any thread.
  virtual void overrun() = 0;

protected:
  ~homed_actor() = default;
};

} // namespace flamigo::detail
