#include "flamigo/remote/detail/remote_runtime.hpp"

#include <chrono>
#include <future>
#include <utility>

#include "flamigo/remote/detail/remote_check.hpp"
#include "flamigo/remote/detail/websocket_socket.hpp"

namespace flamigo::detail {

namespace {

using steady = std::chrono::steady_clock;

caf::timespan time_since_boot() {
  return steady::now().time_since_epoch();
}

remote_socket_maker maker_of(net::io_context& on,
                             const remote_options& options) {
  check_remote_options(options);
  auto where = parse_remote_url(options.url);
  auto trust = where.secure ? remote_trust(options) : nullptr;
  return [&on, where, options, trust](remote_socket_events& events) {
    return open_websocket(on, where, options, trust, events);
  };
}

} // namespace

remote_runtime::remote_runtime(const remote_loop& loop,
                               const remote_options& options)
  : context_(loop.context()),
    max_calls_(options.max_in_flight + options.max_waiting), alarm_(*context_),
    timers_(time_since_boot, [this](caf::timespan at) { wake_at(at); }),
    session_(
      options, timers_,
      [this] { return std::uniform_real_distribution<>{}(random_); },
      maker_of(*context_, options)) {
}

void remote_runtime::end() {
  std::promise<void> ending;
  auto ended = ending.get_future();
  post([this, ending = std::move(ending)](remote_session& session) mutable {
    session.close();
    alarm_.cancel();
    ending.set_value();
  });
  {
    std::lock_guard guard{mutex_};
    is_ended_ = true;
  }
  if (!is_here())
    ended.wait();
}

bool remote_runtime::enter() noexcept {
  if (calls_.fetch_add(1) < max_calls_)
    return true;
  --calls_;
  return false;
}

void remote_runtime::wake_at(caf::timespan at) {
  alarm_.expires_at(steady::time_point{at});
  alarm_.async_wait([self = weak_from_this()](error_code ec) {
    auto alive = ec ? nullptr : self.lock();
    if (alive)
      alive->timers_.run_due();
  });
}

} // namespace flamigo::detail
