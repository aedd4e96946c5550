#include "flamigo/remote/detail/remote_ears.hpp"

#include "flamigo/error/error.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo::detail {

void log_unfit_event(std::string_view event, const caf::error& why) {
  log::warn("an event \"" + std::string{event}
            + "\" of a server is not what is listened for: " + trace_of(why));
}

} // namespace flamigo::detail
