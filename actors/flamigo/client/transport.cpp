#include "flamigo/client/transport.hpp"

namespace flamigo {

transport::~transport() = default;

bool transport::has_input() const {
  return false;
}

} // namespace flamigo
