#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "flamigo/cluster/cluster_domain.hpp"
#include "flamigo/cluster/cluster_traffic.hpp"
#include "flamigo/cluster/journal_status.hpp"

namespace flamigo {

/// Another node, as seen from this one.
struct cluster_peer {
  /// New with every start of its process.
  std::string id;
  /// For people.
  std::string name;
  /// Patterns and topics that have subscribers there.
  std::size_t wishes = 0;
  /// Who is seen in its channels, once for each.
  std::size_t members = 0;
  /// Frames that went there, and those of them that were lost here, since too
  /// much waited.
  std::uint64_t sent = 0;
  std::uint64_t dropped = 0;
  /// Frames that came from there, and those that are known to be lost.
  std::uint64_t received = 0;
  std::uint64_t lost = 0;
  /// Clients that are connected there, as it has said last.
  std::uint64_t connections = 0;
  /// The leases of clustered domains that are hosted there.
  std::vector<std::string> domains = {};
};

BOOST_DESCRIBE_STRUCT(cluster_peer, (),
                      (id, name, wishes, members, sent, dropped, received, lost,
                       connections, domains))

/// How a node stands among the others, at one moment.
struct cluster_status {
  /// Of this node.
  std::string id;
  /// Whether there is a connection to NATS, and else why not.
  bool connected = false;
  std::string reason;
  /// How often there was one again.
  std::uint64_t reconnects = 0;
  /// Patterns and topics that have subscribers here.
  std::size_t wishes = 0;
  /// Events of types that no part of this program names: clients had them,
  /// domain actors did not.
  std::uint64_t unknown_types = 0;
  /// Frames to other nodes that were lost here, and those of other nodes that
  /// are known to be lost; with those of nodes that are gone.
  std::uint64_t dropped = 0;
  std::uint64_t lost = 0;
  /// How often clients were told that something is missing.
  std::uint64_t gaps = 0;
  /// How long an event waits before the node's own thread sends it, as it was
  /// when somebody asked before.
  std::chrono::nanoseconds lag{0};
  cluster_traffic traffic;
  std::vector<cluster_peer> peers;
  /// The clustered domains that are hosted here.
  std::vector<cluster_domain> domains;
  /// None without channels with history.
  std::optional<journal_status> journal = {};
};

BOOST_DESCRIBE_STRUCT(cluster_status, (),
                      (id, connected, reason, reconnects, wishes, unknown_types,
                       dropped, lost, gaps, lag, traffic, peers, domains,
                       journal))

} // namespace flamigo
