#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <caf/error.hpp>

#include "flamigo/claims/claims.hpp"
#include "flamigo/claims/foresight.hpp"
#include "flamigo/limit/rate_limit.hpp"

namespace flamigo {

class validator;

namespace detail {

class validator_node;

/// A text where a guard is expected.
template <class F>
concept text_as_guard = std::is_convertible_v<F, std::string_view>;

template <class F>
inline constexpr bool makes_validator = false;

template <class... Ts>
inline constexpr bool makes_validator<validator (*)(Ts...)> = true;

/// A function that makes a guard, which was not called.
template <class F>
concept maker_as_guard = makes_validator<F>;

/// A predicate of the application, without a name.
template <class F>
concept predicate_as_guard = requires {
  &F::operator();
}
&&std::is_invocable_v<const F&, const claims&>;

/// What is given for a guard by mistake.
template <class F>
concept no_guard
  = text_as_guard<F> || maker_as_guard<F> || predicate_as_guard<F>;

} // namespace detail

/// A named question about claims, asked before a strategy runs. A value: a
/// copy shares its insides and costs no more than a `std::shared_ptr`; it may
/// be asked on any thread.
///
/// In braces several validators mean that all of them must agree:
/// `{is_websocket(), of_type("admin")}`. No validator at all lets everyone
/// pass.
class validator {
public:
  // -- constructors -----------------------------------------------------------

  validator() noexcept = default;

  /// The same as `all_of`.
  validator(std::initializer_list<validator> all);

  /// Does not compile, with a sentence that says what to write instead.
  template <detail::no_guard F>
  validator(F) { // NOLINT: implicit, as what it stands for
    static_assert(!detail::text_as_guard<F>,
                  "a guard is a validator and not a text: write "
                  "flamigo::has_permission(\"...\"), or flamigo::of_type for a "
                  "type of claims");
    static_assert(!detail::maker_as_guard<F>,
                  "a function that makes a validator has to be called: write "
                  "flamigo::is_websocket(), with parentheses");
    static_assert(!detail::predicate_as_guard<F>,
                  "a validator has a name: write "
                  "flamigo::make_validator(\"name\", function)");
  }

  /// @private
  explicit validator(std::shared_ptr<const detail::validator_node> node);

  // -- properties -------------------------------------------------------------

  /// Whether everyone passes because nothing is asked.
  bool empty() const noexcept {
    return node_ == nullptr;
  }

  /// How it is printed, e.g. `all_of(is_websocket, negate(of_type(admin)))`;
  /// empty if nothing is asked.
  std::string name() const;

  /// Whether it opens a strategy to clients that have not authenticated; see
  /// `open_to_guests`.
  bool is_open() const noexcept;

  /// Whether it closes a strategy to what comes from outside; see `internal`.
  bool is_internal() const noexcept;

  /// How often what it guards may be called; see `limit`.
  std::vector<rate_limit> limits() const;

  // -- asking -----------------------------------------------------------------

  /// Returns no error if the actor may pass. Otherwise the error is
  /// `errc::forbidden`, or what the predicate of the application returned, and
  /// its trace names the validator that said no. A predicate that throws lets
  /// no one pass: the error is `errc::internal`.
  caf::error operator()(const claims& who) const;

  /// Returns what it will say to such claims: yes or no where that follows from
  /// them, and where it does not, on which predicates of the application
  /// (`make_validator`) it depends. Those are not called.
  foresight foresee(const claims& who) const;

  /// The permissions that it asks for, sorted.
  std::vector<std::string> permissions() const;

