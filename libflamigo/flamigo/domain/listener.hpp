#pragma once

#include <memory>
#include <utility>
#include <vector>

#include <caf/error.hpp>

#include "flamigo/domain/detail/event_handler.hpp"
#include "flamigo/domain/detail/task_event_handler.hpp"

namespace flamigo {

/// Event handlers, picked by the type of the event; made by `listen`. A value
/// whose copies share the handlers.
class listener {
public:
  /// Made of functions, of which each handles one type of events.
  template <class F, class... Fs>
  static listener of(F handler, Fs... more) {
    listener result;
    result.push(std::move(handler));
    (result.push(std::move(more)), ...);
    return result;
  }

  /// Runs every handler that wants the event; others are skipped. Returns the
  /// first error. Coroutines that wait keep the answer open, if one is given.
  caf::error handle(context& ctx, const event& what,
                    detail::event_answer* answer = nullptr) const;

private:
  template <class F>
  void push(F handler) {
    static_assert(detail::has_one_call_operator<F>,
                  "an event handler is a function or a lambda with named "
                  "parameter types, (const Event&) or (context&, const "
                  "Event&)");
    if constexpr (detail::has_one_call_operator<F>) {
      using type = std::conditional_t<detail::is_task<detail::result_of<F>>,
                                      detail::task_event_handler<F>,
                                      detail::typed_event_handler<F>>;
      handlers_.push_back(std::make_shared<type>(std::move(handler)));
    }
  }

  std::vector<std::shared_ptr<const detail::event_handler>> handlers_;
};

/// What a domain actor does with events of the topics that it has subscribed
/// to:
///
///   self->subscribe("users");
///   return {listen([=](context& ctx, const user_left& ev) { ... })};
///
/// A handler takes the event, or a context (which tells who caused it) and the
/// event, and returns nothing or a `caf::error`. One that takes a `const
/// event&` gets all types. A coroutine takes both by value and returns a
/// `task<void>`; the next event does not wait for it, `publish_sync` does. What
/// fails or throws is logged with its trace and hurts nobody else.
template <class F, class... Fs>
listener listen(F handler, Fs... more) {
  return listener::of(std::move(handler), std::move(more)...);
}

/// Which events of a topic a listener wants.
enum class event_filter : unsigned char {
  all,
  /// Those that clients get as well.
  client_events,
};

} // namespace flamigo
