#include "flamigo/application/detail/hangup_signal.hpp"

#include <csignal>
#include <utility>

namespace flamigo::detail {

hangup_signal::hangup_signal(boost::asio::io_context& context,
                             std::vector<action> actions)
  : signals_(context), actions_(std::move(actions)) {
  if (actions_.empty())
    return;
  signals_.add(SIGHUP);
  wait();
}

void hangup_signal::wait() {
  signals_.async_wait([this](const boost::system::error_code& ec, int) {
    if (ec)
      return;
    for (auto& f : actions_)
      f();
    wait();
  });
}

} // namespace flamigo::detail
