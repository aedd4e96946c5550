#pragma once

#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include "flamigo/json/json.hpp"
#include "flamigo/remote/detail/remote_ears.hpp"
#include "flamigo/remote/remote_join_options.hpp"
#include "flamigo/remote/remote_joined.hpp"
#include "flamigo/remote/remote_listener.hpp"
#include "flamigo/remote/remote_presence.hpp"

namespace flamigo {

namespace detail {

class remote_runtime;
struct remote_use;

} // namespace detail

/// One use of a channel, which comes back by itself when the connection does,
/// until `leave`. Uses of one topic share what goes over the wire. A handle:
/// copy it freely, use it on any thread; it is of no use when its
/// `remote_server` is gone.
///
/// Say first what to listen to, then `join`: nothing is missed then. Functions
/// run on the connection's thread, one after the other.
class remote_channel {
public:
  /// The topic of the bus.
  const std::string& topic() const noexcept {
    return topic_;
  }

  /// Has `f` hear the events of this name in this channel, as a `T`: `f(const
  /// T&)`, or `f(const T&, const remote_place&)`. One that is no `T` is a line
  /// in the log.
  template <class T, class F>
  remote_listener on(std::string event, F f) {
    auto ear = detail::make_ear<T>(event, std::move(f));
    listen(std::move(event), ear);
    return remote_listener{std::move(ear)};
  }

  /// Has `f` hear each time that one is in it; in place of what did so before.
  void on_joined(std::function<void(const remote_joined&)> f);

  /// Has `f` hear that the server has ended it, or has refused it; in place of
  /// what did so before. One may `join` again.
  void on_left(std::function<void(const caf::error&)> f);

  /// Has `f` hear who is there, and each change, where one has joined with
  /// `presence`; in place of what did so before.
  void on_presence(std::function<void(const remote_presence&)> f);

  /// Enters it. The future is always fulfilled: with the first answer of the
  /// server, or with why there is none.
  std::future<caf::expected<remote_joined>>
  join(const remote_join_options& options = {}) {
    return enter({}, options);
  }

  /// The same with an input for the channel's `join`, and for what one shows of
  /// oneself.
  template <class T>
    requires(!std::is_convertible_v<T, remote_join_options>)
  std::future<caf::expected<remote_joined>>
  join(const T& input, const remote_join_options& options = {}) {
    return enter(to_json(input), options);
  }

  /// Ends this use; with the last one, the server is told.
  void leave();

  /// @private
  remote_channel(std::weak_ptr<detail::remote_runtime> at, std::string topic);

private:
  void listen(std::string event, std::shared_ptr<detail::remote_ear> ear);

  std::future<caf::expected<remote_joined>>
  enter(std::optional<std::string> input, const remote_join_options& options);

  std::weak_ptr<detail::remote_runtime> at_;
  std::string topic_;
  std::shared_ptr<detail::remote_use> use_;
};

} // namespace flamigo
