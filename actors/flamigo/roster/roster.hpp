#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include "flamigo/roster/detail/client_opened.hpp"
#include "flamigo/roster/detail/roster_look.hpp"
#include "flamigo/roster/roster_page.hpp"
#include "flamigo/wire/client_message.hpp"

namespace flamigo {

class bus;
class metric_registry;

/// Watches every connection actor, logs its start and its end and publishes
/// both as events (`client_connected`, `client_disconnected`), and in between
/// that it has become a user (`user_authenticated`). Since it
/// monitors them, it learns of each end exactly once, whatever caused it: a
/// close frame, a reset, a timeout, a crash or a shutdown. One that goes on for
/// a while without its client says so, and counts as ended.
///
/// A handle: copies speak of the same roster. Thread-safe.
class roster {
public:
  /// The bus must outlive the roster's actor.
  explicit roster(const bus& events);

  /// The CAF actor; it takes `client_opened`.
  const caf::actor& handle() const noexcept {
    return actor_;
  }

  /// Connection actors that are alive, as far as the roster has heard.
  std::size_t open() const noexcept;

  /// Connection actors that there ever were.
  std::size_t total() const noexcept;

  // -- disconnecting ----------------------------------------------------------

  /// Closes all connections of a user with 3503, also those that are there and
  /// become that user within a minute. One that is opened afterwards is let in:
  /// take back the proof first.
  void kick_user(std::string id) const;

  /// Closes a connection with 3503. However many are kicked at once, the roster
  /// looks through its connections once for all of them.
  void kick_connection(std::string id) const;

  /// Sends a message to the client of every connection that is open.
  void tell(client_message what) const;

  /// Lists some of the connections: `then` is called once, on the roster's
  /// thread, unless the roster ends before. It looks at all of them, in slices.
  /// Fails with `errc::too_many_requests` while 16 others are looking.
  void look(roster_query which, detail::roster_look::receiver then) const;

  /// Has connections counted there that come and go from now on. It outlives
  /// the roster's actor.
  void count_in(metric_registry& where) const noexcept;

  // -- where it runs, and until when -----------------------------------------

  /// Ends the actor as soon as every connection that it knows of has ended and
  /// is told of.
  void finish() const;

  /// Runs the actor on this unit from now on, which must outlive its use here;
  /// with null, as at first, on CAF's scheduler. On the thread that its
  /// connections live on, a connection that comes or goes wakes no other.
  void run_on(caf::execution_unit* home) const noexcept;

  /// What the actor shares with its handles.
  ///
  /// @private
  struct state;

private:
  std::shared_ptr<state> state_;
  caf::actor actor_;
};

} // namespace flamigo
