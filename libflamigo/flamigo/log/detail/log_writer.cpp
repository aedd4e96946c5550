#include "flamigo/log/detail/log_writer.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <string_view>
#include <system_error>

namespace flamigo::detail {

namespace {

std::string report_of(std::uint64_t lines, int why) {
  auto result = std::to_string(lines)
                + (lines == 1 ? " line was dropped" : " lines were dropped");
  if (why != 0)
    return result + ": " + std::generic_category().message(why);
  return result + ": they came faster than the log could be written";
}

} // namespace

log_writer::log_writer(log_output& out, spdlog::details::thread_pool& queue)
  : out_(out), queue_(queue) {
}

// -- on the queue's thread ----------------------------------------------------

void log_writer::log(const spdlog::details::log_msg& what) {
  try {
    append(what);
  } catch (...) {
    // There is no memory for it.
    out_.lose(1);
    finish(1);
  }
  if (queue_.queue_size() == 0)
    write_out();
}

void log_writer::append(const spdlog::details::log_msg& what) {
  report_losses();
  line_.clear();
  out_.format(what, line_);
  // That much a pipe takes as a whole: what others write to it does not get in
  // between.
  if (batch_.size() + line_.size() > PIPE_BUF)
    write_out();
  batch_ += line_;
  ++lines_;
}

void log_writer::report_losses() {
  if (queue_.overrun_counter() == reported_ && out_.lost() == 0)
    return;
  // The report stands where they are missing.
  if (!out_.reports_elsewhere())
    write_out();
  auto overrun = queue_.overrun_counter();
  auto lost = out_.lost();
  auto text = report_of(lost + (overrun - reported_), out_.why());
  if (out_.report(text)) {
    reported_ = overrun;
    out_.forget(lost);
  }
}

void log_writer::write_out() noexcept {
  if (lines_ == 0)
    return;
  if (auto n = out_.target()->write(batch_); n < batch_.size()) {
    auto why = errno;
    auto rest = std::string_view{batch_}.substr(n);
    auto lines = std::count(rest.begin(), rest.end(), '\n');
    out_.lose(static_cast<std::uint64_t>(lines), why);
  }
  batch_.clear();
  finish(lines_);
  lines_ = 0;
}

void log_writer::finish(std::uint64_t lines) noexcept {
  {
    std::lock_guard lock{mutex_};
    done_ += lines;
  }
  progress_.notify_all();
}

// -- on any thread ------------------------------------------------------------

void log_writer::skip() noexcept {
  finish(1);
}

bool log_writer::wait(std::uint64_t lines,
                      std::chrono::steady_clock::time_point until) {
  std::unique_lock lock{mutex_};
  return progress_.wait_until(lock, until, [&] {
    return done_ + queue_.overrun_counter() >= lines;
  });
}

} // namespace flamigo::detail
