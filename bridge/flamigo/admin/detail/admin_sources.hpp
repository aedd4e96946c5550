#pragma once

#include <atomic>
#include <memory>

#include "flamigo/api/detail/key_store.hpp"
#include "flamigo/client/detail/recent_errors.hpp"
#include "flamigo/context/services.hpp"
#include "flamigo/metrics/metric_registry.hpp"
#include "flamigo/roster/roster.hpp"

namespace flamigo::detail {

/// What the live view looks at. It outlives who holds this.
struct admin_sources {
  /// Those of the program.
  const services& application;
  const metric_registry& counted;
  const roster& connections;
  const recent_errors& errors;
  const std::atomic<bool>& draining;
  /// Who may look. Loaded.
  std::shared_ptr<const key_store> keys;
};

} // namespace flamigo::detail
