#pragma once

#include <cstddef>

#include "flamigo/http/detail/pending_queue.hpp"
#include "flamigo/http/detail/proxy_preface.hpp"

namespace flamigo::detail {

/// The connections of proxies on one I/O thread that have not said yet whom
/// they pass on, the oldest first. Of one that has no more was read than that.
class preface_queue final : public pending_queue<proxy_preface> {
public:
  /// Those that are under way; one more ends the oldest.
  static constexpr std::size_t max_under_way = 1'024;

  preface_queue(server_core& core, io_thread& thread, done_hook done);

  /// Waits for the header of this proxy.
  void begin(stream_socket socket, request_peer proxy);

  /// Something of this one has come.
  void go_on(proxy_preface& which);

private:
  /// Complains of one that had no more time.
  void leaving(const proxy_preface& which, departure why) override;

  /// Says in the log, once a second at most, that somebody sends no header.
  void complain(const proxy_preface& which);

  time_point complained_;
};

} // namespace flamigo::detail
