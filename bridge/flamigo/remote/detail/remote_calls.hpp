#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "flamigo/remote/detail/remote_frame.hpp"
#include "flamigo/remote/detail/remote_request.hpp"
#include "flamigo/remote/detail/remote_wire.hpp"
#include "flamigo/remote/remote_options.hpp"

namespace flamigo::detail {

/// The requests of a client, over all its connections. Each is answered once,
/// and sent twice only if it is idempotent.
class remote_calls {
public:
  remote_calls(const remote_options& options, remote_timers& clock,
               remote_wire& wire);

  /// For the channels, which come first and leave room for all else.
  remote_lane channels{16};

  /// For what the program asks.
  remote_lane others;

  /// Sends it when it can be. Returns what `drop` takes.
  std::uint64_t add(remote_request what, remote_lane& lane);

  /// Sends it at once, past whatever waits.
  void add_first(remote_request what);

  /// Sends what may be sent.
  void pump();

  /// Nobody waits for it any more, and nobody is told. The server is, where
  /// `tell` says so.
  void drop(std::uint64_t id, bool tell);

  /// As `drop`, but whoever waits is told why.
  void cancel(std::uint64_t id, caf::error why);

  /// Whether the server may know of it.
  bool is_sent(std::uint64_t id) const;

  /// An answer, or a part of one. Nobody waits for what comes late.
  void hear(const remote_frame& frame);

  /// The connection has ended: what was sent may have been done. What was too
  /// large is as long as `longest`, the longest that was sent.
  void lost(const remote_reason& why, std::size_t longest);

  /// There will be no other one.
  void close();

private:
  using pending_ptr = std::shared_ptr<remote_pending>;

  struct kept {
    std::uint64_t id;
    remote_pending& what;
  };

  /// Under an id of its own, until `end`. Without a lane it waits for no other.
  kept keep(remote_request what, remote_lane* lane);

  pending_ptr find(std::uint64_t id) const;

  std::string begin(std::uint64_t id, remote_pending& x);

  /// Takes it out, and leaves what it was.
  void end(std::uint64_t id, remote_pending& x);

  static void fail(const remote_pending& x, caf::error why);

  void requeue(std::uint64_t id, remote_pending& x, bool maybe);

  void wait(std::uint64_t id, remote_pending& x, caf::timespan time);

  void time_is_up(std::uint64_t id);

  const remote_options& options_;
  remote_timers& clock_;
  remote_wire& wire_;
  std::map<std::uint64_t, pending_ptr> all_;
  std::uint64_t last_ = 0;
};

} // namespace flamigo::detail
