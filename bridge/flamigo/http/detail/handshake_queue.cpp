#include "flamigo/http/detail/handshake_queue.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include "flamigo/log/log.hpp"

namespace flamigo::detail {

handshake_queue::handshake_queue(server_core& core, io_thread& thread,
                                 const tls_source& source, done_hook done)
  : core_(core), thread_(thread), source_(source), done_(std::move(done)) {
  thread_.add(*this);
}

handshake_queue::~handshake_queue() {
  thread_.remove(*this);
}

void handshake_queue::begin(stream_socket socket, request_peer peer) {
  if (under_way_.size() >= core_.options.tls.max_handshakes)
    drop(under_way_.front());
  try {
    under_way_.emplace_back(core_, thread_, *this, *source_.current(),
                            std::move(socket), std::move(peer));
  } catch (const std::bad_alloc&) {
    return;
  }
  error_code ec;
  under_way_.back().start(ec);
  if (ec)
    drop(under_way_.back());
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
      finish(next);
      break;
    case tls_layer::stage::failed:
      if (log::enabled(log::level::debug))
        log::debug("the TLS handshake with " + next.peer().address
                   + " has failed: " + next.reason());
      next.refuse();
      drop(next);
  }
}

void handshake_queue::finish(handshake& which) {
  auto peer = which.peer();
  auto socket = which.take();
  // First, since both count as open.
  drop(which);
  done_(std::move(socket), std::move(peer));
}

void handshake_queue::drop(const handshake& which) {
  std::erase(ready_, &which);
  under_way_.remove_if([&](auto& x) { return &x == &which; });
}

void handshake_queue::tick(time_point now) {
  // As at the front of a queue, all have the same time.
  while (!under_way_.empty() && under_way_.front().deadline <= now)
    drop(under_way_.front());
}

void handshake_queue::drain() {
  auto last = thread_.look_at_clock() + core_.options.drain_timeout / 4;
  for (auto& x : under_way_)
    x.deadline = std::min(x.deadline, last);
}

void handshake_queue::cut() {
  ready_.clear();
  under_way_.clear();
}

} // namespace flamigo::detail
