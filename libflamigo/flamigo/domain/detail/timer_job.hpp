#pragma once

#include <memory>
#include <type_traits>
#include <utility>

#include <caf/actor_clock.hpp>
#include <caf/message_id.hpp>
#include <caf/timespan.hpp>

#include "flamigo/task/task.hpp"

namespace flamigo::detail {

class domain_host;

/// One timer of a domain actor, owned by what the actor waits for: a response
/// that never comes, and times out. So it is out of the clock when it is taken
/// back, and ends with the actor.
class timer_job : public std::enable_shared_from_this<timer_job> {
public:
  /// Runs once without a period.
  timer_job(domain_host& self, caf::timespan delay, caf::timespan period);

  timer_job(const timer_job&) = delete;

  timer_job& operator=(const timer_job&) = delete;

  virtual ~timer_job();

  /// To be called once.
  void start();

  void cancel() noexcept;

  bool pending() const noexcept {
    return id_.is_response();
  }

protected:
  /// Whether its coroutine has not ended yet.
  bool is_running() const noexcept {
    return running_;
  }

  /// Has the actor run the coroutine that the function has returned.
  void begin(task<void> what);

private:
  using time_point = caf::actor_clock::time_point;

  virtual void run() = 0;

  /// The coroutine has ended.
  static void finish(root_task& of) noexcept;

  void wait();

  void due();

  domain_host& self_;
  time_point when_;
  caf::timespan period_;
  /// Of the response; not a response's when nothing is waited for.
  caf::message_id id_;
  mutable bool running_ = false;
};

template <class F>
class timer_function final : public timer_job {
public:
  timer_function(domain_host& self, caf::timespan delay, caf::timespan period,
                 F fun)
    : timer_job(self, delay, period), fun_(std::move(fun)) {
  }

private:
  void run() override {
    if constexpr (std::is_void_v<std::invoke_result_t<F&>>)
      fun_();
    else if (!is_running())
      begin(fun_());
  }

  F fun_;
};

} // namespace flamigo::detail
