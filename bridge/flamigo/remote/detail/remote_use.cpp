#include "flamigo/remote/detail/remote_use.hpp"

#include <utility>

namespace flamigo::detail {

void remote_use::settle(const caf::expected<remote_joined>& what) {
  for (auto& f : std::exchange(ready, {}))
    f(what);
}

void remote_use::joined(const remote_joined& what) {
  settle(what);
  tell_if(on_joined, "on_joined", what);
}

void remote_use::left(const caf::error& why) {
  settle(why);
  tell_if(on_left, "on_left", why);
}

void remote_use::present(const remote_presence& who) const {
  tell_if(on_presence, "on_presence", who);
}

} // namespace flamigo::detail
