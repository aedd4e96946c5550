#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <random>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "flamigo/remote/detail/remote_loop.hpp"
#include "flamigo/remote/detail/remote_session.hpp"

namespace flamigo::detail {

/// A session with time, chance, sockets and a thread.
class remote_runtime : public std::enable_shared_from_this<remote_runtime> {
public:
  /// Throws for options that are of no use.
  remote_runtime(const remote_loop& loop, const remote_options& options);

  /// Calls a function on the thread, behind what was posted before. Not when it
  /// has ended: the function is destroyed then.
  template <class F>
  void post(F f) {
    std::lock_guard guard{mutex_};
    if (!is_ended_)
      net::post(*context_, [self = shared_from_this(),
                            f = std::move(f)]() mutable { f(self->session_); });
  }

  /// Ends it, and returns when nothing is called any more; on the thread itself
  /// at once, and what is open ends behind whoever is calling.
  void end();

  /// On the thread.
  remote_session& session() noexcept {
    return session_;
  }

  bool is_here() const noexcept {
    return context_->get_executor().running_in_this_thread();
  }

  /// Takes a place among the calls that are open, if there is one.
  bool enter() noexcept;

  void leave() noexcept {
    --calls_;
  }

private:
  void wake_at(caf::timespan at);

  /// Handles to it may outlive the thread.
  std::shared_ptr<net::io_context> context_;
  std::size_t max_calls_;
  std::atomic<std::size_t> calls_ = 0;
  std::mt19937_64 random_{std::random_device{}()};
  net::steady_timer alarm_;
  remote_timers timers_;
  remote_session session_;
  std::mutex mutex_;
  bool is_ended_ = false;
};

} // namespace flamigo::detail
