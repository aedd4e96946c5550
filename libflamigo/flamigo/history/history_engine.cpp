#include "flamigo/history/history_engine.hpp"

namespace flamigo {

history_append::~history_append() = default;

history_engine::~history_engine() = default;

} // namespace flamigo
