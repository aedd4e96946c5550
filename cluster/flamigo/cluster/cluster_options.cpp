#include "flamigo/cluster/cluster_options.hpp"

namespace flamigo {

void cluster_options::add_to(caf::config_option_set& where) {
  where
    .add(nats_url, "?cluster", "nats-url",
         "NATS servers, nats://host:4222, by which this program and others "
         "are one; with commas between several")
    .add(name, "?cluster", "cluster-name",
         "nodes with the same name belong together")
    .add(node, "?cluster", "node-name",
         "what others call this node in their logs")
    .add(nats_credentials, "?cluster", "nats-credentials",
         "file with a JWT and an NKey for NATS")
    .add(nats_ca, "?cluster", "nats-ca",
         "PEM file with the authorities of the NATS servers' certificates")
    .add(nats_required, "?cluster", "nats-required",
         "not ready, by /readyz, without a connection to NATS")
    .add(nats_replicas, "?cluster", "nats-replicas",
         "on how many servers of a NATS cluster the journal and leases are: "
         "1, 3 or 5")
    .add(journal_bytes, "?cluster", "journal-bytes",
         "what the journal of channels with history may have on NATS's disks");
}

} // namespace flamigo
