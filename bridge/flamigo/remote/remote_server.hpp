#pragma once

#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <caf/error.hpp>
#include <caf/expected.hpp>
#include <caf/unit.hpp>

#include "flamigo/json/json.hpp"
#include "flamigo/remote/detail/remote_answers.hpp"
#include "flamigo/remote/remote_call.hpp"
#include "flamigo/remote/remote_call_options.hpp"
#include "flamigo/remote/remote_channel.hpp"
#include "flamigo/remote/remote_error.hpp"
#include "flamigo/remote/remote_listener.hpp"
#include "flamigo/remote/remote_options.hpp"
#include "flamigo/remote/remote_question.hpp"
#include "flamigo/remote/remote_state.hpp"
#include "flamigo/remote/remote_thread.hpp"

namespace flamigo {

/// A server elsewhere, as a client of it: it is called, asked for events, and
/// asks back. The connection is opened at once, and again whenever it is lost;
/// calls may be made, and channels joined, before it is there.
///
/// Every function may be called on any thread. Those that are given to it run
/// on the connection's thread, one after the other, and what they throw is
/// logged; while one blocks, nothing else of the connection happens.
class remote_server {
public:
  /// On a thread of its own. Throws std::invalid_argument for a URL,
  /// std::runtime_error for a file of authorities that is of no use, each with
  /// a sentence, and std::system_error when there is no thread to be had.
  explicit remote_server(remote_options options);

  /// The same on a thread that it shares.
  remote_server(remote_options options, const remote_thread& on);

  remote_server(const remote_server&) = delete;

  remote_server& operator=(const remote_server&) = delete;

  /// Closes it, and waits until nothing is called any more. Not while another
  /// thread uses it. On the connection's thread, where one of its functions has
  /// let go of it, it does not wait: what is open ends behind that function.
  ~remote_server();

  // -- calls ------------------------------------------------------------------

  /// Calls a strategy and blocks until there is an answer or the time is up. In
  /// an actor, and on the connection's thread, it fails at once.
  template <class R = void, class T = caf::unit_t>
  caf::expected<R> call(std::string_view name, const T& input = {},
                        const remote_call_options& options = {}) {
    if (auto err = check_may_wait())
      return err;
    return call_async<R>(name, input, options).get();
  }

  /// Calls a strategy and returns at once. The future is always fulfilled: with
  /// the answer, with the server's error, or with one of
  /// `flamigo/remote/remote_error.hpp`.
  template <class R = void, class T = caf::unit_t>
  std::future<caf::expected<R>>
  call_async(std::string_view name, const T& input = {},
             const remote_call_options& options = {}) {
    auto made = std::make_shared<detail::future_answer<R>>();
    auto result = made->future();
    call_then<R>(
      name, input,
      [made](caf::expected<R> what) { made->give(std::move(what)); }, options);
    return result;
  }

  /// Calls a strategy; `then(caf::expected<R>)` is called once, on the
  /// connection's thread.
  template <class R = void, class T, class F>
  remote_call call_then(std::string_view name, const T& input, F then,
                        const remote_call_options& options = {}) {
    return begin(std::string{name}, detail::input_text(input), {},
                 detail::answer_reader<R>(std::move(then)), options);
  }

  /// Calls a strategy that answers in parts: `on_item(T)` is called with each,
  /// `then(caf::expected<void>)` once, behind them. While `on_item` blocks
  /// nothing is read, so that the server waits; if it returns false, the call
  /// is cancelled. A stream is never sent twice.
  template <class Item, class T, class F, class G>
  remote_call stream(std::string_view name, const T& input, F on_item, G then,
                     remote_call_options options = {}) {
    options.idempotent = false;
    return begin(std::string{name}, detail::input_text(input),
                 detail::item_reader<Item>(std::move(on_item)),
                 detail::answer_reader<void>(std::move(then)), options);
  }

  // -- what the server says ---------------------------------------------------

  /// Has `f` hear the events of this name, of whichever channel, as a `T`:
  /// `f(const T&)`, or `f(const T&, const remote_place&)`. One that is no `T`
  /// is a line in the log.
  template <class T, class F>
  remote_listener on(std::string event, F f) {
    auto ear = detail::make_ear<T>(event, std::move(f));
    listen(std::move(event), ear);
    return remote_listener{std::move(ear)};
  }

  /// A channel, to be joined.
  remote_channel channel(std::string topic);

  /// Has `f` answer what the server asks under this topic, a `Q`: it returns an
  /// `R`, a `caf::expected<R>` or a `caf::error`, or throws a `thrown_error`.
  /// In place of what did so before. What nothing answers is answered 404.
  template <class Q, class R = void, class F>
  void answer(std::string topic, F f) {
    set_answerer(std::move(topic), detail::make_answerer<Q, R>(std::move(f)));
  }

  /// The same with a function `f(Q, remote_question<R>)` that answers later.
  template <class Q, class R = void, class F>
  void answer_later(std::string topic, F f) {
    set_answerer(
      std::move(topic),
      [f = std::move(f)](
        const std::string& payload,
        std::function<void(caf::expected<std::string>)> reply) mutable {
        auto what = from_json<Q>(payload);
        if (!what)
          return reply(std::move(what.error()));
        f(std::move(*what), remote_question<R>{std::move(reply)});
      });
  }

  // -- the connection ---------------------------------------------------------

  /// What it is doing, as of a moment ago.
  remote_state state() const;

  /// Opens another connection with another token, whatever there was; also when
  /// it was closed.
  void reconnect();

  /// Ends it: calls fail, channels are left, and nothing is tried again except
  /// by `reconnect`.
  void close();

private:
  struct impl;

  remote_call begin(std::string name, std::string payload,
                    detail::item_function on_item, detail::reply_function then,
                    const remote_call_options& options);

  void listen(std::string event, std::shared_ptr<detail::remote_ear> ear);

  void set_answerer(std::string topic, detail::answerer_function answer);

  caf::error check_may_wait() const;

  std::unique_ptr<impl> impl_;
};

} // namespace flamigo
