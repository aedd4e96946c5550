#include "flamigo/domain/domain_state.hpp"

namespace flamigo {

std::string to_string(domain_state x) {
  switch (x) {
    case domain_state::up:
      return "up";
    case domain_state::down:
      return "down";
    default:
      return "ended";
  }
}

} // namespace flamigo
