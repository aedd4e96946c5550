#include "flamigo/bridge/detail/buffered_layer.hpp"

#include <algorithm>

namespace flamigo::detail {

void buffered_layer::feed(std::string_view bytes) {
  feeding_ = true;
  if (stash_.empty()) {
    auto used = serve(bytes);
    stash_.assign(bytes.substr(used));
  } else {
    stash_.append(bytes);
    // Served from a local: the string must not move while it is read.
    auto work = std::move(stash_);
    auto used = serve(work);
    work.erase(0, used);
    stash_ = std::move(work);
  }
  if (stash_.empty() && stash_.capacity() > 0)
    std::string{}.swap(stash_);
  feeding_ = false;
}

std::size_t buffered_layer::serve(std::string_view bytes) {
  std::size_t used = 0;
  while (used < bytes.size()) {
    auto rest = bytes.substr(used);
    if (drop_left_ > 0) {
      auto n = std::min<std::uint64_t>(drop_left_, rest.size());
      drop_left_ -= n;
      used += static_cast<std::size_t>(n);
      continue;
    }
    if (frame_left_ == 0) {
      auto size = cutter_.size(rest);
      if (size == 0)
        break;
      if (cutter_.refused()) {
        drop_left_ = size;
        cutter_.next();
        owner_.message_refused();
        continue;
      }
      if (size > rest.size())
        break;
      frame_left_ = size;
      cutter_.next();
    }
    if (!read_)
      break;
    auto n = std::min<std::uint64_t>(frame_left_, rest.size());
    auto taken = read_.complete(rest.data(), static_cast<std::size_t>(n), {});
    frame_left_ -= taken;
    used += taken;
  }
  return used;
}

void buffered_layer::fail(error_code why) {
  if (failure_)
    return;
  failure_ = why;
  if (read_)
    read_.complete(nullptr, 0, why);
}

} // namespace flamigo::detail
