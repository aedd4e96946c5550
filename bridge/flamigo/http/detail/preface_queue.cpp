#include "flamigo/http/detail/preface_queue.hpp"

#include <chrono>
#include <utility>

#include "flamigo/log/log.hpp"

namespace flamigo::detail {

preface_queue::preface_queue(server_core& core, io_thread& thread,
                             done_hook done)
  : pending_queue(core, thread, max_under_way, std::move(done)) {
}

void preface_queue::begin(stream_socket socket, request_peer proxy) {
  add(core_, thread_, *this, std::move(socket), std::move(proxy));
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
      drop(which, departure::failed);
  }
}

void preface_queue::leaving(const proxy_preface& which, departure why) {
  // One that goes ends them sooner, which is no fault of theirs.
  if (why == departure::expired && !core_.draining)
    complain(which);
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

} // namespace flamigo::detail
