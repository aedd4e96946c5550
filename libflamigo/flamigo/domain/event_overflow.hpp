#pragma once

#include <functional>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "flamigo/bus/event.hpp"
#include "flamigo/domain/detail/event_handler.hpp"

namespace flamigo {

namespace detail {

template <class F>
using key_event_of = typename last_of<args_of<F, std::tuple>>::type;

/// Whether a function makes keys of events.
template <class F>
inline constexpr bool makes_key = false;

template <has_one_call_operator F>
  requires any_event<key_event_of<F>>
inline constexpr bool
  makes_key<F> = std::is_invocable_r_v<
                   std::optional<std::string>, const F&,
                   const key_event_of<F>&> && std::is_copy_constructible_v<F>;

} // namespace detail

/// What becomes of the events that wait for a domain actor when one more would
/// be too many (`hosting_options::max_queued_events`). A publisher that asks
/// what became of its event (`publish_sync`) is not affected: it is told that
/// the domain is `errc::unavailable`, and may go slower.
class event_overflow {
public:
  /// Names what an event is about; events without a key are about nothing in
  /// particular.
  using key_function = std::function<std::optional<std::string>(const event&)>;

  /// The oldest one is dropped: a counter (`domain_health::dropped_events`) and
  /// a line in the log, at most one a second, tell how many.
  static event_overflow drop_oldest() {
    return {};
  }

  /// The new one replaces the latest of those that wait and have the same key,
  /// and waits behind all others: for events that tell how something is, of
  /// which only the last one matters. When none has it the oldest one is
  /// dropped, as above.
  ///
  ///   event_overflow::coalesce([](const price& what) { return what.of; })
  ///
  /// `key` takes the events of one type, or of all (`const event&`), and
  /// returns a std::string, or a std::optional of one. It is called for each
  /// event, by the thread of whoever publishes: it touches nothing else. An
  /// event for which it throws has no key.
  template <class F>
  static event_overflow coalesce(F key) {
    static_assert(detail::makes_key<F>,
                  "the key of an event is made by a function, or a lambda "
                  "that is neither generic nor mutable, of one parameter: a "
                  "const reference to an event or to flamigo::event. It "
                  "returns a std::string, or a std::optional of one");
    event_overflow result;
    if constexpr (detail::makes_key<F>)
      result.key_ = [key = std::move(key)](
                      const event& what) -> std::optional<std::string> {
        using event_type = detail::key_event_of<F>;
        if constexpr (std::is_same_v<event_type, event>)
          return key(what);
        else if (auto* content = what.get_if<event_type>())
          return key(*content);
        else
          return std::nullopt;
      };
    return result;
  }

  /// Empty if nothing is coalesced.
  const key_function& key() const noexcept {
    return key_;
  }

private:
  key_function key_;
};

} // namespace flamigo
