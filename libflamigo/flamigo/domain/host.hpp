#pragma once

#include <tuple>
#include <type_traits>
#include <utility>

#include <boost/callable_traits/args.hpp>

#include <caf/actor_system.hpp>

#include "flamigo/domain/detail/domain_supervisor.hpp"
#include "flamigo/domain/domain_actor.hpp"
#include "flamigo/domain/hosting_options.hpp"

namespace flamigo {

namespace detail {

template <class Args>
struct domain_self;

template <class Self, class... Ts>
struct domain_self<std::tuple<Self*, Ts...>> {
  using type = Self;
};

} // namespace detail

/// Spawns a domain actor and registers its strategies. `make` takes a pointer
/// to a `domain_actor<State>`, then `args`, and returns a `domain_behavior`; a
/// restart calls it again with the same arguments.
///
/// Returns the supervisor: it ends, and the domain actor with it, when it is
/// told to exit. Throws std::invalid_argument, and leaves no actor behind, when
/// a strategy's name is refused. Call it before serving. The services must
/// outlive the domain actor. How the domain is, the log, `services::domains`
/// and the events `domain_down` and `domain_restarted` tell.
template <class F, class... Ts>
caf::actor
host(const services& what, hosting_options options, F make, Ts... args) {
  using self_type =
    typename detail::domain_self<boost::callable_traits::args_t<F>>::type;
  static_assert(std::is_base_of_v<detail::domain_host, self_type>,
                "a domain's function takes a flamigo::domain_actor<State>* "
                "first");
  static_assert(std::is_convertible_v<boost::callable_traits::return_type_t<F>,
                                      domain_behavior>,
                "a domain's function returns a flamigo::domain_behavior");
  auto factory = [&what, detached = options.detached, make, args...] {
    caf::actor_config cfg;
    if (detached)
      cfg.flags |= caf::abstract_actor::is_detached_flag;
    return caf::actor_cast<caf::actor>(
      what.system.spawn_class<self_type, caf::no_spawn_options>(
        cfg, std::cref(what), make, args...));
  };
  return detail::supervise(what, options, std::move(factory));
}

} // namespace flamigo
