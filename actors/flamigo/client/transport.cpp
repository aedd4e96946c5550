#include "flamigo/client/transport.hpp"

namespace flamigo {

transport::~transport() = default;

void transport::hurry() {
  // nop
}

bool transport::has_room(std::size_t) {
  return true;
}

bool transport::has_input() const {
  return false;
}

} // namespace flamigo
