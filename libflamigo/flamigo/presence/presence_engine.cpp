#include "flamigo/presence/presence_engine.hpp"

namespace flamigo {

presence_engine::~presence_engine() = default;

} // namespace flamigo
