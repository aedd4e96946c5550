#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <thread>

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

  /// Of an event that is not sent yet; see `begin_sending`.
  explicit sync_delivery(caf::actor_system& system);

  class late_sending;

  /// What sends it, once. To be called once, at the beginning.
  std::shared_ptr<late_sending> begin_sending();

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

  static courier& courier_of(const caf::actor& x);

  std::shared_ptr<progress> progress_;
  caf::actor courier_;
};

/// Sends an event that was to be sent, in the call that publishes it or later,
/// on any thread.
class sync_delivery::late_sending {
public:
  late_sending(std::shared_ptr<progress> of, caf::actor courier);

  /// Sends it. False if nobody waits for answers any more: it has to be
  /// delivered otherwise.
  bool send(const event_ptr& what, boost::intrusive_ptr<const receivers> to,
            caf::execution_unit* unit);

  /// Nobody gets it, for this reason.
  void fail(caf::error why);

  /// The publisher goes on, on whose thread this was made.
  void end_of_call() noexcept;

private:
  std::shared_ptr<progress> progress_;
  caf::actor courier_;
  std::atomic<std::thread::id> caller_ = std::this_thread::get_id();
};

} // namespace flamigo::detail
