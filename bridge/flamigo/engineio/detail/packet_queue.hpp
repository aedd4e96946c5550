#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "flamigo/engineio/detail/engine_packet.hpp"

namespace flamigo::detail {

/// Packets that wait to be polled.
class packet_queue {
public:
  bool empty() const noexcept {
    return packets_.empty();
  }

  /// Of their data.
  std::size_t bytes() const noexcept {
    return bytes_;
  }

  void add(engine_packet what);

  /// All of them, in their order.
  std::vector<engine_packet> take();

  /// All of them as an HTTP body.
  std::string take_payload();

private:
  std::vector<engine_packet> packets_;
  std::size_t bytes_ = 0;
};

} // namespace flamigo::detail
