#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <caf/actor.hpp>

#include "flamigo/cluster/cluster_status.hpp"
#include "flamigo/cluster/detail/domain_gate.hpp"
#include "flamigo/cluster/detail/held_lease.hpp"
#include "flamigo/cluster/detail/shard_spread.hpp"
#include "flamigo/cluster/lease_options.hpp"
#include "flamigo/domain/domain_placement.hpp"

namespace flamigo::detail {

/// The domains of one node that live on one node of several: each competes for
/// a lease, begins its life when that is gained, and ends it when it is lost.
/// Shards are spread over the nodes. Members say on which thread.
class cluster_hosting {
public:
  using time_point = lease_clock::time_point;

  /// What the node does for it.
  struct surroundings {
    /// The id of this node.
    std::string node;
    domain_gate::node_finder find;
    /// Competes for a lease. Any thread.
    std::function<void(const std::string& name, const lease_options&,
                       std::shared_ptr<held_lease>)>
      compete;
    /// See `lease_keeper::want`. On the node's thread.
    std::function<void(const held_lease&, bool)> want;
    /// Has the actor end with the application.
    std::function<void(caf::actor)> adopt;
    /// Calls a function on the node's thread, unless the node has ended.
    std::function<void(std::function<void()>)> later;
  };

  explicit cluster_hosting(surroundings around);

  ~cluster_hosting();

  /// Who hosts.
  caf::actor place(const services& what, const std::string& lease_name,
                   const lease_options& how, const placed_domain& domain);

  /// Whether nothing has been hosted. Any thread.
  bool empty() const;

  /// The node's thread, several times a second.
  void tick(time_point now, const std::vector<cluster_peer>& peers);

  /// Ends all lives here; the leases are held until they have ended. Any thread
  /// but the node's.
  void stop();

  /// The leases for which this node competes. Any thread.
  std::vector<std::string> leases() const;

  /// Of those that have been hosted: where they live. Any thread.
  std::vector<cluster_domain> status() const;

private:
  struct one {
    std::string name;
    placed_domain domain;
    caf::actor_system& system;
    std::shared_ptr<held_lease> lease;
    shard_spread spread;
    bool is_leaving = false;
    /// Since when it should live here, and does not.
    std::optional<time_point> fails_since = {};
    /// It is for others to try.
    time_point rests_until = {};
  };

  /// Nodes count from when they have been there for this long.
  static constexpr std::chrono::seconds settling{3};

  /// Where a domain is down for so long, another node may try, which has the
  /// other time for it.
  static constexpr std::chrono::seconds forbearance{5};
  static constexpr std::chrono::seconds rest{30};

  void tend(const std::shared_ptr<one>& it, const shard_spread::view& what);

  /// Whether it could live here as well as elsewhere.
  static bool is_able(one& it, time_point now, bool held);

  /// Ends its life here, then gives its lease back.
  void move_out(const std::shared_ptr<one>& it);

  const surroundings around_;
  /// Since when the others are there. The node's thread.
  std::map<std::string, time_point> since_;
  mutable std::mutex mtx_;
  std::vector<std::shared_ptr<one>> all_;
};

} // namespace flamigo::detail
