#include "flamigo/history/history_engine.hpp"

namespace flamigo {

history_append::~history_append() = default;

detail::bytes_finder history_append::bytes() const noexcept {
  return nullptr;
}

history_engine::~history_engine() = default;

} // namespace flamigo
