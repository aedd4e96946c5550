#include "flamigo/bus/event_stage.hpp"

namespace flamigo {

event_stage::~event_stage() = default;

} // namespace flamigo
