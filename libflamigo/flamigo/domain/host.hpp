#pragma once

#include <functional>
#include <utility>

#include <caf/actor_system.hpp>

#include "flamigo/domain/detail/domain_function.hpp"
#include "flamigo/domain/detail/domain_supervisor.hpp"
#include "flamigo/domain/domain_actor.hpp"
#include "flamigo/domain/domain_handle.hpp"
#include "flamigo/domain/hosting_options.hpp"

namespace flamigo {

/// Spawns a domain actor and registers its strategies. `make` takes a pointer
/// to a `domain_actor<State>`, then `args`, and returns a `domain_behavior`; a
/// restart calls it again with the same arguments.
///
/// Returns a handle of the domain through all of its restarts; it ends when the
/// handle's actor is told to exit. Throws std::invalid_argument, and leaves no
/// actor behind, when a strategy's name is refused. Call it before serving. The
/// services must outlive the domain actor. How the domain is, the log,
/// `services::domains` and the events `domain_down` and `domain_restarted`
/// tell.
template <class F, class... Ts>
domain_handle
host(const services& what, hosting_options options, F make, Ts... args) {
  using function = detail::domain_function<F, Ts...>;
  if constexpr (function::fits) {
    auto factory = [&what, options, make, args...] {
      using self_type = typename function::self_type;
      caf::actor_config cfg;
      if (options.detached)
        cfg.flags |= caf::abstract_actor::is_detached_flag;
      return caf::actor_cast<caf::actor>(
        what.system.spawn_class<self_type, caf::no_spawn_options>(
          cfg, std::cref(what), options, make, args...));
    };
    return detail::supervise(what, options, std::move(factory));
  } else {
    return {};
  }
}

} // namespace flamigo
