#pragma once

#include <type_traits>

#include <caf/detail/implicit_conversions.hpp>
#include <caf/detail/type_list.hpp>
#include <caf/replies_to.hpp>

/// What a `caf::typed_actor` declares.
namespace flamigo::detail {

template <class... Ts>
using message_of = caf::detail::type_list<std::decay_t<Ts>...>;

/// What is answered to a message, according to a list of signatures.
struct no_such_message {};

template <class Message, class Sigs>
struct declared_answer {
  using type = no_such_message;
};

template <class Message, class Out, class... Sigs>
struct declared_answer<
  Message, caf::detail::type_list<
             caf::typed_mpi<Message, caf::output_tuple<Out>>, Sigs...>> {
  using type = Out;
};

template <class Message, class Sig, class... Sigs>
struct declared_answer<Message, caf::detail::type_list<Sig, Sigs...>>
  : declared_answer<Message, caf::detail::type_list<Sigs...>> {};

template <class T>
concept typed_interface = requires {
  typename T::signatures;
  typename T::behavior_type;
};

template <class Message, typed_interface Interface>
using declared_answer_t =
  typename declared_answer<Message, typename Interface::signatures>::type;

// -- of a request -------------------------------------------------------------

/// What stands for the type that the actor declares, or for any.
struct as_declared {};

/// The actor itself, or that of a domain's handle.
template <class Handle>
decltype(auto) actor_in(const Handle& whom) {
  if constexpr (requires { whom.actor(); })
    return whom.actor();
  else
    return whom;
}

template <class Handle>
using actor_in_t
  = std::decay_t<decltype(actor_in(std::declval<const Handle&>()))>;

template <class Handle, class... Ts>
struct declared_by {
  using type = as_declared;
};

template <class Handle, class... Ts>
  requires typed_interface<actor_in_t<Handle>>
struct declared_by<Handle, Ts...> {
  using type = declared_answer_t<
    caf::detail::type_list<
      typename caf::detail::implicit_conversions<std::decay_t<Ts>>::type...>,
    actor_in_t<Handle>>;
};

template <class Handle, class... Ts>
using declared_by_t = typename declared_by<Handle, Ts...>::type;

template <class Handle, class... Ts>
inline constexpr bool takes_message
  = !std::is_same_v<declared_by_t<Handle, Ts...>, no_such_message>;

template <class T, class Handle, class... Ts>
inline constexpr bool declares_answer
  = std::is_same_v<
      T,
      as_declared> || !takes_message<Handle, Ts...> || std::is_same_v<declared_by_t<Handle, Ts...>, as_declared> || std::is_same_v<declared_by_t<Handle, Ts...>, T>;

template <class T, class Handle, class... Ts>
struct answer_by {
  using type = T;
};

template <class Handle, class... Ts>
struct answer_by<as_declared, Handle, Ts...> {
  using declared = declared_by_t<Handle, Ts...>;
  using type = std::conditional_t<
    std::is_same_v<declared,
                   as_declared> || std::is_same_v<declared, no_such_message>,
    void, declared>;
};

template <class T, class Handle, class... Ts>
using answer_of = typename answer_by<T, Handle, Ts...>::type;

} // namespace flamigo::detail
