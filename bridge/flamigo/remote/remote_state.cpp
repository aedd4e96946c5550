#include "flamigo/remote/remote_state.hpp"

#include <array>
#include <cstddef>

namespace flamigo {

std::string to_string(remote_phase x) {
  static constexpr auto names = std::array{"connecting", "authenticating",
                                           "open", "waiting", "closed"};
  return names[static_cast<std::size_t>(x)];
}

} // namespace flamigo
