#include "flamigo/metrics/detail/metric_block.hpp"

#include <algorithm>
#include <new>

namespace flamigo::detail {

metric_block::metric_block(std::size_t strategies)
  : by_strategy_(std::max<std::size_t>(strategies, 1)) {
  by_strategy_.front() = &others_;
}

metric_block::~metric_block() {
  for (std::size_t i = 1; i < by_strategy_.size(); ++i)
    delete by_strategy_[i].load();
}

request_cells& metric_block::make(std::size_t strategy) noexcept {
  if (strategy >= by_strategy_.size())
    return others_;
  auto* made = new (std::nothrow) request_cells;
  if (made == nullptr)
    return others_;
  by_strategy_[strategy].store(made, std::memory_order_release);
  return *made;
}

} // namespace flamigo::detail
