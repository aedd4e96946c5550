#pragma once

#include <type_traits>

#include <caf/detail/type_traits.hpp>

#include "flamigo/domain/detail/domain_host.hpp"

namespace flamigo::detail {

/// Gives a domain actor its state, as `caf::stateful_actor` does, which has no
/// place for what has to end before the state: coroutines that use it.
template <class State>
class stateful_host : public domain_host {
public:
  stateful_host(caf::actor_config& cfg, const flamigo::services& what,
                const hosting_options& options)
    : domain_host(cfg, what, options), state(state_) {
    if constexpr (std::is_constructible_v<State, stateful_host*>)
      new (&state_) State(this);
    else
      new (&state_) State();
  }

  ~stateful_host() override {
    // The state went when the actor ended.
  }

  void on_exit() final {
    domain_host::on_exit();
    state_.~State();
  }

  const char* name() const final {
    if constexpr (caf::detail::has_name<State>::value)
      return text_of(state_.name);
    else
      return domain_host::name();
  }

  /// A reference to the actor's state.
  State& state;

private:
  static const char* text_of(const char* text) {
    return text;
  }

  template <class T>
  static const char* text_of(const T& text) {
    return text.c_str();
  }

  union {
    State state_;
  };
};

} // namespace flamigo::detail
