#pragma once

#include <type_traits>

#include "flamigo/claims/acting_actor.hpp"
#include "flamigo/claims/user.hpp"
#include "flamigo/claims/validator.hpp"
#include "flamigo/context/context.hpp"

namespace flamigo::detail {

/// What a handler may take of the actor that asks, beside its input: a type has
/// a specialisation with
///   static validator guard();
///   static P find(const context&);
///   using param = ...;
/// The guard is asked before the handler's strategy runs. `P` points to what is
/// given to the handler as `param`, or to nothing where there is no such thing.
template <class T>
struct actor_param {};

/// Whether a parameter is one of these, however it is written.
template <class T>
concept is_actor_param = requires {
  actor_param<std::decay_t<T>>::guard();
};

template <>
struct actor_param<user> {
  using param = const user&;

  static validator guard() {
    return is_authenticated();
  }

  static const user* find(const context& ctx) {
    auto& who = ctx.claims().user;
    return who ? &*who : nullptr;
  }
};

/// Everyone is one. Not his claims alone: a function that takes those is a
/// predicate, which belongs into a validator.
template <>
struct actor_param<acting_actor> {
  using param = const acting_actor&;

  static validator guard() {
    return {};
  }

  static const acting_actor* find(const context& ctx) {
    return &ctx.actor();
  }
};

} // namespace flamigo::detail
