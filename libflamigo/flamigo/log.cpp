#include "flamigo/log.hpp"

#include <array>
#include <atomic>
#include <memory>
#include <utility>

#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/dist_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "flamigo/detail/log_escape.hpp"
#include "flamigo/error.hpp"

namespace flamigo::log {

namespace {

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

/// The logger and the sink that can be exchanged while others write.
struct state {
  state()
    : target(std::make_shared<spdlog::sinks::dist_sink_mt>()),
      logger(std::make_shared<spdlog::logger>("flamigo", target)) {
    to_stderr();
    logger->set_level(spdlog::level::info);
    logger->flush_on(spdlog::level::trace);
    spdlog::drop("flamigo");
    spdlog::register_logger(logger);
  }

  void to(spdlog::sink_ptr sink) {
    sink->set_pattern("%Y-%m-%d %H:%M:%S.%e %^%l%$ %v");
    target->set_sinks({std::move(sink)});
  }

  void to_stderr() {
    to(std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
  }

  std::shared_ptr<spdlog::sinks::dist_sink_mt> target;
  std::shared_ptr<spdlog::logger> logger;
  std::atomic<level> threshold = level::info;
};

// Never destroyed: a thread may still log while the program ends.
state& self() {
  static auto* instance = new state;
  return *instance;
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

// -- settings -----------------------------------------------------------------

void set_level(level x) noexcept {
  self().threshold = x;
  self().logger->set_level(native(x));
}

level get_level() noexcept {
  return self().threshold;
}

caf::error open_file(const std::string& path) {
  try {
    self().to(std::make_shared<spdlog::sinks::basic_file_sink_mt>(path));
    return {};
  } catch (const spdlog::spdlog_ex& e) {
    return internal_error(e.what());
  }
}

void close_file() {
  self().to_stderr();
}

// -- writing ------------------------------------------------------------------

bool enabled(level x) noexcept {
  return x != level::off && self().logger->should_log(native(x));
}

void write(level x, std::string_view text) {
  if (!enabled(x))
    return;
  auto& logger = *self().logger;
  if (detail::harmless_prefix(text) == text.size()) {
    logger.log(native(x), spdlog::string_view_t{text.data(), text.size()});
  } else {
    auto harmless = escape(text);
    logger.log(native(x), spdlog::string_view_t{harmless});
  }
}

void trace(std::string_view text) {
  write(level::trace, text);
}

void debug(std::string_view text) {
  write(level::debug, text);
}

void info(std::string_view text) {
  write(level::info, text);
}

void warn(std::string_view text) {
  write(level::warning, text);
}

void error(std::string_view text) {
  write(level::error, text);
}

// -- texts of a peer ----------------------------------------------------------

std::string escape(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  detail::append_escaped(result, text);
  return result;
}

} // namespace flamigo::log
