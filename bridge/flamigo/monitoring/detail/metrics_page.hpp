#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "flamigo/monitoring/figures_source.hpp"

namespace flamigo {

class bus;
class domain_health;
class memory_history;
class memory_presence;
class metric_registry;

} // namespace flamigo

namespace flamigo::detail {

/// What the figures of a program are gathered from. It outlives who holds this.
struct metrics_sources {
  const metric_registry& counted;
  const flamigo::bus& bus;
  const domain_health& domains;
  const memory_presence& presence;
  /// Null where no channel keeps any.
  const memory_history* history = nullptr;
  /// Sockets that are open.
  std::function<std::size_t()> sockets;
  /// What else is counted.
  const std::vector<figures_source>& others;
};

/// All figures of the program in the text format of Prometheus. From any
/// thread; it holds up no connection, whatever there is to tell.
std::string metrics_page(const metrics_sources& from);

} // namespace flamigo::detail
