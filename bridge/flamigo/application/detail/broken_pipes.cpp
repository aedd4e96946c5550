#include "flamigo/application/detail/broken_pipes.hpp"

#include <signal.h>

namespace flamigo::detail {

void survive_broken_pipes() noexcept {
  struct sigaction action = {};
  if (::sigaction(SIGPIPE, nullptr, &action) != 0
      || (action.sa_flags & SA_SIGINFO) != 0 || action.sa_handler != SIG_DFL)
    return;
  // Not SIG_IGN, which programs that are started from here would inherit.
  action.sa_handler = [](int) {};
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGPIPE, &action, nullptr);
}

} // namespace flamigo::detail
