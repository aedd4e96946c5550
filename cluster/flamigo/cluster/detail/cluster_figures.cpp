#include "flamigo/cluster/detail/cluster_figures.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "flamigo/cluster/cluster_status.hpp"
#include "flamigo/metrics/detail/metric_text.hpp"

namespace flamigo::detail {

namespace {

struct figures_of_peers {
  std::uint64_t wishes = 0;
  std::uint64_t dropped = 0;
  std::uint64_t lost = 0;
  std::uint64_t connections = 0;
};

/// A node that was killed and its next process are both there for a while, and
/// a label can stand for one only.
std::map<std::string, figures_of_peers> by_name(const cluster_status& from) {
  std::map<std::string, figures_of_peers> result;
  for (auto& x : from.peers) {
    auto& sum = result[x.name];
    sum.wishes += x.wishes;
    sum.dropped += x.dropped;
    sum.lost += x.lost;
    sum.connections += x.connections;
  }
  return result;
}

void write_peers(metric_text& to, const cluster_status& from) {
  auto all = by_name(from);
  auto write = [&](std::string_view name, std::string_view type,
                   std::string_view help,
                   std::uint64_t figures_of_peers::*figure) {
    to.family(name, type, help);
    for (auto& [peer, x] : all)
      to.sample(name, "peer", peer, x.*figure);
  };
  write("flamigo_cluster_peer_interest", "gauge",
        "Patterns and topics that are wanted on another node.",
        &figures_of_peers::wishes);
  write("flamigo_cluster_peer_dropped_frames_total", "counter",
        "Frames to another node that were lost here.",
        &figures_of_peers::dropped);
  write("flamigo_cluster_peer_lost_frames_total", "counter",
        "Frames of another node that did not come.", &figures_of_peers::lost);
  write("flamigo_cluster_peer_connections", "gauge",
        "Clients that are connected to another node.",
        &figures_of_peers::connections);
}

void write_journal(metric_text& to, const journal_status& from) {
  to.one("flamigo_cluster_journal_ready", "gauge",
         "Whether events of channels with history are delivered.",
         std::uint64_t{from.reason.empty() ? 1u : 0u});
  to.one("flamigo_cluster_journal_waiting_events", "gauge",
         "Events of this node that have not come back from the journal.",
         from.waiting);
  to.one("flamigo_cluster_journal_position", "gauge",
         "The place in the journal of what was handled last.", from.position);
}

} // namespace

void write_cluster(metric_text& to, const cluster_status& from) {
  to.one("flamigo_cluster_connected", "gauge",
         "Whether there is a connection to NATS.",
         std::uint64_t{from.connected ? 1u : 0u});
  to.one("flamigo_cluster_reconnects_total", "counter",
         "How often there was one again.", from.reconnects);
  to.one("flamigo_cluster_peers", "gauge", "Other nodes.", from.peers.size());
  to.one("flamigo_cluster_interest", "gauge",
         "Patterns and topics that are wanted on this node.", from.wishes);
  to.one("flamigo_cluster_sent_frames_total", "counter",
         "Frames that went to NATS.", from.traffic.sent_frames);
  to.one("flamigo_cluster_sent_bytes_total", "counter",
         "Their bytes, without what NATS adds.", from.traffic.sent_bytes);
  to.one("flamigo_cluster_received_frames_total", "counter",
         "Frames that came from NATS.", from.traffic.received_frames);
  to.one("flamigo_cluster_received_bytes_total", "counter",
         "Their bytes, without what NATS adds.", from.traffic.received_bytes);
  to.one("flamigo_cluster_dropped_frames_total", "counter",
         "Frames to other nodes that were lost here, since too much waited.",
         from.dropped);
  to.one("flamigo_cluster_lost_frames_total", "counter",
         "Frames of other nodes that did not come.", from.lost);
  to.one("flamigo_cluster_gaps_total", "counter",
         "How often clients were told that something is missing.", from.gaps);
  to.one("flamigo_cluster_unknown_events_total", "counter",
         "Events of types that no part of this program names.",
         from.unknown_types);
  to.one("flamigo_cluster_backlog_bytes", "gauge",
         "Bytes that NATS has not taken yet.", from.traffic.backlog_bytes);
  to.one("flamigo_cluster_lag_seconds", "gauge",
         "How long an event waits for being sent to other nodes.",
         std::chrono::duration<double>{from.lag}.count());
  write_peers(to, from);
  to.family("flamigo_cluster_domain_here", "gauge",
            "Whether a clustered domain lives on this node.");
  for (auto& x : from.domains)
    to.sample("flamigo_cluster_domain_here", "domain", x.name,
              std::uint64_t{x.token != 0 ? 1u : 0u});
  if (from.journal)
    write_journal(to, *from.journal);
}

} // namespace flamigo::detail
