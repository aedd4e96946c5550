#include "flamigo/http/detail/accept_rate.hpp"

#include <algorithm>

namespace flamigo::detail {

bool accept_rate::take(std::int64_t now) noexcept {
  auto before = full_at_.load(std::memory_order_relaxed);
  for (;;) {
    auto after = std::max(before, now) + interval_;
    if (after - now > second)
      return false;
    if (full_at_.compare_exchange_weak(before, after,
                                       std::memory_order_relaxed))
      return true;
  }
}

} // namespace flamigo::detail
