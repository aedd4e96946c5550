#include "flamigo/http/detail/proxy_preface.hpp"

#include <utility>

#include "flamigo/http/detail/preface_queue.hpp"

namespace flamigo::detail {

proxy_preface::proxy_preface(server_core& core, io_thread& thread,
                             preface_queue& queue, stream_socket socket,
                             request_peer proxy)
  : deadline(thread.look_at_clock() + core.options.handshake_timeout),
    core_(core), ticket_(core), thread_(thread), queue_(queue),
    socket_(std::move(socket)), proxy_(std::move(proxy)) {
}

proxy_preface::~proxy_preface() {
  thread_.sockets().remove(socket_.native_handle(), *this);
}

void proxy_preface::start(error_code& ec) {
  thread_.sockets().add(socket_.native_handle(), *this, ec);
}

proxy_header::state proxy_preface::go_on() {
  using state = proxy_header::state;
  auto& buffer = thread_.receive_buffer();
  while (header_.where() == state::wants_more) {
    error_code ec;
    auto size = socket_.look_ahead(buffer, ec);
    if (ec == net::error::would_block)
      return state::wants_more;
    if (ec)
      return state::broken;
    touched_ = true;
    auto own = header_.take({buffer.data(), size});
    // What belongs to the header is taken as it comes, so that the socket is
    // not ready again before there is more of it.
    socket_.read_some({buffer.data(), own}, ec);
    if (ec)
      return state::broken;
  }
  return header_.where();
}

request_peer proxy_preface::peer() const {
  auto& source = header_.source();
  return source ? peer_at(*source, core_.trusted_proxies) : proxy_;
}

stream_socket proxy_preface::take() {
  thread_.sockets().remove(socket_.native_handle(), *this);
  return std::move(socket_);
}

void proxy_preface::on_ready(bool, bool) {
  queue_.go_on(*this);
}

} // namespace flamigo::detail
