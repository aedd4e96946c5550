#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

namespace flamigo::detail {

/// Opens the log's file again on each SIGHUP, while it lives and the context
/// runs. Without a file the signal keeps its meaning: most often it ends the
/// process, whose terminal is gone.
class log_rotation {
public:
  explicit log_rotation(boost::asio::io_context& context);

  log_rotation(const log_rotation&) = delete;

  log_rotation& operator=(const log_rotation&) = delete;

private:
  void wait();

  boost::asio::signal_set signals_;
};

} // namespace flamigo::detail
