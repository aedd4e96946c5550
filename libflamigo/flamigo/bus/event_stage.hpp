#pragma once

#include <functional>

#include <caf/error.hpp>
#include <caf/fwd.hpp>

#include "flamigo/bus/event.hpp"

namespace flamigo {

/// Where events pass by on their way from who publishes to who hears of it; see
/// `bus::pass_by`. Thread-safe.
class event_stage {
public:
  /// Delivers an event, or says why it is not delivered. `unit` is the calling
  /// thread's execution unit, null where that is not known.
  using delivery = std::function<void(const event_ptr& what, caf::error why,
                                      caf::execution_unit* unit)>;

  virtual ~event_stage();

  /// Whether it wants this event. Asked of each, on the publisher's thread.
  virtual bool takes(const event& what) const = 0;

  /// Takes an event, and calls `then` once: now or later, on any thread, and
  /// with it or with one that says the same and more. `unit` is that of the
  /// publisher's thread.
  ///
  /// Returns what it has failed with by then; what fails later is logged here.
  /// Of one publisher's events of one topic, the first is delivered first.
  virtual caf::error
  pass(const event_ptr& what, caf::execution_unit* unit, delivery then)
    = 0;
};

} // namespace flamigo
