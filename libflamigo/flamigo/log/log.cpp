#include "flamigo/log/log.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <pthread.h>
#include <spdlog/logger.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include "flamigo/error/error.hpp"
#include "flamigo/log/detail/log_escape.hpp"
#include "flamigo/log/detail/log_queue.hpp"
#include "flamigo/log/detail/span_line.hpp"

namespace flamigo::log {

namespace {

using std::chrono::steady_clock;

constexpr auto names = std::array<std::string_view, 6>{
  "trace", "debug", "info", "warning", "error", "off",
};

spdlog::level::level_enum native(level x) noexcept {
  constexpr auto table = std::array<spdlog::level::level_enum, 6>{
    spdlog::level::trace, spdlog::level::debug, spdlog::level::info,
    spdlog::level::warn,  spdlog::level::err,   spdlog::level::off,
  };
  return table[static_cast<std::size_t>(x)];
}

// If it is closed, the next file or socket that is opened has its number, and
// gets to read the log.
void reserve_standard_error() {
  int fd = STDERR_FILENO;
  while (::fcntl(STDERR_FILENO, F_GETFD) < 0 && fd >= 0)
    fd = ::open("/dev/null", O_RDWR);
}

constexpr auto formats = std::array<std::string_view, 2>{"text", "json"};

/// Whether that was said of the trace, which is said once a second.
bool report_lost_spans(const std::string& text) {
  static steady_clock::time_point next;
  auto now = steady_clock::now();
  if (now < next)
    return false;
  next = now + std::chrono::seconds{1};
  warn("the trace's file: " + text);
  return true;
}

struct state {
  state()
    : queue(std::make_shared<detail::log_queue>()),
      spans(std::make_shared<detail::log_queue>()),
      logger(std::make_shared<spdlog::logger>("flamigo", queue)) {
    reserve_standard_error();
    spans->output().report_to(report_lost_spans);
    logger->set_level(spdlog::level::info);
    spdlog::drop("flamigo");
    spdlog::register_logger(logger);
  }

  std::shared_ptr<detail::log_queue> queue;
  /// Of the trace, where it has a file of its own.
  std::shared_ptr<detail::log_queue> spans;
  std::atomic<bool> has_trace_file = false;
  std::shared_ptr<spdlog::logger> logger;
  std::atomic<level> threshold = level::info;
};

state& self();

state* make_state() {
  auto result = new state;
  std::atexit([] {
    auto until = steady_clock::now() + exit_limit;
    self().spans->end(until);
    self().queue->end(until);
  });
  // The thread of the trace may have something to say in the log.
  ::pthread_atfork(
    [] {
      self().spans->before_fork();
      self().queue->before_fork();
    },
    [] {
      self().queue->after_fork(false);
      self().spans->after_fork(false);
    },
    [] {
      self().queue->after_fork(true);
      self().spans->after_fork(true);
    });
  return result;
}

// Never destroyed: a thread may still log while the program ends.
state& self() {
  static auto* instance = make_state();
  return *instance;
}

caf::error set_file(detail::log_queue& of, std::string path) {
  try {
    auto where = std::make_shared<detail::log_target>(std::move(path));
    of.output().set_target(std::move(where));
    return {};
  } catch (const std::system_error& e) {
    return internal_error(e.what());
  }
}

} // namespace

std::string to_string(level x) {
  return std::string{names[static_cast<std::size_t>(x)]};
}

bool from_string(std::string_view name, level& x) noexcept {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) {
      x = static_cast<level>(i);
      return true;
    }
  }
  return false;
}

std::string to_string(format x) {
  return std::string{formats[static_cast<std::size_t>(x)]};
}

bool from_string(std::string_view name, format& x) noexcept {
  for (std::size_t i = 0; i < formats.size(); ++i) {
    if (formats[i] == name) {
      x = static_cast<format>(i);
      return true;
    }
  }
  return false;
}

// -- settings -----------------------------------------------------------------

void set_level(level x) noexcept {
  self().threshold = x;
  self().logger->set_level(native(x));
}

level get_level() noexcept {
  return self().threshold;
}

void set_format(format x) noexcept {
  self().queue->output().write_json(x == format::json);
}

format get_format() noexcept {
  return self().queue->output().writes_json() ? format::json : format::text;
}

caf::error open_file(const std::string& path) {
  flush();
  return set_file(*self().queue, path);
}

caf::error reopen_file() {
  auto reopen = [](detail::log_queue& which, std::string path) {
    return path.empty() ? caf::error{} : set_file(which, std::move(path));
  };
  auto result = reopen(*self().queue, file());
  auto traced = reopen(*self().spans, trace_file());
  return result ? result : traced;
}

void close_file() {
  flush();
  self().queue->output().set_target(std::make_shared<detail::log_target>());
}

std::string file() {
  return self().queue->output().target()->path();
}

// -- the trace ----------------------------------------------------------------

caf::error open_trace_file(const std::string& path) {
  auto result = set_file(*self().spans, path);
  if (!result)
    self().has_trace_file = true;
  return result;
}

void close_trace_file() {
  flush();
  self().has_trace_file = false;
  self().spans->output().set_target(std::make_shared<detail::log_target>());
}

std::string trace_file() {
  return self().spans->output().target()->path();
}

// -- writing ------------------------------------------------------------------

bool enabled(level x) noexcept {
  return x != level::off && self().logger->should_log(native(x));
}

void write(level x, std::string_view text) noexcept {
  if (!enabled(x))
    return;
  auto& logger = *self().logger;
  try {
    if (detail::harmless_prefix(text) == text.size()) {
      logger.log(native(x), spdlog::string_view_t{text.data(), text.size()});
    } else {
      auto harmless = escape(text);
      logger.log(native(x), spdlog::string_view_t{harmless});
    }
  } catch (...) {
    // There is no memory for it.
    self().queue->output().lose(1);
  }
}

void write_anyway(level x, std::string_view text) noexcept {
  try {
    auto line = escape(text);
    auto& logger = *self().logger;
    spdlog::details::log_msg what{logger.name(), native(x), line};
    for (auto& sink : logger.sinks())
      if (sink->should_log(what.level))
        sink->log(what);
  } catch (...) {
    self().queue->output().lose(1);
  }
}

void trace(std::string_view text) noexcept {
  write(level::trace, text);
}

void debug(std::string_view text) noexcept {
  write(level::debug, text);
}

void info(std::string_view text) noexcept {
  write(level::info, text);
}

void warn(std::string_view text) noexcept {
  write(level::warning, text);
}

void error(std::string_view text) noexcept {
  write(level::error, text);
}

bool flush(std::chrono::nanoseconds limit) {
  auto until = steady_clock::now() + limit;
  auto traced = self().spans->wait(until);
  return self().queue->wait(until) && traced;
}

// -- texts of a peer ----------------------------------------------------------

std::string escape(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  detail::append_escaped(result, text);
  return result;
}

} // namespace flamigo::log

namespace flamigo::detail {

void write_span_line(std::string_view line) noexcept {
  auto& to = log::self();
  (to.has_trace_file ? to.spans : to.queue)->log_whole(line);
}

} // namespace flamigo::detail
