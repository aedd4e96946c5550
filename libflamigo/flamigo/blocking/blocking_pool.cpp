#include "flamigo/blocking/blocking_pool.hpp"

#include <chrono>
#include <exception>
#include <string>
#include <utility>

#include "flamigo/blocking/detail/blocking_job.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo {

namespace {

caf::error stopped_error() {
  return make_error(errc::unavailable, "", "the program ends");
}

} // namespace

blocking_pool::blocking_pool(blocking_options options) : options_(options) {
}

blocking_pool::~blocking_pool() {
  stop();
}

void blocking_pool::stop() {
  std::unique_lock guard{mtx_};
  stopped_ = true;
  auto refused = std::exchange(waiting_, {});
  queued_ = 0;
  for (auto& job : refused)
    job->waiting = false;
  auto threads = std::exchange(threads_, {});
  auto ended = [this] { return running_ == 0; };
  guard.unlock();
  came_.notify_all();
  for (auto& job : refused)
    job->refuse(stopped_error());
  guard.lock();
  if (!left_.wait_for(guard, std::chrono::seconds{1}, ended))
    log::warn("waiting for blocking work that goes on: "
              + std::to_string(running_)
              + " functions; give what they wait for a time limit");
  guard.unlock();
  for (auto& thread : threads)
    thread.join();
}

bool blocking_pool::run_one() {
  auto job = take();
  if (!job)
    return false;
  job->run();
  std::lock_guard guard{mtx_};
  --running_;
  left_.notify_all();
  return true;
}

std::size_t blocking_pool::running() const {
  std::lock_guard guard{mtx_};
  return running_;
}

std::size_t blocking_pool::threads() const {
  std::lock_guard guard{mtx_};
  return threads_.size();
}

// -- in and out ---------------------------------------------------------------

caf::error blocking_pool::submit(std::shared_ptr<detail::blocking_job> what) {
  std::lock_guard guard{mtx_};
  if (stopped_)
    return stopped_error();
  // What a free thread is about to take does not wait.
  if (waiting_.size() + running_ >= options_.threads + options_.max_queued)
    return make_error(errc::unavailable, "this service is busy, try again",
                      "too much blocking work waits: "
                        + std::to_string(options_.max_queued) + " functions");
  auto i = waiting_.insert(waiting_.end(), std::move(what));
  (*i)->place = i;
  (*i)->waiting = true;
  if (!have_thread()) {
    (*i)->waiting = false;
    waiting_.erase(i);
    return make_error(errc::unavailable, "this service is busy, try again",
                      "no thread can be started for blocking work; raise the "
                      "limits of this process (ulimit -u)");
  }
  queued_ = waiting_.size();
  came_.notify_one();
  return {};
}

void blocking_pool::withdraw(detail::blocking_job& what) {
  std::lock_guard guard{mtx_};
  if (!std::exchange(what.waiting, false))
    return;
  waiting_.erase(what.place);
  queued_ = waiting_.size();
}

std::shared_ptr<detail::blocking_job> blocking_pool::take() {
  std::lock_guard guard{mtx_};
  if (waiting_.empty())
    return nullptr;
  auto result = std::move(waiting_.front());
  waiting_.pop_front();
  queued_ = waiting_.size();
  result->waiting = false;
  ++running_;
  return result;
}

// -- threads ------------------------------------------------------------------

bool blocking_pool::have_thread() {
  if (options_.threads == 0 || waiting_.size() <= idle_
      || threads_.size() >= options_.threads)
    return true;
  try {
    threads_.emplace_back([this] { serve(); });
    return true;
  } catch (const std::exception&) {
    return !threads_.empty();
  }
}

void blocking_pool::serve() {
  while (true) {
    while (run_one())
      ;
    std::unique_lock guard{mtx_};
    ++idle_;
    came_.wait(guard, [this] { return stopped_ || !waiting_.empty(); });
    --idle_;
    if (stopped_)
      return;
  }
}

} // namespace flamigo
