#pragma once

#include <memory>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>

#include "flamigo/io/detail/asio.hpp"

namespace flamigo::detail {

/// A thread of connections to servers.
class remote_loop {
public:
  /// Throws std::system_error when it cannot be started.
  remote_loop() : thread_([context = context_] { context->run(); }) {
  }

  remote_loop(const remote_loop&) = delete;

  remote_loop& operator=(const remote_loop&) = delete;

  /// Waits until nothing is under way, except on the thread itself, which then
  /// ends by itself.
  ~remote_loop() {
    work_.reset();
    if (is_here())
      thread_.detach();
    else
      thread_.join();
  }

  const std::shared_ptr<net::io_context>& context() const noexcept {
    return context_;
  }

  bool is_here() const noexcept {
    return context_->get_executor().running_in_this_thread();
  }

private:
  /// Of the thread as well, which may outlive this.
  std::shared_ptr<net::io_context> context_
    = std::make_shared<net::io_context>(1);
  net::executor_work_guard<executor> work_{context_->get_executor()};
  std::thread thread_;
};

} // namespace flamigo::detail
