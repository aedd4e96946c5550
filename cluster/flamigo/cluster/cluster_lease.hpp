#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "flamigo/cluster/lease_options.hpp"

namespace flamigo {

namespace detail {

struct held_lease;

} // namespace detail

/// A lease that at most one of all nodes holds at a time, see
/// `cluster_node::lease`. Members are for any thread, and wait for nobody. It
/// may outlive the node, which ends it.
///
/// Whoever holds it has a token, which is larger than that of everybody who has
/// held it before. A process that was stopped between `held` and what it does
/// then cannot know that it has lost the lease: what must not be done twice
/// goes together with the token to a store that refuses one that is older than
/// the newest it has seen.
class cluster_lease {
public:
  /// Nobody's; it is never held.
  cluster_lease() = default;

  cluster_lease(cluster_lease&&) noexcept = default;

  cluster_lease& operator=(cluster_lease&& other) noexcept;

  /// Gives it back, so that another node can have it at once. `on_change` has
  /// returned then, and is not called any more.
  ~cluster_lease();

  /// Whether this node holds it: by its own clock, whatever the server says.
  bool held() const noexcept {
    return token() != 0;
  }

  /// The holder's token; 0 when this node does not hold it.
  std::uint64_t token() const noexcept;

  /// The id (`cluster_status::id`) of the node that held it when this one
  /// looked last; empty if nobody did.
  std::string holder() const;

private:
  friend class cluster_node;

  explicit cluster_lease(std::shared_ptr<detail::held_lease> what) noexcept;

  std::shared_ptr<detail::held_lease> what_;
};

} // namespace flamigo
