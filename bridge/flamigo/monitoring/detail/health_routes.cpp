#include "flamigo/monitoring/detail/health_routes.hpp"

#include <utility>

#include "flamigo/domain/domain_health.hpp"

namespace flamigo::detail {

namespace {

/// A proxy between is not to answer for the program.
http_response fresh(unsigned status, std::string body) {
  return {.status = status,
          .body = std::move(body),
          .headers = {{"Cache-Control", "no-store"}}};
}

void add(http_routes& to, const std::string& path, http_handler handler) {
  if (to.allowed(path).empty())
    to.handle("GET", path, std::move(handler));
}

} // namespace

http_response readiness(bool draining, const domain_health& domains,
                        const std::vector<readiness_check>& checks) {
  if (draining)
    return fresh(503, "shutting down\n");
  std::string text;
  for (auto& name : domains.lost())
    text += name + " stays down\n";
  for (auto& check : checks)
    if (auto why = check())
      text += *why + '\n';
  return text.empty() ? fresh(200, "ready\n") : fresh(503, std::move(text));
}

void add_health_routes(http_routes& to, const std::atomic<bool>& draining,
                       const domain_health& domains,
                       const std::vector<readiness_check>& checks) {
  add(to, "/livez", [](auto&) { return fresh(200, "alive\n"); });
  add(to, "/readyz",
      [&](auto&) { return readiness(draining, domains, checks); });
}

} // namespace flamigo::detail
