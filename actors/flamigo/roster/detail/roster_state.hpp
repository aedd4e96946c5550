#pragma once

#include <atomic>
#include <cstddef>

#include <caf/fwd.hpp>

#include "flamigo/roster/detail/kick_orders.hpp"
#include "flamigo/roster/roster.hpp"

namespace flamigo {

struct roster::state {
  std::atomic<std::size_t> open = 0;
  std::atomic<std::size_t> total = 0;
  std::atomic<caf::execution_unit*> home = nullptr;
  std::atomic<metric_registry*> metrics = nullptr;
  detail::kick_orders kicks;
};

} // namespace flamigo
