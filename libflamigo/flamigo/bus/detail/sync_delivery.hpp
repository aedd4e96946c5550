#pragma once

#include <functional>
#include <memory>

#include <caf/actor.hpp>
#include <caf/fwd.hpp>
#include <caf/message_id.hpp>
#include <caf/timespan.hpp>

#include "flamigo/bus/event.hpp"
#include "flamigo/bus/publish_report.hpp"

namespace boost {

template <class T>
class intrusive_ptr;

} // namespace boost

namespace flamigo::detail {

struct receivers;

/// An event on its way to listeners whose answers are waited for. Each gets it
/// as a CAF request in the name of a hidden actor, so whatever a listener is,
/// CAF answers when it has handled the event or has ended.
class sync_delivery {
public:
  /// Of nothing.
  sync_delivery() = default;

  /// Sends it before it returns, on the calling thread, whose execution unit
  /// `host` is, if it has one.
  sync_delivery(caf::actor_system& system, const event_ptr& what,
                const boost::intrusive_ptr<const receivers>& to,
                caf::execution_unit* host);

  /// Blocks until all have answered or the time is up. It needs no other
  /// thread to come back at the deadline.
  publish_report wait(caf::timespan timeout);

  /// Calls back once, in `self`, with the report.
  void then(caf::event_based_actor& self, caf::timespan timeout,
            std::function<void(publish_report)> done);

  // -- by hand ----------------------------------------------------------------

  /// Whether there is somebody to wait for, and nobody has said `close`.
  bool is_open() const noexcept {
    return courier_ != nullptr;
  }

  /// Asks, as `self`, for a response when all have answered; returns its id.
  caf::message_id ask(caf::event_based_actor& self);

  /// Waits no more: whoever has not answered is late.
  publish_report close();

  /// Nobody wants the report any more.
  void forget() noexcept;

private:
  struct progress;

  class courier;

  std::shared_ptr<progress> progress_;
  caf::actor courier_;
};

} // namespace flamigo::detail
