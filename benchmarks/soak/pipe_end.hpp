#pragma once

#include <utility>

#include <unistd.h>

namespace flamigo::soak {

/// Owns a descriptor.
class pipe_end {
public:
  pipe_end() = default;

  explicit pipe_end(int fd) : fd_(fd) {
  }

  pipe_end(pipe_end&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {
  }

  pipe_end& operator=(pipe_end&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }

  ~pipe_end() {
    close();
  }

  int get() const {
    return fd_;
  }

  void close() {
    if (fd_ >= 0)
      ::close(std::exchange(fd_, -1));
  }

private:
  int fd_ = -1;
};

} // namespace flamigo::soak
