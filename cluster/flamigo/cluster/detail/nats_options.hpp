#pragma once

#include <memory>
#include <string>

#include <nats/nats.h>

#include "flamigo/cluster/cluster_options.hpp"

namespace flamigo::detail {

/// What may wait for a server, in bytes.
constexpr int max_nats_waiting = 8 * 1'024 * 1'024;

struct free_nats_options {
  void operator()(natsOptions* x) const noexcept;
};

using nats_options = std::unique_ptr<natsOptions, free_nats_options>;

/// Throws std::invalid_argument, with what it was for and what the library says
/// against it, unless that is content.
void check_nats(natsStatus status, const std::string& what);

/// How every connection of a node is made. Throws std::invalid_argument for
/// what the library refuses.
nats_options make_nats_options(const cluster_options& from);

} // namespace flamigo::detail
