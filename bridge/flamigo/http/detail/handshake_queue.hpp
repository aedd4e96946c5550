#pragma once

#include <deque>
#include <functional>
#include <list>

#include "flamigo/http/detail/handshake.hpp"
#include "flamigo/http/detail/server_core.hpp"
#include "flamigo/io/detail/io_thread.hpp"
#include "flamigo/tls/detail/tls_source.hpp"

namespace flamigo::detail {

/// The TLS handshakes that are under way on one I/O thread, the oldest first.
///
/// A signature holds up the thread for a quarter of a millisecond or more, so
/// they go on one by one, each in a turn of its own: between them the
/// connections have theirs. For that thread, except for making and destroying
/// it while the thread does not run.
class handshake_queue final : public resident {
public:
  /// Called with the socket of a handshake that is done, of which something may
  /// have been read, and its client.
  using done_hook = std::function<void(stream_socket, request_peer)>;

  handshake_queue(server_core& core, io_thread& thread,
                  const tls_source& source, done_hook done);

  ~handshake_queue() override;

  /// Begins one. One that is too many ends the oldest: whoever means it is done
  /// after a few round trips.
  void begin(stream_socket socket, request_peer peer);

  /// Lets this one go on when its turn has come.
  void want_turn(handshake& which);

  void tick(time_point now) override;

  void drain() override;

  void cut() override;

private:
  void step_soon();

  /// Lets the next one go on.
  void step();

  void finish(handshake& which);

  void drop(const handshake& which);

  server_core& core_;
  io_thread& thread_;
  const tls_source& source_;
  done_hook done_;
  std::list<handshake> under_way_;
  std::deque<handshake*> ready_;
  bool step_requested_ = false;
};

} // namespace flamigo::detail
