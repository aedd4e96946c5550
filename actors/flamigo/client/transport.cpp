#include "flamigo/client/transport.hpp"

namespace flamigo {

transport::~transport() = default;

void transport::hurry() {
  // nop
}

bool transport::has_input() const {
  return false;
}

} // namespace flamigo
