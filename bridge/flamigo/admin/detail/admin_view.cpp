#include "flamigo/admin/detail/admin_view.hpp"

#include <memory>
#include <string>
#include <utility>

#include "flamigo/admin/detail/admin_files.hpp"
#include "flamigo/admin/detail/admin_key.hpp"
#include "flamigo/admin/detail/connection_strategies.hpp"
#include "flamigo/admin/detail/program_strategies.hpp"
#include "flamigo/client/auth_strategy.hpp"
#include "flamigo/client/cancel_strategy.hpp"

namespace flamigo::detail {

namespace {

/// What the page may do: load what is beside it, and speak to this server.
constexpr char content_policy[]
  = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src "
    "'self'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'";

http_response response_of(const admin_file& what) {
  return {.content_type = what.content_type,
          .body = what.content,
          .headers = {{"Content-Security-Policy", content_policy},
                      {"X-Content-Type-Options", "nosniff"},
                      {"Referrer-Policy", "no-referrer"},
                      {"Cross-Origin-Resource-Policy", "same-origin"},
                      {"Cache-Control", "no-cache"}}};
}

} // namespace

admin_view::admin_view(admin_sources from)
  : from_(std::move(from)),
    bus_(from_.application.system), application_{from_.application.system,
                                                 strategies_, bus_,
                                                 from_.application.domains,
                                                 from_.application.pool},
    viewers_(bus_), env_{application_, {}, viewers_.handle()} {
  authenticator asked = admin_authenticator(from_.keys);
  add_auth_strategy(strategies_, asked);
  add_cancel_strategy(strategies_);
  auto guard = is_admin(from_.keys);
  add_connection_strategies(strategies_, guard, from_);
  add_program_strategies(strategies_, guard, from_);
  strategies_.seal();
  env_.auth.emplace(authentication{{}, auth_strategy_name(strategies_)});
}

void admin_view::mount(http_routes& to) {
  // Relative, since a proxy may have the page elsewhere.
  to.get("/admin", {.status = 308, .headers = {{"Location", "admin/"}}});
  for (auto& file : admin_files())
    to.get("/admin/" + std::string{file.name}, response_of(file));
}

const caf::actor& admin_view::finish() const {
  viewers_.finish();
  return viewers_.handle();
}

void admin_view::stop() {
  bus_.stop();
}

} // namespace flamigo::detail
