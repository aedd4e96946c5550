#pragma once

#include <deque>

#include "flamigo/http/detail/handshake.hpp"
#include "flamigo/http/detail/pending_queue.hpp"
#include "flamigo/tls/detail/tls_source.hpp"

namespace flamigo::detail {

/// The TLS handshakes that are under way on one I/O thread, the oldest first.
/// Of one that is done something may have been read already.
///
/// A signature holds up the thread for a quarter of a millisecond or more, so
/// they go on one by one, each in a turn of its own: between them the
/// connections have theirs.
class handshake_queue final : public pending_queue<handshake> {
public:
  handshake_queue(server_core& core, io_thread& thread,
                  const tls_source& source, done_hook done);

  /// Begins one. One that is too many ends the oldest: whoever means it is done
  /// after a few round trips.
  void begin(stream_socket socket, request_peer peer);

  /// Lets this one go on when its turn has come.
  void want_turn(handshake& which);

private:
  void step_soon();

  /// Lets the next one go on.
  void step();

  void leaving(const handshake& which, departure why) override;

  const tls_source& source_;
  std::deque<handshake*> ready_;
  bool step_requested_ = false;
};

} // namespace flamigo::detail
