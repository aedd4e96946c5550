#include "flamigo/client/transport.hpp"

namespace flamigo {

transport::~transport() = default;

const wire_format& transport::format() const noexcept {
  return flamigo_format();
}

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
