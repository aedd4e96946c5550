#include "flamigo/log/detail/log_output.hpp"

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include <spdlog/pattern_formatter.h>

#include "flamigo/log/detail/log_json.hpp"
#include "flamigo/log/detail/marked_line.hpp"

namespace flamigo::detail {

namespace {

/// Of spdlog's levels, in their order.
constexpr auto colours = std::array<std::string_view, 7>{
  "\x1b[37m",   "\x1b[36m",   "\x1b[32m", "\x1b[33;1m",
  "\x1b[31;1m", "\x1b[1;41m", "",
};

constexpr std::string_view no_colour = "\x1b[m";

} // namespace

log_output::log_output()
  : target_(std::make_shared<log_target>()),
    formatter_(std::make_unique<spdlog::pattern_formatter>(
      "%Y-%m-%d %H:%M:%S.%e %^%l%$ %v")) {
}

// -- settings -----------------------------------------------------------------

void log_output::set_target(std::shared_ptr<log_target> where) {
  // The old file may be closed at the end, without the lock.
  std::lock_guard lock{mutex_};
  target_.swap(where);
}

std::shared_ptr<log_target> log_output::target() const {
  std::lock_guard lock{mutex_};
  return target_;
}

void log_output::set_formatter(std::unique_ptr<spdlog::formatter> how) {
  std::lock_guard lock{mutex_};
  formatter_ = std::move(how);
}

void log_output::format(const spdlog::details::log_msg& what,
                        std::string& to) const {
  auto line = marked_line::parse({what.payload.data(), what.payload.size()});
  if (line.is_whole) {
    to.append(line.text).push_back('\n');
  } else if (json_) {
    append_json_line(to, what, line.members, line.text);
    to.push_back('\n');
  } else {
    auto plain = what;
    plain.payload = {line.text.data(), line.text.size()};
    format_text(plain, to);
  }
}

void log_output::format_text(const spdlog::details::log_msg& what,
                             std::string& to) const {
  spdlog::memory_buf_t line;
  what.color_range_start = 0;
  what.color_range_end = 0;
  std::lock_guard lock{mutex_};
  formatter_->format(what, line);
  std::string_view text{line.data(), line.size()};
  auto first = what.color_range_start;
  auto last = what.color_range_end;
  if (!target_->coloured() || last <= first) {
    to += text;
    return;
  }
  to += text.substr(0, first);
  to += colours[static_cast<std::size_t>(what.level)];
  to += text.substr(first, last - first);
  to += no_colour;
  to += text.substr(last);
}

bool log_output::report(const std::string& text) {
  if (elsewhere_)
    return elsewhere_(text);
  std::string line;
  format({"flamigo", spdlog::level::warn, text}, line);
  return target()->write(line) == line.size();
}

// -- lines that are lost ------------------------------------------------------

void log_output::lose(std::uint64_t lines, int why) noexcept {
  if (why != 0)
    why_ = why;
  lost_ += lines;
}

void log_output::forget(std::uint64_t lines) noexcept {
  why_ = 0;
  lost_ -= lines;
}

} // namespace flamigo::detail
