#pragma once

#include <cstddef>
#include <typeinfo>
#include <utility>

#include "flamigo/domain/detail/domain_function.hpp"
#include "flamigo/domain/detail/hosting.hpp"
#include "flamigo/domain/domain_actor.hpp"
#include "flamigo/domain/domain_handle.hpp"
#include "flamigo/domain/hosting_options.hpp"
#include "flamigo/domain/shard_key.hpp"
#include "flamigo/domain/sharded_handle.hpp"
#include "flamigo/domain/typed_domain_behavior.hpp"
#include "flamigo/domain/typed_domain_handle.hpp"
#include "flamigo/strategy/detail/shard_probe.hpp"

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
    return detail::supervise(what, options,
                             function::factory(what, make, args...));
  } else {
    return {};
  }
}

/// Spawns a domain actor as `host` does, whose function returns a
/// `typed_domain_behavior`, and returns a handle with its types.
template <class F, class... Ts>
auto host_typed(const services& what, hosting_options options, F make,
                Ts... args) {
  using function = detail::domain_function<F, Ts...>;
  constexpr bool is_typed = function::is_typed;
  static_assert(is_typed, "host_typed takes a domain's function that returns a "
                          "flamigo::typed_domain_behavior");
  if constexpr (is_typed)
    return typed_domain_handle<typename detail::result_of<F>::interface>{
      host(what, std::move(options), std::move(make), std::move(args)...)};
  else
    return domain_handle{};
}

/// Spawns `count` domain actors of one function, of which each has the calls of
/// some keys, in their order, and a state of its own:
///
///   host_sharded(what, {}, 16, by(&order::customer), orders)
///
/// Each input of its strategies has that member, of the same type and without a
/// default; which shard gets a call depends on its value and `count` alone, and
/// is the same in the next run. Each shard is made, restarted and ended as any
/// domain is, has the bounds of the options for itself, and knows which one it
/// is (`self->shard()`). They are called `app::orders/0` and so on.
///
/// Returns a handle of all. Throws as `host`, for a strategy without the key,
/// and if `count` is 0.
template <class K, class F, class... Ts>
sharded_handle<K> host_sharded(const services& what, hosting_options options,
                               std::size_t count, shard_key<K> key, F make,
                               Ts... args) {
  using function = detail::domain_function<F, Ts...>;
  if constexpr (function::fits && detail::shard_key_type<K>)
    return sharded_handle<K>{detail::supervise_shards(
      what, options, {count, key.member, typeid(K), detail::hash_of_key<K>},
      function::factory(what, make, args...))};
  else
    return {};
}

} // namespace flamigo
