#include "flamigo/http/detail/handshake_queue.hpp"

#include <new>
#include <utility>

#include "flamigo/io/detail/socket_meter.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo::detail {

handshake_queue::handshake_queue(server_core& core, io_thread& thread,
                                 const tls_source& source, done_hook done)
  : pending_queue(core, thread, core.options.tls.max_handshakes,
                  std::move(done)),
    source_(source) {
}

void handshake_queue::begin(stream_socket socket, request_peer peer) {
  try {
    add(core_, thread_, *this, *source_.current(), std::move(socket),
        std::move(peer));
  } catch (const std::bad_alloc&) {
    // There is no room for one more, and the socket has been closed.
    return;
  }
}

void handshake_queue::want_turn(handshake& which) {
  if (std::exchange(which.is_queued, true))
    return;
  ready_.push_back(&which);
  step_soon();
}

void handshake_queue::step_soon() {
  if (std::exchange(step_requested_, true))
    return;
  thread_.call_later([this] {
    step_requested_ = false;
    step();
    if (!ready_.empty())
      step_soon();
  });
}

void handshake_queue::step() {
  if (ready_.empty())
    return;
  auto& next = *ready_.front();
  ready_.pop_front();
  next.is_queued = false;
  switch (next.go_on()) {
    case tls_layer::stage::under_way:
      break;
    case tls_layer::stage::done:
      socket_meter{thread_}.shook_hands(next.is_resumed() ? tls_outcome::resumed
                                                          : tls_outcome::full);
      finish(next);
      break;
    case tls_layer::stage::failed:
      if (log::enabled(log::level::debug))
        log::debug("the TLS handshake with " + next.peer().address
                   + " has failed: " + next.reason());
      next.refuse();
      drop(next, departure::failed);
  }
}

void handshake_queue::leaving(const handshake& which, departure why) {
  std::erase(ready_, &which);
  socket_meter meter{thread_};
  if (why == departure::failed)
    meter.shook_hands(tls_outcome::failed);
  else if (why == departure::expired)
    meter.shook_hands(tls_outcome::expired);
  else if (why == departure::displaced)
    meter.shook_hands(tls_outcome::displaced);
}

} // namespace flamigo::detail
