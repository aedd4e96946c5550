#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include <caf/config_option_set.hpp>

namespace flamigo {

/// How a program is one node of several, see `flamigo::cluster_node`.
struct cluster_options {
  /// `--nats-url`: the NATS servers, `nats://host:4222`, several with commas
  /// between them. Empty: the program is on its own.
  std::string nats_url;

  /// `--cluster-name`: nodes with the same name belong together. Letters,
  /// digits, `-` and `_`.
  std::string name = "flamigo";

  /// `--node-name`: what others call this node in their logs; the host's name
  /// and the process's number if empty.
  std::string node;

  /// `--nats-credentials`: a file as NATS makes it, with a JWT and an NKey.
  std::string nats_credentials;

  /// `--nats-ca`: a PEM file with the authorities that the servers'
  /// certificates are checked by; those of the system if empty. With one, or
  /// with `tls://` in the URL, nothing goes without TLS.
  std::string nats_ca;

  /// `--nats-required`: `/readyz` answers 503 as long as there is no connection
  /// to NATS. Otherwise the node is ready, and goes on alone.
  bool nats_required = false;

  /// `--nats-replicas`: on how many servers of a NATS cluster the journal of
  /// channels with history and the leases are kept: 1, 3 or 5. With 3, one of
  /// them may be away.
  std::uint64_t nats_replicas = 1;

  /// `--journal-bytes`: how much the journal of channels with history may have
  /// on the servers' disks; it grows to the largest that a node asks for.
  std::uint64_t journal_bytes = 268'435'456;

  /// How long an event for other nodes waits for those that follow it while
  /// events come in quick succession, so that they travel and are delivered
  /// together: each message wakes three threads. One that comes alone does not
  /// wait, nor do calls and answers. 0: none waits.
  std::chrono::microseconds linger{5'000};

  /// How often a node says that it is there.
  std::chrono::milliseconds heartbeat{2'000};

  /// How long nothing may be heard of a node before it counts as gone.
  std::chrono::milliseconds gone_after{10'000};

  /// Adds the options above that have a name to those of a program:
  ///
  ///   my_configuration() { cluster.add_to(custom_options_); }
  void add_to(caf::config_option_set& where);
};

} // namespace flamigo
