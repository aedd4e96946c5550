#pragma once

#include <boost/asio/steady_timer.hpp>

#include "flamigo/io/detail/io_thread.hpp"
#include "flamigo/tls/detail/tls_source.hpp"

namespace flamigo::detail {

/// Looks every few seconds whether the certificates have changed: on a thread
/// that serves, where a look takes microseconds and reading them a few
/// milliseconds. For that thread, or while it does not run.
class certificate_watch {
public:
  certificate_watch(io_thread& thread, tls_source& source);

private:
  void wait();

  tls_source& source_;
  net::steady_timer timer_;
};

} // namespace flamigo::detail