  /// @private
  const std::shared_ptr<const detail::validator_node>& node() const noexcept {
    return node_;
  }

private:
  std::shared_ptr<const detail::validator_node> node_;
};

/// Returns the name of a validator.
/// @relates validator
std::string to_string(const validator& x);

// -- validators ---------------------------------------------------------------

/// The actor is a WebSocket client.
validator is_websocket();

/// The actor is no client, neither of a WebSocket nor of plain HTTP.
validator is_not_websocket();

/// The actor is this program itself: the backend, or a domain actor that acts
/// for itself.
validator is_server();

/// The actor's claims have that type.
validator of_type(std::string type);

/// The strategy is for the program alone, on whose behalf soever it acts: other
/// strategies call it with `call_strategy`, and so do domain actors and the
/// backend. A client that names it gets 404, as if it were not there.
///
///   on("app::wallet:reserve", internal(), ...)
///   on("app::wallet:reserve", {internal(), is_authenticated()}, ...)
///
/// It asks nothing of the claims, so it says yes to everybody; what it does, it
/// does wherever it stands in a guard, under `any_of` and `negate` too, and
/// with `open_to_guests` beside it.
validator internal();

/// Everybody passes, but each caller only so often, beside the rest of a guard:
/// `{is_authenticated(), limit(10, 1s)}`. So many may come at once, and then
/// one each `per / count`. A call that comes too early is answered with 429 and
/// when to try again (`retryAfterMs`). The calls of a user count over all
/// connections, and over those that come later; those of a client that has not
/// authenticated count for its connection. Only what comes from outside is
/// counted: neither what the program calls, nor what a strategy calls on behalf
/// of its caller.
///
/// Throws std::invalid_argument unless both are positive. It cannot stand
/// within `any_of` or `negate`.
validator limit(std::size_t count, caf::timespan per);

/// The same for the calls of all callers together.
validator limit_in_total(std::size_t count, caf::timespan per);

// -- validators of users ------------------------------------------------------

/// The actor has authenticated.
validator is_authenticated();

/// The actor has not authenticated. Opens a strategy as `open_to_guests` does,
/// since nobody else could call it.
validator is_unauthenticated();

/// The actor has authenticated as a user who has exactly this permission.
validator has_permission(std::string permission);

/// Everyone passes. Where authentication is switched on, a client that has not
/// authenticated gets 401 from every strategy but those whose guard has this in
/// it: `{open_to_guests(), is_websocket()}`. What such a strategy calls itself,
/// with `call_strategy`, is asked for its guard only.
validator open_to_guests();

// -- composition --------------------------------------------------------------

/// Passes if all agree, asked in order until one says no.
validator all_of(const std::vector<validator>& xs);

/// Passes if one agrees, asked in order until one does. The refusal lists what
/// each of them said. Of nothing, nobody passes.
validator any_of(const std::vector<validator>& xs);

/// Passes if `x` says no.
validator negate(const validator& x);

/// The same with the validators as arguments.
template <class... Ts>
  requires(sizeof...(Ts) > 0 && (std::is_convertible_v<Ts, validator> && ...))
validator all_of(Ts... xs) {
  return all_of(std::vector<validator>{validator(std::move(xs))...});
}

/// The same with the validators as arguments.
template <class... Ts>
  requires(sizeof...(Ts) > 0 && (std::is_convertible_v<Ts, validator> && ...))
validator any_of(Ts... xs) {
  return any_of(std::vector<validator>{validator(std::move(xs))...});
}

// -- validators of the application --------------------------------------------

namespace detail {

validator make_validator(std::string name,
                         std::function<bool(const claims&)> predicate,
                         std::string message);

validator make_validator(std::string name,
                         std::function<caf::error(const claims&)> check);

} // namespace detail

/// Makes a validator from a function of the application, which takes the claims
/// and runs on many threads at once.
///
/// If it returns a bool, `message` is what a refused client reads; without one
/// it reads "you may not do this". If it returns a `caf::error` (or a code
/// that becomes one), that error is the refusal, with its own public message.
template <class F>
validator make_validator(std::string name, F f, std::string message = {}) {
  static_assert(std::is_invocable_v<const F&, const claims&>,
                "a validator's function takes (const flamigo::claims&) and "
                "does not change itself, because many threads call it");
  static_assert(std::is_nothrow_destructible_v<F>,
                "what this validator's function has captured may throw when it "
                "is destroyed, which would end the program: make its "
                "destructor noexcept");
  using result = std::invoke_result_t<const F&, const claims&>;
  if constexpr (std::is_same_v<result, bool>) {
    return detail::make_validator(
      std::move(name), std::function<bool(const claims&)>{std::move(f)},
      std::move(message));
  } else {
    static_assert(std::is_convertible_v<result, caf::error>,
                  "a validator's function returns a bool or a caf::error");
    return detail::make_validator(
      std::move(name), std::function<caf::error(const claims&)>{std::move(f)});
  }
}

} // namespace flamigo
