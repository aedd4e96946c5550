#pragma once

#include <atomic>
#include <vector>

#include "flamigo/http/http_routes.hpp"
#include "flamigo/monitoring/readiness_check.hpp"

namespace flamigo {

class domain_health;

} // namespace flamigo

namespace flamigo::detail {

/// Whether a program wants requests: not while it drains, nor when one of its
/// domains stays down, nor when one of the checks says so.
http_response readiness(bool draining, const domain_health& domains,
                        const std::vector<readiness_check>& checks);

/// Serves `GET /livez`, which asks nobody, and `GET /readyz`, unless something
/// is served there. All outlive who serves.
void add_health_routes(http_routes& to, const std::atomic<bool>& draining,
                       const domain_health& domains,
                       const std::vector<readiness_check>& checks);

} // namespace flamigo::detail
