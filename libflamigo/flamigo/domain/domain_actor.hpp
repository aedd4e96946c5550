#pragma once

#include <concepts>
#include <type_traits>
#include <utility>

#include "flamigo/domain/detail/stateful_host.hpp"
#include "flamigo/domain/domain_behavior.hpp"

namespace flamigo {

/// The state of a domain actor that has none.
struct no_state {};

namespace detail {

/// A state is made of the pointer to its actor if it can be, as CAF does it.
template <class State, class Self = stateful_host<State>*>
inline constexpr bool can_begin
  = std::is_default_constructible_v<
      State> || std::is_constructible_v<State, Self>;

/// Whether it becomes the behavior of an actor when it knows that, as a
/// `typed_domain_behavior` does.
template <class T>
concept makes_domain_behavior = requires(T&& x, domain_host& self) {
  { std::move(x).bind(self) } -> std::same_as<domain_behavior>;
};

} // namespace detail

/// A CAF actor that hosts strategies. Write a function that takes a pointer to
/// it and returns a `domain_behavior`, and hand that to `application::host`.
/// Use the pointer as in any CAF actor: `self->state`, `self->send`,
/// `self->monitor`; `self->subscribe` and `self->publish` connect it with the
/// bus. It runs on CAF's scheduler.
template <class State = no_state>
class domain_actor : public detail::stateful_host<State> {
public:
  /// As `caf::stateful_actor`, with what makes it host strategies.
  using super = detail::stateful_host<State>;

  static_assert(detail::can_begin<State>,
                "the state of a domain actor is made before the domain's "
                "function runs: it needs a constructor without arguments. Fill "
                "it in the function, by self->state");

  static_assert(detail::ends_quietly<State>,
                "the state of a domain actor is destroyed when the actor ends, "
                "and must not throw then: make its destructor noexcept");

  /// The function runs here, not when the actor is first resumed: what it
  /// throws and which strategies it has is known to whoever spawns it.
  template <class F, class... Ts>
  domain_actor(caf::actor_config& cfg, const services& what,
               const hosting_options& options, F make, Ts... args)
    : super(cfg, what, options) {
    this->behavior([&]() -> domain_behavior {
      if constexpr (detail::makes_domain_behavior<decltype(make(
                      this, std::move(args)...))>)
        return make(this, std::move(args)...).bind(*this);
      else
        return make(this, std::move(args)...);
    });
  }
};

namespace detail {

/// Whether an actor has no state that cannot be made.
template <class Self>
inline constexpr bool has_state = true;

template <class State>
inline constexpr bool has_state<domain_actor<State>> = can_begin<State>;

} // namespace detail

} // namespace flamigo
