#include "flamigo/strategy/detail/domain_slot.hpp"

namespace flamigo {

domain_slot::domain_slot(std::size_t max_queued)
  : max_queued_(max_queued),
    queued_(std::make_shared<std::atomic<std::size_t>>(0)) {
}

} // namespace flamigo
