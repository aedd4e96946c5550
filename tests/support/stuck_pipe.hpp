#pragma once

#include <algorithm>
#include <cerrno>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace flamigo::test {

/// A pipe that is as full as it can be until somebody reads it.
class stuck_pipe {
public:
  stuck_pipe() {
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    reader_ = ends[0];
    writer_ = ends[1];
    fill();
  }

  stuck_pipe(const stuck_pipe&) = delete;

  ~stuck_pipe() {
    close_reader();
    close_writer();
  }

  /// What blocks who writes to it.
  int writer() const noexcept {
    return writer_;
  }

  void close_writer() {
    close(writer_);
  }

  void close_reader() {
    close(reader_);
  }

  /// What was written to it, until nobody can write any more. Stops with what
  /// there is if nothing comes for a long time.
  std::string read_all() {
    std::string result;
    char chunk[4096];
    pollfd ready{.fd = reader_, .events = POLLIN, .revents = 0};
    while (::poll(&ready, 1, 10'000) == 1) {
      auto n = ::read(reader_, chunk, sizeof(chunk));
      if (n <= 0)
        break;
      result.append(chunk, static_cast<std::size_t>(n));
    }
    return result.substr(std::min(filling_, result.size()));
  }

private:
  static void close(int& fd) {
    if (fd >= 0)
      ::close(fd);
    fd = -1;
  }

  // Through another description, since the one that is written to has to block.
  void fill() {
    auto path = "/proc/self/fd/" + std::to_string(writer_);
    auto fd = ::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    REQUIRE(fd >= 0);
    while (::write(fd, "\n", 1) == 1)
      ++filling_;
    CHECK(errno == EAGAIN);
    ::close(fd);
  }

  int reader_ = -1;
  int writer_ = -1;
  std::size_t filling_ = 0;
};

} // namespace flamigo::test
