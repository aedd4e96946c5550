#include "flamigo/domain/domain_state.hpp"

namespace flamigo {

std::string to_string(domain_state x) {
  switch (x) {
    case domain_state::up:
      return "up";
    case domain_state::down:
      return "down";
    case domain_state::elsewhere:
      return "elsewhere";
    default:
      return "ended";
  }
}

} // namespace flamigo
