#pragma once

#include <memory>
#include <utility>

#include "flamigo/domain/detail/timer_job.hpp"

namespace flamigo {

/// What a domain actor does later, or again and again; made by `self->after`
/// and `self->every`. A handle: what it stands for goes on without it. Only for
/// the handlers of its domain actor.
class timer {
public:
  /// Of nothing.
  timer() noexcept = default;

  /// Made by a domain actor.
  explicit timer(std::weak_ptr<detail::timer_job> job) noexcept
    : job_(std::move(job)) {
  }

  /// Takes it back: from here on it does not run any more; a coroutine that has
  /// begun goes on. Does nothing when it has run, or its domain has ended.
  void cancel() noexcept {
    if (auto job = job_.lock())
      job->cancel();
    job_.reset();
  }

  /// Whether it is going to run.
  bool pending() const noexcept {
    auto job = job_.lock();
    return job && job->pending();
  }

private:
  std::weak_ptr<detail::timer_job> job_;
};

} // namespace flamigo
