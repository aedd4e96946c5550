#include "flamigo/bus/detail/waiting.hpp"

#include <string>

#include "flamigo/error/error.hpp"

namespace flamigo::detail {

constinit thread_local const void* running_actor = nullptr;

namespace {

constexpr char any_actor = 0;

} // namespace

void runs_actors() noexcept {
  running_actor = &any_actor;
}

caf::error check_may_wait(std::string_view what, std::string_view instead) {
  if (running_actor == nullptr)
    return {};
  return internal_error(std::string{what}
                        + " waits, and must not be called in an actor: its "
                          "thread, and others like it, would wait for each "
                          "other; "
                        + std::string{instead});
}

} // namespace flamigo::detail
