#include "flamigo/websocket/detail/deflater_pool.hpp"

namespace flamigo::detail {

deflater_pool& deflater_pool::of(io_thread& thread) {
  return net::use_service<deflater_pool>(thread.context());
}

std::shared_ptr<frame_deflater> deflater_pool::get(int window_bits) {
  auto& result = all_.at(static_cast<std::size_t>(window_bits - least_bits));
  if (!result)
    result = std::make_shared<frame_deflater>(window_bits, false);
  return result;
}

void deflater_pool::shutdown() {
  // Nobody sends any more.
}

} // namespace flamigo::detail
