#pragma once

#include "flamigo/http/detail/proxy_header.hpp"
#include "flamigo/http/detail/request_peer.hpp"
#include "flamigo/http/detail/server_core.hpp"
#include "flamigo/io/detail/io_thread.hpp"
#include "flamigo/io/detail/socket_poller.hpp"
#include "flamigo/io/detail/stream_socket.hpp"

namespace flamigo::detail {

class preface_queue;

/// A proxy's socket whose header of the PROXY protocol is on its way. For its
/// thread.
class proxy_preface final : public socket_poller::watcher {
public:
  /// All references must outlive it.
  proxy_preface(server_core& core, io_thread& thread, preface_queue& queue,
                stream_socket socket, request_peer proxy);

  proxy_preface(const proxy_preface&) = delete;

  proxy_preface& operator=(const proxy_preface&) = delete;

  ~proxy_preface();

  /// Begins to wait for it.
  void start(error_code& ec);

  /// Reads what is there of it, and nothing of what is behind.
  proxy_header::state go_on();

  /// Whether nothing has come: a proxy that only looks whether we are there.
  bool is_untouched() const noexcept {
    return !touched_;
  }

  /// The proxy, or whom it has named.
  request_peer peer() const;

  /// The socket, which is not watched any more.
  stream_socket take();

  void on_ready(bool readable, bool writable) override;

  /// When it must be whole.
  resident::time_point deadline;

private:
  server_core& core_;
  open_ticket ticket_;
  io_thread& thread_;
  preface_queue& queue_;
  stream_socket socket_;
  request_peer proxy_;
  proxy_header header_;
  bool touched_ = false;
};

} // namespace flamigo::detail
