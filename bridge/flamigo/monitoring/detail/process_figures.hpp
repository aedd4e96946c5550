#pragma once

#include <cstddef>
#include <optional>

namespace flamigo::detail {

/// What the operating system knows of this process, as far as it says so.
struct process_figures {
  /// User and system time of all threads.
  std::optional<double> cpu_seconds;
  std::optional<std::size_t> resident_bytes;
  std::optional<std::size_t> virtual_bytes;
  std::optional<std::size_t> threads;
  std::optional<std::size_t> max_open_files;
  /// Since 1970.
  std::optional<double> start_seconds;

  /// As they are now. Some of it is what it was when that was asked first.
  static process_figures read();

  /// Looks at each file that is open: tens of milliseconds for as many
  /// thousands.
  static std::optional<std::size_t> count_open_files();
};

} // namespace flamigo::detail
