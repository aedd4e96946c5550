#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include <caf/actor.hpp>

#include "flamigo/domain/domain_state.hpp"
#include "flamigo/domain/hosting_options.hpp"

namespace flamigo {

class domain_slot;
struct services;

/// A domain, or a shard of one, that lives on one node of several.
struct placed_domain {
  /// `app::orders`, or `app::orders/3`.
  std::string name;
  /// Which shard it is, if it is one.
  shard_place shard;
  /// Its strategies, each at its `invocation::index`.
  std::vector<std::string> strategies;
  /// Where its actor is found while it lives here; empty else.
  std::shared_ptr<domain_slot> home;
  /// Its supervisor: begins a life at `detail::term_begins`, and ends it at
  /// `detail::term_ends`. It has none before.
  caf::actor supervisor;
  /// What it has to end.
  caf::timespan stop_timeout{0};
  /// How it is here.
  std::shared_ptr<const std::atomic<domain_state>> state = nullptr;
};

/// Decides on which of several nodes domains live, and brings their calls
/// there. What `flamigo::cluster` adds to hosting; see
/// `hosting_options::placement`.
class domain_placement {
public:
  virtual ~domain_placement() = default;

  /// A domain is hosted. Returns the actor that its calls go to on this node:
  /// it gets the `invocation`s that the domain's actor would get. Called by who
  /// hosts, before the program serves.
  virtual caf::actor place(const flamigo::services& what, placed_domain domain)
    = 0;
};

} // namespace flamigo
