#include "flamigo/log/detail/log_queue.hpp"

#include <string_view>
#include <utility>

#include <spdlog/pattern_formatter.h>

#include "flamigo/log/detail/log_origin.hpp"
#include "flamigo/log/detail/marked_line.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo::detail {

namespace {

/// The beginning of a text that is too long, which does not end within a
/// character of UTF-8, and what is missing.
std::string shortened(std::string_view text) {
  auto size = log::max_line_bytes - 32;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80)
    --size;
  auto missing = std::to_string(text.size() - size);
  return std::string{text.substr(0, size)} + "... (" + missing + " more bytes)";
}

} // namespace

// -- writing ------------------------------------------------------------------

void log_queue::log(const spdlog::details::log_msg& what) {
  try {
    post(what);
  } catch (...) {
    // There is no memory, or no thread.
    output_.lose(1);
    return;
  }
  if (ending_)
    wait(end_);
}

void log_queue::post(const spdlog::details::log_msg& what) {
  auto& thread = running();
  auto* origin = output_.writes_json() ? log_origin::current() : nullptr;
  auto is_long = what.payload.size() > log::max_line_bytes;
  std::string_view payload{what.payload.data(), what.payload.size()};
  if (origin == nullptr && marked_line::is_marked(payload)) {
    // A text of whoever logs past `flamigo::log`, which cannot be ours.
    auto harmless = log::escape(payload);
    auto line = what;
    line.payload = harmless;
    return post(line);
  }
  if (!is_long && origin == nullptr)
    return thread.post(what);
  std::string text;
  if (origin != nullptr) {
    text += marked_line::members_mark;
    origin->append_members(text);
    text += marked_line::members_mark;
  }
  text += is_long ? shortened(payload) : std::string{payload};
  auto line = what;
  line.payload = text;
  thread.post(line);
}

void log_queue::log_whole(std::string_view line) noexcept {
  try {
    auto text = marked_line::as_it_is + std::string{line};
    running().post({"", spdlog::level::info, text});
  } catch (...) {
    output_.lose(1);
    return;
  }
  if (ending_)
    wait(end_);
}

log_thread& log_queue::running() {
  if (auto ptr = thread_.load())
    return *ptr;
  std::lock_guard lock{starting_};
  if (thread_ == nullptr)
    thread_ = new log_thread{output_};
  return *thread_;
}

bool log_queue::wait(std::chrono::steady_clock::time_point until) {
  auto ptr = thread_.load();
  return ptr == nullptr || ptr->wait(until);
}

void log_queue::end(std::chrono::steady_clock::time_point until) {
  end_ = until;
  ending_ = true;
  wait(until);
}

// -- settings -----------------------------------------------------------------

void log_queue::set_pattern(const std::string& pattern) {
  set_formatter(std::make_unique<spdlog::pattern_formatter>(pattern));
}

void log_queue::set_formatter(std::unique_ptr<spdlog::formatter> how) {
  output_.set_formatter(std::move(how));
}

// -- fork ---------------------------------------------------------------------

void log_queue::before_fork() {
  starting_.lock();
  output_.mutex().lock();
}

void log_queue::after_fork(bool in_child) {
  if (in_child) {
    if (thread_ != nullptr)
      parents_ = thread_.exchange(nullptr);
    output_.forget(output_.lost());
  }
  output_.mutex().unlock();
  starting_.unlock();
}

} // namespace flamigo::detail
