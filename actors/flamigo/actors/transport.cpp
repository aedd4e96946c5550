#include "flamigo/actors/transport.hpp"

namespace flamigo {

transport::~transport() = default;

} // namespace flamigo
