#pragma once

#include <memory>
#include <string>

#include "flamigo/http/detail/request_peer.hpp"
#include "flamigo/http/detail/server_core.hpp"
#include "flamigo/io/detail/io_thread.hpp"
#include "flamigo/io/detail/socket_poller.hpp"
#include "flamigo/io/detail/stream_socket.hpp"
#include "flamigo/tls/detail/tls_layer.hpp"

namespace flamigo::detail {

class handshake_queue;

/// A socket whose TLS handshake is under way. For its thread.
class handshake final : public socket_poller::watcher {
public:
  /// Throws std::bad_alloc. All references must outlive it.
  handshake(server_core& core, io_thread& thread, handshake_queue& queue,
            const tls_context& context, stream_socket socket,
            request_peer peer);

  handshake(const handshake&) = delete;

  handshake& operator=(const handshake&) = delete;

  ~handshake();

  /// Begins to wait for the client.
  void start(error_code& ec);

  /// Goes on as far as it can.
  tls_layer::stage go_on();

  /// Who the client is, as far as it is known by now.
  request_peer peer() const;

  /// Whether the client has gone on with what it agreed upon before.
  bool is_resumed() const noexcept {
    return layer_->is_resumed();
  }

  /// Tells a client that speaks plain HTTP what is wrong.
  void refuse() noexcept;

  /// Why it has failed, for people.
  const std::string& reason() const noexcept {
    return layer_->reason();
  }

  /// The socket, which is not watched any more.
  stream_socket take();

  void on_ready(bool readable, bool writable) override;

  /// When it must be done.
  resident::time_point deadline;

  /// Whether it waits for its turn.
  bool is_queued = false;

private:
  open_ticket ticket_;
  io_thread& thread_;
  handshake_queue& queue_;
  stream_socket socket_;
  request_peer peer_;
  std::unique_ptr<tls_layer> layer_;
  bool writing_ = false;
};

} // namespace flamigo::detail
