#include "flamigo/log/detail/log_connection.hpp"

namespace flamigo::detail {

void log_connection(log::level how, const std::string& id,
                    std::string_view what) {
  if (!log::enabled(how))
    return;
  const connection_origin origin{id};
  log_scope scope{log_origin::current() == nullptr ? &origin : nullptr};
  log::write(how, ("connection " + id).append(what));
}

} // namespace flamigo::detail
