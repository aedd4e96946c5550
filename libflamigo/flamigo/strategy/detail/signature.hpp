#pragma once

#include <type_traits>

namespace flamigo::detail {

/// What a function takes and returns. Of our own, because all that a handler
/// may be is a function or has one call operator, and headers that know every
/// kind of function cost each file of a user as much as all of ours.
template <class R, bool IsConst, class... Ts>
struct signature_of {
  using result = R;

  template <template <class...> class List>
  using args = List<Ts...>;

  /// Of a call operator.
  static constexpr bool is_const = IsConst;
};

template <class F>
struct function_signature;

template <class R, class... Ts>
struct function_signature<R (*)(Ts...)> : signature_of<R, true, Ts...> {};

template <class R, class... Ts>
struct function_signature<R (*)(Ts...) noexcept>
  : signature_of<R, true, Ts...> {};

template <class R, class C, class... Ts>
struct function_signature<R (C::*)(Ts...)> : signature_of<R, false, Ts...> {};

template <class R, class C, class... Ts>
struct function_signature<R (C::*)(Ts...) noexcept>
  : signature_of<R, false, Ts...> {};

template <class R, class C, class... Ts>
struct function_signature<R (C::*)(Ts...) const>
  : signature_of<R, true, Ts...> {};

template <class R, class C, class... Ts>
struct function_signature<R (C::*)(Ts...) const noexcept>
  : signature_of<R, true, Ts...> {};

template <class F>
concept has_one_call_operator
  = (std::is_pointer_v<F> && std::is_function_v<std::remove_pointer_t<F>>)
    || requires {
  typename function_signature<decltype(&F::operator())>::result;
};

/// The signature of a function, or of a lambda that is not generic.
template <has_one_call_operator F>
struct signature : function_signature<F> {};

template <has_one_call_operator F>
  requires std::is_class_v<F>
struct signature<F> : function_signature<decltype(&F::operator())> {
};

template <class F, template <class...> class List>
using args_of = typename signature<F>::template args<List>;

template <class F>
using result_of = typename signature<F>::result;

} // namespace flamigo::detail
