#include "flamigo/log/detail/log_thread.hpp"

#include <signal.h>

#include "flamigo/log/log.hpp"

namespace flamigo::detail {

namespace {

// Signals are for the threads of the program; and a reader that is gone is an
// error of `write` here, whatever the program does about SIGPIPE.
void block_signals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, nullptr);
}

} // namespace

log_thread::log_thread(log_output& out)
  : pool_(std::make_shared<spdlog::details::thread_pool>(log::max_waiting_lines,
                                                         1, block_signals)),
    writer_(std::make_shared<log_writer>(out, *pool_)),
    queue_(std::make_shared<spdlog::async_logger>(
      "", writer_, pool_, spdlog::async_overflow_policy::overrun_oldest)) {
  queue_->set_level(spdlog::level::trace);
}

void log_thread::post(const spdlog::details::log_msg& what) {
  ++posted_;
  try {
    queue_->log(what.time, what.source, what.level, what.payload);
  } catch (...) {
    writer_->skip();
    throw;
  }
}

bool log_thread::wait(std::chrono::steady_clock::time_point until) {
  return writer_->wait(posted_, until);
}

} // namespace flamigo::detail
