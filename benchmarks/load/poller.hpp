#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

#include <sys/epoll.h>

namespace flamigo::load {

class connection;

using clock = std::chrono::steady_clock;

/// The one thread's epoll set, and what all connections share: a buffer to read
/// into, and the list of those that have something to send at the end of a
/// turn.
class poller {
public:
  poller();

  poller(const poller&) = delete;

  poller& operator=(const poller&) = delete;

  ~poller();

  /// Enters a socket, or changes what it waits for. Closing it takes it out.
  void watch(int fd, connection& who, std::uint32_t events);
  void rewatch(int fd, connection& who, std::uint32_t events);

  /// Waits for what comes, at most until `deadline`, handles it, and sends what
  /// that has caused.
  void turn(clock::time_point deadline);

  /// Has `who.flush()` called at the end of the turn. Outside of one, at the
  /// end of the next.
  void flush_later(connection& who) {
    to_flush_.push_back(&who);
  }

  std::span<char> buffer() {
    return buffer_;
  }

  /// When the bytes that are being handled were read.
  clock::time_point now() const {
    return now_;
  }

  void update_now() {
    now_ = clock::now();
  }

private:
  void flush();

  int epoll_;
  clock::time_point now_ = clock::now();
  std::array<epoll_event, 256> events_;
  std::vector<char> buffer_;
  std::vector<connection*> to_flush_;
  std::vector<connection*> flushing_;
};

} // namespace flamigo::load
