#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include <caf/expected.hpp>

#include "flamigo/claims/claims.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/presence/detail/show_traits.hpp"
#include "flamigo/schema/schema.hpp"

namespace flamigo {

/// Lets the subscribers of a channel see who else is there.
struct presence_options {
  /// What a client shows of itself, as JSON: made from its claims and from the
  /// `input` with which it has subscribed, `null` without one. Called again
  /// when the claims change. What it fails with is what the client reads
  /// instead of being subscribed. It runs on many threads at once and must not
  /// block.
  using show_function = std::function<caf::expected<std::string>(
    const claims& who, std::string_view input)>;

  /// None shows an empty object. `presence_of` makes one of a plain function.
  show_function show = {};

  /// Whether `show` looks at the input, which is kept as long as the
  /// subscription then. If not, it is given `null`.
  bool shows_input = true;

  /// How long the list of a channel may be, in bytes as clients get it, escapes
  /// not counted. Who comes when it is full is subscribed, and not seen. It
  /// must be less than what may wait for a client, `max_backlog`.
  std::size_t max_bytes = 524'288;

  /// What makes the schema of what is shown, for the contract; without it
  /// nothing is told of that. `presence_of` knows it.
  schema_function shown = nullptr;
};

/// Presence with what a function shows of each client, a described struct:
///
///   .presence = presence_of([](const claims& who) { return card{...}; })
///
/// It may take what the client gives as `input` as well, `(const claims& who,
/// const wish& in)`, and may return a `caf::expected`. A client that the
/// program subscribes has no input, which is `null`.
template <class F>
presence_options presence_of(F show) {
  using traits = detail::show_traits<F>;
  if constexpr (traits::fits)
    return {[show = std::move(show)](const claims& who, std::string_view input)
              -> caf::expected<std::string> {
              if constexpr (traits::wants_input) {
                typename traits::input in{};
                if (auto err = from_json(input, in))
                  return err;
                return detail::to_state(show(who, std::as_const(in)));
              } else {
                return detail::to_state(show(who));
              }
            },
            traits::wants_input, presence_options{}.max_bytes,
            output_schema<typename traits::shown>};
  else
    return {};
}

} // namespace flamigo
