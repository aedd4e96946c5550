#pragma once

#include <functional>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

namespace flamigo::detail {

/// Does something on each SIGHUP, while it lives and the context runs. With
/// nothing to do the signal keeps its meaning: most often it ends the process,
/// whose terminal is gone.
class hangup_signal {
public:
  using action = std::function<void()>;

  hangup_signal(boost::asio::io_context& context, std::vector<action> actions);

  hangup_signal(const hangup_signal&) = delete;

  hangup_signal& operator=(const hangup_signal&) = delete;

private:
  void wait();

  boost::asio::signal_set signals_;
  std::vector<action> actions_;
};

} // namespace flamigo::detail
