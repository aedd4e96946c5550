#include "flamigo/application/detail/certificate_watch.hpp"

#include <chrono>

namespace flamigo::detail {

namespace {

constexpr std::chrono::seconds interval{5};

} // namespace

certificate_watch::certificate_watch(io_thread& thread, tls_source& source)
  : source_(source), timer_(thread.context()) {
  wait();
}

void certificate_watch::wait() {
  timer_.expires_after(interval);
  timer_.async_wait([this](error_code ec) {
    if (ec)
      return;
    source_.look();
    wait();
  });
}

} // namespace flamigo::detail
