#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <caf/error.hpp>

#include "flamigo/blocking/blocking_options.hpp"

namespace flamigo {

namespace detail {

class blocking_job;

} // namespace detail

/// A bounded pool of threads for what blocks; `flamigo::blocking` is how to use
/// it. Costs nothing until it is first used. Thread-safe.
class blocking_pool {
public:
  /// Without threads everything waits for `run_one`, as in tests.
  explicit blocking_pool(blocking_options options = {});

  blocking_pool(const blocking_pool&) = delete;

  blocking_pool& operator=(const blocking_pool&) = delete;

  /// Stops, if that was not done.
  ~blocking_pool();

  /// Refuses what waits and what comes, and returns when the functions that run
  /// have returned, however long that takes; after a second the log says that
  /// they are waited for.
  void stop();

  /// Runs what has waited longest on the calling thread; false if nothing
  /// waits.
  bool run_one();

  /// Functions that wait for a thread. Takes no lock.
  std::size_t queued() const noexcept {
    return queued_.load(std::memory_order_relaxed);
  }

  /// Functions that run now.
  std::size_t running() const;

  /// Threads that were started.
  std::size_t threads() const;

  /// @private
  caf::error submit(std::shared_ptr<detail::blocking_job> what);

  /// Takes back what has not begun.
  ///
  /// @private
  void withdraw(detail::blocking_job& what);

private:
  using job_list = std::list<std::shared_ptr<detail::blocking_job>>;

  /// A thread's life.
  void serve();

  /// What is next, marked as running; null if nothing waits.
  std::shared_ptr<detail::blocking_job> take();

  /// Whether there is or will be a thread for what waits.
  bool have_thread();

  blocking_options options_;
  mutable std::mutex mtx_;
  std::condition_variable came_;
  std::condition_variable left_;
  job_list waiting_;
  /// How many these are.
  std::atomic<std::size_t> queued_ = 0;
  std::size_t running_ = 0;
  /// Threads that have nothing to do.
  std::size_t idle_ = 0;
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

} // namespace flamigo
