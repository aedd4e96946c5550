#pragma once

#include <string>
#include <string_view>

namespace flamigo::detail {

/// How what is queued for the log's thread says what else there is to know: by
/// control characters, which no text has that went through `log::escape`.
struct marked_line {
  /// Stands before a line that is written as it is.
  static constexpr char as_it_is = '\x1e';
  /// Stands before the members of a JSON line, and behind them.
  static constexpr char members_mark = '\x1f';

  /// Whether `text` is a whole line.
  bool is_whole = false;
  /// As of a `log_origin`; empty if there are none.
  std::string_view members = {};
  std::string_view text = {};

  /// Whether a text would be taken for more than a text.
  static bool is_marked(std::string_view text) noexcept {
    return !text.empty()
           && (text.front() == as_it_is || text.front() == members_mark);
  }

  /// Takes apart what was queued.
  static marked_line parse(std::string_view queued) noexcept {
    if (queued.empty())
      return {.text = queued};
    if (queued.front() == as_it_is)
      return {.is_whole = true, .text = queued.substr(1)};
    auto end = queued.front() == members_mark ? queued.find(members_mark, 1)
                                              : queued.npos;
    if (end == queued.npos)
      return {.text = queued};
    return {.members = queued.substr(1, end - 1),
            .text = queued.substr(end + 1)};
  }
};

} // namespace flamigo::detail
