#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include <caf/timespan.hpp>

#include "flamigo/domain/event_overflow.hpp"

namespace flamigo {

class domain_placement;
class domain_term;

/// Which of several domain actors with the same strategies one is.
struct shard_place {
  /// From 0 on.
  std::size_t index = 0;
  /// How many there are; 0 for a domain that is not sharded.
  std::size_t count = 0;
};

/// How a domain actor is run and looked after.
struct hosting_options {
  /// What it is called: by `find`, in the log, in its claims, in the events
  /// that tell of it. No two domains are given one name. Without one it is
  /// `app::chat` for the domain of `app::chat:post`, and the name of the actor
  /// where there are no strategies.
  std::string name = {};

  /// Spawn the domain actor anew when it goes down by an error. Its state
  /// starts afresh; what waited in its mailbox was answered 503.
  bool restart = true;

  /// Restarts within `restart_window`; one more leaves the domain down: its
  /// strategies answer 503, and `domain_health` says so.
  std::size_t max_restarts = 5;

  /// The time in which restarts are counted; `caf::timespan::max()` for all.
  caf::timespan restart_window = std::chrono::minutes{1};

  /// Until the next attempt when the function that makes the domain has thrown
  /// in a restart; each attempt counts as one.
  caf::timespan retry_delay = std::chrono::seconds{1};

  /// Requests that wait in the domain actor's mailbox; more are answered 503.
  std::size_t max_queued = 10'000;

  /// Events that wait for the domain actor's listeners.
  std::size_t max_queued_events = 10'000;

  /// What becomes of them when there is one more.
  event_overflow when_events_overflow = event_overflow::drop_oldest();

  /// Whether what its handlers have subscribed clients to stays when the domain
  /// actor ends. Else it ends as well, strategies of single clients included,
  /// and the next life subscribes them anew; what was subscribed by somebody
  /// else meanwhile, under the same text, stays, and so does a channel to which
  /// the client has subscribed itself.
  bool keep_client_subscriptions = true;

  /// What it has to finish with what waits in its mailbox and with `on_stop`,
  /// when it is told to end. Then it ends in spite of it, and a line in the log
  /// says so.
  caf::timespan stop_timeout = std::chrono::seconds{10};

  /// Run the domain actor on a thread of its own, where it may block without
  /// holding up other domains. In tests it is like any other.
  bool detached = false;

  /// Which of the shards of its domain it is; set by `host_sharded`.
  shard_place shard = {};

  /// What decides on which of several nodes it lives; null for this one,
  /// always. `cluster_node::clustered` sets it.
  std::shared_ptr<domain_placement> placement = nullptr;

  /// The term of its life here; null for one that knows no terms. Set by its
  /// supervisor where there is a placement.
  std::shared_ptr<const domain_term> term = nullptr;
};

} // namespace flamigo
