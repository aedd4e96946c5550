#pragma once

#include <cstddef>
#include <functional>
#include <list>

#include "flamigo/http/detail/proxy_preface.hpp"
#include "flamigo/http/detail/request_peer.hpp"
#include "flamigo/http/detail/server_core.hpp"
#include "flamigo/io/detail/io_thread.hpp"
#include "flamigo/io/detail/stream_socket.hpp"

namespace flamigo::detail {

/// The connections of proxies on one I/O thread that have not said yet whom
/// they pass on, the oldest first. For that thread, except for making and
/// destroying it while the thread does not run.
class preface_queue final : public resident {
public:
  /// Called with a socket, of which no more than the header was read, and
  /// whoever is at the other end of it.
  using done_hook = std::function<void(stream_socket, request_peer)>;

  /// Those that are under way; one more ends the oldest.
  static constexpr std::size_t max_under_way = 1'024;

  preface_queue(server_core& core, io_thread& thread, done_hook done);

  ~preface_queue() override;

  /// Waits for the header of this proxy.
  void begin(stream_socket socket, request_peer proxy);

  /// Something of this one has come.
  void go_on(proxy_preface& which);

  void tick(time_point now) override;

  void drain() override;

  void cut() override;

private:
  void finish(proxy_preface& which);

  /// Says in the log, once a second at most, that somebody sends no header.
  void complain(const proxy_preface& which);

  void drop(const proxy_preface& which);

  server_core& core_;
  io_thread& thread_;
  done_hook done_;
  std::list<proxy_preface> under_way_;
  time_point complained_;
};

} // namespace flamigo::detail
