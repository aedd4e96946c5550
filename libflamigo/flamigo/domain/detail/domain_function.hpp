#pragma once

#include <functional>
#include <tuple>
#include <type_traits>

#include <caf/actor_system.hpp>
#include <caf/behavior.hpp>

#include "flamigo/domain/detail/hosting.hpp"
#include "flamigo/domain/domain_actor.hpp"
#include "flamigo/strategy/detail/signature.hpp"

namespace flamigo::detail {

/// What the first parameter of a domain's function points to; `void` if there
/// is none or it is no pointer.
template <class Args>
struct pointed_to_first {
  using type = void;
};

template <class T, class... Ts>
struct pointed_to_first<std::tuple<T*, Ts...>> {
  using type = T;
};

/// Whether a domain's function can be called, and again at a restart. What can
/// not gives one sentence, and `fits` keeps the compiler from saying more.
template <class F, class... Ts>
struct domain_function {
  static_assert(has_one_call_operator<F>,
                "a domain's function is a function or a lambda with named "
                "parameter types; generic lambdas (auto parameters) are not "
                "possible, since the state's type is read off them");
  static constexpr bool fits = false;
  static constexpr bool is_typed = false;
};

template <has_one_call_operator F, class... Ts>
struct domain_function<F, Ts...> {
  using self_type = typename pointed_to_first<args_of<F, std::tuple>>::type;

  static constexpr bool takes_self = std::is_base_of_v<domain_host, self_type>;

  static_assert(takes_self,
                "a domain's function takes a flamigo::domain_actor<State>* "
                "first");

  static constexpr bool is_typed = makes_domain_behavior<result_of<F>>;

  // One of CAF's is no handler among others.
  static constexpr bool returns_behavior
    = is_typed
      || (std::is_convertible_v<
            result_of<F>,
            domain_behavior> && !std::is_same_v<result_of<F>, caf::behavior>);

  static_assert(returns_behavior,
                "a domain's function returns a flamigo::domain_behavior");

  static constexpr bool can_be_kept
    = std::is_copy_constructible_v<
        F> && (std::is_copy_constructible_v<Ts> && ...);

  static_assert(can_be_kept,
                "a domain's function and its arguments are copied, because it "
                "is called again when the domain is restarted: instead of what "
                "cannot be copied hand over a std::shared_ptr of it, or a "
                "function that makes it");

  static constexpr bool takes_arguments
    = !takes_self || std::is_invocable_v<F&, self_type*, Ts...>;

  static_assert(!can_be_kept || takes_arguments,
                "a domain's function does not take these arguments behind the "
                "domain_actor<State>*. It is called with copies of them, so "
                "that it takes them by value or by const reference: to share "
                "something hand over std::ref(it) or a std::shared_ptr");

  static constexpr bool fits = takes_self && returns_behavior && can_be_kept
                               && takes_arguments && has_state<self_type>;

  /// What spawns an actor of it, now and at each restart.
  static domain_factory factory(const services& what, F make, Ts... args) {
    return [&what, make, args...](const hosting_options& options) {
      caf::actor_config cfg;
      if (options.detached)
        cfg.flags |= caf::abstract_actor::is_detached_flag;
      return caf::actor_cast<caf::actor>(
        what.system.spawn_class<self_type, caf::no_spawn_options>(
          cfg, std::cref(what), options, make, args...));
    };
  }
};

} // namespace flamigo::detail
