#include "event_track.hpp"

#include <algorithm>

namespace flamigo::soak {

event_track::verdict event_track::heard(std::uint64_t number) {
  if (number >= next_) {
    for (; next_ < number; ++next_)
      left_out_.insert(next_);
    ++next_;
    return verdict::right;
  }
  auto is_late = number < first_ || left_out_.erase(number) > 0;
  // What lies between may have come to others before this one was there.
  first_ = std::min(first_, number);
  return is_late ? verdict::late : verdict::twice;
}

std::optional<std::uint64_t> event_track::missing() const {
  if (left_out_.empty())
    return std::nullopt;
  return *left_out_.begin();
}

} // namespace flamigo::soak
