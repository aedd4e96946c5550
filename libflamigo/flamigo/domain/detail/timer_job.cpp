#include "flamigo/domain/detail/timer_job.hpp"

#include <algorithm>

#include <caf/behavior.hpp>

#include "flamigo/domain/detail/domain_host.hpp"
#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/task/detail/begin_task.hpp"

namespace flamigo::detail {

namespace {

using time_point = caf::actor_clock::time_point;

/// A timespan may be as long as the clock's whole time.
time_point later(time_point begin, caf::timespan by) {
  return by < time_point::max() - begin ? begin + by : time_point::max();
}

} // namespace

timer_job::timer_job(domain_host& self, caf::timespan delay,
                     caf::timespan period)
  : self_(self),
    when_(later(self.clock().now(), std::max(delay, caf::timespan{0}))),
    period_(period) {
}

timer_job::~timer_job() = default;

void timer_job::start() {
  wait();
}

void timer_job::cancel() noexcept {
  if (pending())
    self_.forget_response(std::exchange(id_, caf::message_id{}));
}

void timer_job::wait() {
  id_ = self_.new_request_id(caf::message_priority::normal).response_id();
  self_.add_multiplexed_response_handler(
    id_,
    caf::behavior{[job = shared_from_this()](caf::error&) { job->due(); }});
  self_.clock().set_request_timeout(when_, &self_, id_);
}

void timer_job::due() {
  id_ = caf::message_id{};
  if (period_.count() > 0) {
    // The times that have passed meanwhile are made up for by this one.
    auto missed = (self_.clock().now() - when_) / period_;
    when_ = later(when_ + missed * period_, period_);
    // First, since the function may throw, or take the timer back.
    wait();
  }
  if (!self_.is_over())
    run();
}

void timer_job::begin(task<void> what) {
  // What has no deadline of its own ends with the actor.
  auto ended = begin_task(std::move(what), self_, time_point::max(),
                          shared_from_this(), finish);
  running_ = !ended;
  if (ended)
    log_failure(&self_, "a timer", *ended);
}

void timer_job::finish(root_task& of) noexcept {
  auto job = std::static_pointer_cast<const timer_job>(of.handler);
  job->running_ = false;
  auto why = guarded([&] { return failure_of(of); },
                     [](caf::error thrown) { return thrown; });
  log_failure(of.self, "a timer", why);
}

} // namespace flamigo::detail
