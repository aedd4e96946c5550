#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "flamigo/client/client_feed.hpp"
#include "flamigo/client/transport.hpp"
#include "flamigo/http/detail/held_request.hpp"
#include "flamigo/http/detail/parsed_request.hpp"
#include "flamigo/http/detail/request_peer.hpp"
#include "flamigo/io/detail/io_thread.hpp"
#include "flamigo/sse/detail/restored_channels.hpp"
#include "flamigo/sse/detail/sse_core.hpp"

namespace flamigo::detail {

class sse_post;

/// A client of server-sent events (WHATWG HTML, 9.2): the GET that is held, by
/// whose response goes what the connection actor says. What the client says
/// comes by POST, perhaps on other threads, from which it is handed over.
///
/// For the thread of the GET, except for `id` and `run`. It lives as long as
/// its HTTP session holds it, or the actor.
class sse_client final : public held_request, public transport {
public:
  /// `id` is a secret, which only its client knows.
  sse_client(owner& waiting, io_thread& thread, sse_core& core, std::string id);

  ~sse_client() override;

  const std::string& id() const noexcept {
    return id_;
  }

  /// Begins the stream and spawns the connection actor, which subscribes to the
  /// channels that the client had before as soon as that is let in.
  void start(const parsed_request& req, const request_peer& peer);

  /// Calls a function with this on its thread: at once if that is this one,
  /// else in its next turn.
  template <class F>
  void run(F f) {
    if (thread().is_here())
      f(*this);
    else
      later(std::move(f));
  }

  /// A frame of the client, valid UTF-8.
  void receive(sse_post& from, std::string_view frame);

  // -- held_request -----------------------------------------------------------

  void relieved() override;

  void waits(std::size_t bytes) noexcept override;

  void tick(resident::time_point now) override;

  void drain() override;

  // -- transport --------------------------------------------------------------

  void opened() override;

  bool refused(const caf::error& why) override;

  void send(std::string_view frame) override;

  void hurry() override;

  bool has_room(std::size_t bytes) override;

  void close(const close_reason& why) override;

private:
  void abandoned() override;

  template <class F>
  void later(F f) {
    auto self = std::static_pointer_cast<sse_client>(shared_from_this());
    thread().call_later(
      [self = std::move(self), f = std::move(f)]() mutable { f(*self); });
  }

  /// Subscribes it to the channels that it had before.
  void restore();

  /// A line that says how far the client is, if that has changed.
  void append_id(std::string& out);

  void write_frame(std::string_view frame);

  void write(std::string_view lines);

  void ended(const close_reason& why);

  sse_core& core_;
  const std::string id_;
  client_feed feed_;
  restored_channels restoring_;
  /// That of the last event.
  std::string event_id_;
  resident::time_point written_;
  /// Whether nobody knows who it is.
  bool guest_ = true;
  bool closed_ = false;
};

} // namespace flamigo::detail
