#include "flamigo/http/detail/handshake.hpp"

#include <string_view>
#include <utility>

#include "flamigo/http/detail/handshake_queue.hpp"
#include "flamigo/io/detail/socket_calls.hpp"

namespace flamigo::detail {

handshake::handshake(server_core& core, io_thread& thread,
                     handshake_queue& queue, const tls_context& context,
                     stream_socket socket, request_peer peer)
  : deadline(thread.look_at_clock() + core.options.handshake_timeout),
    ticket_(core), thread_(thread), queue_(queue), socket_(std::move(socket)),
    peer_(std::move(peer)), layer_(std::make_unique<tls_layer>(context)) {
}

handshake::~handshake() {
  thread_.sockets().remove(socket_.native_handle(), *this);
}

void handshake::start(error_code& ec) {
  thread_.sockets().add(socket_.native_handle(), *this, ec);
}

tls_layer::stage handshake::go_on() {
  auto result = layer_->shake_hands(socket_.native_handle());
  if (writing_ != layer_->has_unsent()) {
    writing_ = !writing_;
    thread_.sockets().watch(socket_.native_handle(), *this, !writing_,
                            writing_);
  }
  return result;
}

request_peer handshake::peer() const {
  auto result = peer_;
  result.secure = true;
  result.certificate = layer_->peer_certificate();
  return result;
}

void handshake::refuse() noexcept {
  constexpr std::string_view answer
    = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n"
      "Content-Type: text/plain; charset=utf-8\r\nContent-Length: 45\r\n\r\n"
      "this port speaks TLS: use https:// or wss://\n";
  error_code ignored;
  if (layer_->is_plain_http())
    send_some(socket_.native_handle(), answer, false, ignored);
}

stream_socket handshake::take() {
  thread_.sockets().remove(socket_.native_handle(), *this);
  socket_.put_on(std::move(layer_));
  return std::move(socket_);
}

void handshake::on_ready(bool, bool) {
  queue_.want_turn(*this);
}

} // namespace flamigo::detail
