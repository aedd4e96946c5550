#pragma once

#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <caf/actor.hpp>
#include <caf/expected.hpp>
#include <caf/fwd.hpp>
#include <caf/timespan.hpp>

#include "flamigo/bus/detail/waiting.hpp"
#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/strategy/detail/future_answer.hpp"
#include "flamigo/strategy/strategy_call.hpp"
#include "flamigo/task/stream.hpp"

namespace flamigo {

struct services;

namespace detail {

/// What the program gets of a call: all items of a stream at once.
template <class R>
struct backend_answer {
  using type = R;
};

template <class T>
struct backend_answer<stream<T>> {
  using type = std::vector<T>;
};

} // namespace detail

/// The program itself as an actor that calls strategies, with the claims of
/// type "backend". A handle: copy it freely, call it from any thread.
///
/// Inline strategies that it calls run in the backend actor, one after the
/// other, on CAF's scheduler.
class backend {
public:
  /// The services must outlive the backend actor.
  backend(const services& what, caf::timespan timeout);

  /// The CAF actor; it takes a `strategy_call` as a request.
  const caf::actor& handle() const noexcept {
    return actor_;
  }

  /// What a call gives: an `R`, or with `stream<T>` all of its items, a
  /// `std::vector<T>`. Who wants them one by one reads them in an actor.
  template <class R>
  using answer = typename detail::backend_answer<R>::type;

  /// Calls a strategy and blocks until it has answered or the time is up, which
  /// is that of a whole stream, too: nothing is given of one that takes longer
  /// or fails. In an actor it fails at once, since that might wait for itself:
  /// use `context::call_strategy` there. A function that `blocking` runs may
  /// call it.
  template <class R = void, class T = caf::unit_t>
  caf::expected<answer<R>>
  call(std::string_view name, const T& input = {}) const {
    if (auto err = detail::check_may_wait(
          "backend::call",
          "use ctx.call_strategy(...).then(...), or call_async "
          "and its future elsewhere"))
      return err;
    return call_async<R>(name, input).get();
  }

  /// Calls a strategy and returns at once. The future is always fulfilled,
  /// with the answer or an error, in the time that the backend was given, or
  /// when the program ends.
  template <class R = void, class T = caf::unit_t>
  std::future<caf::expected<answer<R>>>
  call_async(std::string_view name, const T& input = {}) const {
    std::string payload = "null";
    if constexpr (!std::is_same_v<T, caf::unit_t>)
      payload = to_json(input);
    auto made = std::make_shared<detail::future_answer<answer<R>>>();
    auto result = made->future();
    send({std::string{name}, std::move(payload), timeout_,
          detail::is_stream<R>},
         [made](caf::expected<std::string> reply) {
           made->give(detail::guarded(
             [&] { return convert<answer<R>>(std::move(reply)); },
             [](caf::error why) -> caf::expected<answer<R>> { return why; }));
         });
    return result;
  }

private:
  using callback = std::function<void(caf::expected<std::string>)>;

  void send(strategy_call what, callback then) const;

  template <class R>
  static caf::expected<R> convert(caf::expected<std::string> reply) {
    if (!reply)
      return std::move(reply.error());
    if constexpr (std::is_void_v<R>)
      return caf::unit;
    else
      return from_json<R>(*reply);
  }

  caf::actor_system* system_;
  caf::timespan timeout_;
  caf::actor actor_;
};

} // namespace flamigo
