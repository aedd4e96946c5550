#include "flamigo/http/detail/handshake.hpp"

#include <string_view>
#include <utility>

#include <unistd.h>

#include "flamigo/http/detail/handshake_queue.hpp"
#include "flamigo/io/detail/socket_calls.hpp"

namespace flamigo::detail {

handshake::handshake(server_core& core, io_thread& thread,
                     handshake_queue& queue, const tls_context& context, int fd,
                     std::string address)
  : deadline(thread.look_at_clock() + core.options.handshake_timeout),
    ticket_(core), thread_(thread), queue_(queue), fd_(fd),
    address_(std::move(address)), layer_(std::make_unique<tls_layer>(context)) {
}

handshake::~handshake() {
  thread_.sockets().forget(*this);
  if (fd_ >= 0)
    ::close(fd_);
}

void handshake::start(error_code& ec) {
  thread_.sockets().add(fd_, *this, ec);
}

tls_layer::stage handshake::go_on() {
  auto result = layer_->shake_hands(fd_);
  if (writing_ != layer_->has_unsent()) {
    writing_ = !writing_;
    thread_.sockets().watch(fd_, *this, !writing_, writing_);
  }
  return result;
}

request_peer handshake::peer() const {
  return {address_, true, layer_->peer_certificate()};
}

void handshake::refuse() noexcept {
  constexpr std::string_view answer
    = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n"
      "Content-Type: text/plain; charset=utf-8\r\nContent-Length: 45\r\n\r\n"
      "this port speaks TLS: use https:// or wss://\n";
  error_code ignored;
  if (layer_->is_plain_http())
    send_some(fd_, answer, false, ignored);
}

stream_socket handshake::take() {
  thread_.sockets().remove(fd_, *this);
  return stream_socket{std::exchange(fd_, -1), std::move(layer_)};
}

void handshake::on_ready(bool, bool) {
  queue_.want_turn(*this);
}

} // namespace flamigo::detail
