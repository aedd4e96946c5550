#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

namespace flamigo {

/// How a node competes for a lease, see `flamigo::cluster_lease`. Nodes may
/// differ: each waits as long as the one that holds it has said.
struct lease_options {
  /// How long it is held after it was renewed last: when a node dies, another
  /// one has it after this and `poll`, and what NATS takes. From a second to an
  /// hour.
  std::chrono::milliseconds lasts{10'000};

  /// How much earlier than the others its holder takes it for lost, since no
  /// two clocks go at the same rate and what it has begun takes a while. Less
  /// than `lasts` without `renew`.
  std::chrono::milliseconds margin{1'000};

  /// How often its holder renews it.
  std::chrono::milliseconds renew{2'500};

  /// How often the others look for it, a quarter of a second at least, and its
  /// holder tries again to renew it where that failed.
  std::chrono::milliseconds poll{1'000};

  /// Called with the token when this node has gained the lease, and with 0 when
  /// it has lost it, on the node's own thread: it should not wait, and not end
  /// the lease. A lease that is ended here is not lost: nothing is called.
  std::function<void(std::uint64_t token)> on_change{};
};

} // namespace flamigo
