#pragma once

#include <functional>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <vector>

#include <caf/message_handler.hpp>

#include "flamigo/domain/detail/interface.hpp"
#include "flamigo/domain/detail/message_part.hpp"
#include "flamigo/domain/domain_behavior.hpp"

namespace flamigo {

namespace detail {

/// Compares what is handled with what was declared. What is wrong gives one
/// sentence.
template <class Interface, class... Hs>
struct checked_interface {
  template <class H>
  using declared = declared_answer_t<typename H::message, Interface>;

  static constexpr bool known
    = (!std::is_same_v<declared<Hs>, no_such_message> && ...);

  static_assert(known,
                "a handler of this typed domain takes what is no message of "
                "its interface: add caf::replies_to<Input>::with<Output> to "
                "the caf::typed_actor, or have the handler ask who acts, so "
                "that it is no message");

  static constexpr bool answers
    = !known || (is_declared<typename Hs::answer, declared<Hs>> && ...);

  static_assert(answers,
                "a handler of this typed domain returns another type than its "
                "interface declares for the message; with<void> is for one "
                "that returns nothing");

  template <class H>
  static constexpr int times
    = (int{std::is_same_v<typename H::message, typename Hs::message>} + ...);

  static constexpr bool unique = ((times<Hs> == 1) && ...);

  static_assert(unique,
                "two handlers of this typed domain take the same message: only "
                "one of them could be called");

  template <class Sigs>
  struct all_handled;

  template <class... Ms, class... Outs>
  struct all_handled<caf::detail::type_list<caf::typed_mpi<Ms, Outs>...>> {
    template <class M>
    static constexpr bool one
      = (std::is_same_v<M, typename Hs::message> || ...);

    static constexpr bool value = (one<Ms> && ...);
  };

  static constexpr bool complete
    = all_handled<typename Interface::signatures>::value;

  static_assert(complete, "this typed domain has no handler for a message of "
                          "its interface");

  static constexpr bool fits = known && answers && unique && complete;
};

} // namespace detail

/// What a domain actor does that has the messages of a `caf::typed_actor`: as
/// `domain_behavior`, and checked against the interface by the compiler.
///
///   using wallet
///     = caf::typed_actor<caf::replies_to<reserve>::with<receipt>,
///                        caf::replies_to<balance_of>::with<balance>>;
///
///   typed_domain_behavior<wallet> purse(domain_actor<purse_state>* self) {
///     return {
///       on("app::wallet:reserve", internal(),
///          [=](const reserve& in) -> caf::result<receipt> { ... }),
///       [=](const balance_of& in) { return balance{...}; },
///     };
///   }
///
/// A handler with a name is a strategy, and takes the message of the same input
/// from inside the program; one without is for the program only. A message is
/// not asked for a guard: its sender is part of the program, on whose behalf
/// the handler's context acts. What asks who acts, or has no input, is a
/// strategy only. Handlers may be coroutines; an answer that comes later needs
/// a coroutine here, no promise of the context's.
template <class Interface>
class typed_domain_behavior {
public:
  static_assert(detail::typed_interface<Interface>,
                "a typed_domain_behavior is of a caf::typed_actor<...>");

  /// The messages that it takes.
  using interface = Interface;

  /// From strategies, listeners, `on_stop` and handlers of messages, in any
  /// order.
  template <class... Ts>
  typed_domain_behavior(Ts... parts) { // NOLINT: implicit, for `return {...}`
    using list =
      typename detail::joined<detail::handled_list<>,
                              typename detail::messages_of<Ts>::type...>::type;
    if constexpr (fits(list{}))
      (add(std::move(parts)), ...);
  }

  /// What the actor of it does.
  ///
  /// @private
  domain_behavior bind(detail::domain_host& self) && {
    for (auto& add_to : messages_)
      add_to(whole_.messages_, self);
    whole_.interface_ = &typeid(Interface);
    return std::move(whole_);
  }

private:
  template <class... Hs>
  static consteval bool fits(detail::handled_list<Hs...>) {
    return detail::checked_interface<Interface, Hs...>::fits;
  }

  template <class T>
  void add(T part) {
    constexpr bool is_bare = detail::has_one_call_operator<T>;
    if constexpr (!std::is_same_v<typename detail::messages_of<T>::type,
                                  detail::handled_list<>>)
      messages_.push_back(
        [part](caf::message_handler& to, detail::domain_host& self) {
          detail::add_messages(to, self, part);
        });
    if constexpr (!is_bare)
      whole_.add(std::move(part));
  }

  domain_behavior whole_;
  std::vector<std::function<void(caf::message_handler&, detail::domain_host&)>>
    messages_;
};

} // namespace flamigo
