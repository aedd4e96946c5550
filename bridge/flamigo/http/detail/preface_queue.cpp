#include "flamigo/http/detail/preface_queue.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "flamigo/log/log.hpp"

namespace flamigo::detail {

preface_queue::preface_queue(server_core& core, io_thread& thread,
                             done_hook done)
  : core_(core), thread_(thread), done_(std::move(done)) {
  thread_.add(*this);
}

preface_queue::~preface_queue() {
  thread_.remove(*this);
}

void preface_queue::begin(stream_socket socket, request_peer proxy) {
  if (under_way_.size() >= max_under_way)
    drop(under_way_.front());
  under_way_.emplace_back(core_, thread_, *this, std::move(socket),
                          std::move(proxy));
  error_code ec;
  under_way_.back().start(ec);
  if (ec)
    drop(under_way_.back());
}

void preface_queue::go_on(proxy_preface& which) {
  switch (which.go_on()) {
    case proxy_header::state::wants_more:
      break;
    case proxy_header::state::whole:
      finish(which);
      break;
    case proxy_header::state::broken:
      if (!which.is_untouched())
        complain(which);
      drop(which);
  }
}

void preface_queue::finish(proxy_preface& which) {
  auto peer = which.peer();
  auto socket = which.take();
  // First, since both count as open.
  drop(which);
  done_(std::move(socket), std::move(peer));
}

void preface_queue::complain(const proxy_preface& which) {
  auto now = thread_.now();
  if (now - complained_ < std::chrono::seconds{1})
    return;
  complained_ = now;
  log::warn("the proxy at " + which.peer().address
            + " has sent no header of the PROXY protocol: it has to be told "
              "to, or proxy-protocol switched off");
}

void preface_queue::drop(const proxy_preface& which) {
  under_way_.remove_if([&](auto& x) { return &x == &which; });
}

void preface_queue::tick(time_point now) {
  // As at the front of a queue, all have the same time.
  while (!under_way_.empty() && under_way_.front().deadline <= now)
    drop(under_way_.front());
}

void preface_queue::drain() {
  auto last = thread_.look_at_clock() + core_.options.drain_timeout / 4;
  for (auto& x : under_way_)
    x.deadline = std::min(x.deadline, last);
}

void preface_queue::cut() {
  under_way_.clear();
}

} // namespace flamigo::detail
