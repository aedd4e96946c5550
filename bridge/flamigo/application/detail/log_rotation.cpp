#include "flamigo/application/detail/log_rotation.hpp"

#include <csignal>

#include "flamigo/error/error.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo::detail {

log_rotation::log_rotation(boost::asio::io_context& context)
  : signals_(context) {
  if (log::file().empty())
    return;
  signals_.add(SIGHUP);
  wait();
}

void log_rotation::wait() {
  signals_.async_wait([this](const boost::system::error_code& ec, int) {
    if (ec)
      return;
    if (auto err = log::reopen_file())
      log::error("the log file cannot be opened again, so the lines go where "
                 "they went: "
                 + trace_of(err));
    else
      log::info("the log file was opened again on SIGHUP");
    wait();
  });
}

} // namespace flamigo::detail
