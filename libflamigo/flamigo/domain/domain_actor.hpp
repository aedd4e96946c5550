#pragma once

#include <utility>

#include <caf/stateful_actor.hpp>

#include "flamigo/domain/detail/domain_host.hpp"
#include "flamigo/domain/domain_behavior.hpp"

namespace flamigo {

/// The state of a domain actor that has none.
struct no_state {};

/// A CAF actor that hosts strategies. Write a function that takes a pointer to
/// it and returns a `domain_behavior`, and hand that to `application::host`.
/// Use the pointer as in any CAF actor: `self->state`, `self->send`,
/// `self->monitor`; `self->subscribe` and `self->publish` connect it with the
/// bus. It runs on CAF's scheduler.
template <class State = no_state>
class domain_actor : public caf::stateful_actor<State, detail::domain_host> {
public:
  /// CAF's stateful actor, with what makes it host strategies.
  using super = caf::stateful_actor<State, detail::domain_host>;

  static_assert(detail::ends_quietly<State>,
                "the state of a domain actor is destroyed when the actor ends, "
                "and must not throw then: make its destructor noexcept");

  /// The function runs here, not when the actor is first resumed: what it
  /// throws and which strategies it has is known to whoever spawns it.
  template <class F, class... Ts>
  domain_actor(caf::actor_config& cfg, const services& what, F make, Ts... args)
    : super(cfg, what) {
    this->behavior([&] { return make(this, std::move(args)...); });
  }
};

} // namespace flamigo
