#include "flamigo/log/detail/log_target.hpp"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <spdlog/details/os.h>
#include <unistd.h>

namespace flamigo::detail {

namespace {

int open_file(const std::string& path) {
  // If this fails, opening says why.
  std::error_code ignored;
  auto directory = std::filesystem::path{path}.parent_path();
  std::filesystem::create_directories(directory, ignored);
  auto result = ::open(
    path.c_str(),
    O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0666);
  if (result < 0)
    throw std::system_error{errno, std::generic_category(), path};
  // That was for opening only.
  ::fcntl(result, F_SETFL, O_APPEND);
  return result;
}

} // namespace

// -- construction -------------------------------------------------------------

log_target::log_target()
  : fd_(STDERR_FILENO), coloured_(spdlog::details::os::in_terminal(stderr)
                                  && spdlog::details::os::is_color_terminal()) {
}

log_target::log_target(std::string path)
  : path_(std::move(path)), fd_(open_file(path_)) {
}

log_target::~log_target() {
  if (fd_ != STDERR_FILENO)
    ::close(fd_);
}

// -- writing ------------------------------------------------------------------

std::size_t log_target::write(std::string_view lines) noexcept {
  if (torn_ && write_some("\n") == 0)
    return 0;
  auto result = write_some(lines);
  torn_ = result > 0 && result < lines.size() && lines[result - 1] != '\n';
  return result;
}

// Not through stdio, whose lock others would wait for while this one waits.
std::size_t log_target::write_some(std::string_view bytes) noexcept {
  std::size_t result = 0;
  while (result < bytes.size()) {
    auto n = ::write(fd_, bytes.data() + result, bytes.size() - result);
    if (n > 0) {
      result += static_cast<std::size_t>(n);
    } else if (n < 0 && errno == EAGAIN) {
      // Someone who has the same pipe or terminal made it non-blocking.
      pollfd ready{.fd = fd_, .events = POLLOUT, .revents = 0};
      ::poll(&ready, 1, -1);
    } else if (n == 0 || errno != EINTR) {
      break;
    }
  }
  return result;
}

} // namespace flamigo::detail
