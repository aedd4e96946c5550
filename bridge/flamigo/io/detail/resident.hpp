#pragma once

#include <chrono>
#include <cstddef>

namespace flamigo::detail {

/// Something that lives on an I/O thread until it ends itself.
class resident {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Called several times a second or so: look after your limits in time. Look
  /// at what waits in the socket before you find that a peer is late.
  virtual void tick(time_point now) = 0;

  /// The server is going down: finish what you are at and end.
  virtual void drain() = 0;

  /// End now.
  virtual void cut() = 0;

  virtual ~resident() = default;

private:
  friend class io_thread;

  std::size_t index_ = 0;
};

} // namespace flamigo::detail
