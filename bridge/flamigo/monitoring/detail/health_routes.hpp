#pragma once

#include <atomic>

#include "flamigo/http/http_routes.hpp"

namespace flamigo {

class domain_health;

} // namespace flamigo

namespace flamigo::detail {

/// Whether a program wants requests: not while it drains, nor when one of its
/// domains stays down.
http_response readiness(bool draining, const domain_health& domains);

/// Serves `GET /livez`, which asks nobody, and `GET /readyz`, unless something
/// is served there. Both outlive who serves.
void add_health_routes(http_routes& to, const std::atomic<bool>& draining,
                       const domain_health& domains);

} // namespace flamigo::detail
