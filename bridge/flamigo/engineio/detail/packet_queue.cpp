#include "flamigo/engineio/detail/packet_queue.hpp"

namespace flamigo::detail {

void packet_queue::add(engine_packet what) {
  bytes_ += what.data.size() + 1;
  packets_.push_back(std::move(what));
}

std::vector<engine_packet> packet_queue::take() {
  bytes_ = 0;
  return std::exchange(packets_, {});
}

std::string packet_queue::take_payload() {
  std::string result;
  for (auto& x : take())
    append_packet(result, x);
  return result;
}

} // namespace flamigo::detail
