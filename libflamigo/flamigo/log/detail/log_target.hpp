#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace flamigo::detail {

/// Where lines of the log go. For the thread that writes the log, but for the
/// constant members.
class log_target {
public:
  /// Standard error.
  log_target();

  /// A file to append to, which is made if there is none. Throws
  /// std::system_error if it cannot be opened; never waits for the reader of a
  /// named pipe.
  explicit log_target(std::string path);

  log_target(const log_target&) = delete;

  log_target& operator=(const log_target&) = delete;

  /// Closes a file.
  ~log_target();

  /// The file's, as it was given. Empty for standard error.
  const std::string& path() const noexcept {
    return path_;
  }

  /// Whether a person reads it on a terminal that knows colours.
  bool coloured() const noexcept {
    return coloured_;
  }

  /// Writes whole lines, and blocks until they are taken. Returns how many
  /// bytes were; if these are not all, errno says why. What comes after half a
  /// line begins a new one.
  std::size_t write(std::string_view lines) noexcept;

private:
  std::size_t write_some(std::string_view bytes) noexcept;

  std::string path_;
  int fd_;
  bool coloured_ = false;
  bool torn_ = false;
};

} // namespace flamigo::detail
