#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "flamigo/http/detail/held_request.hpp"
#include "flamigo/http/detail/http_reply.hpp"
#include "flamigo/http/detail/parsed_request.hpp"
#include "flamigo/http/detail/request_peer.hpp"
#include "flamigo/io/detail/io_thread.hpp"
#include "flamigo/io/detail/stream_socket.hpp"

namespace flamigo::detail {

/// What has a path for itself. It refuses a request, or takes its socket over,
/// with which HTTP has nothing to do any more, or answers it later. Called on
/// several I/O threads at once; must outlive the server.
class endpoint {
public:
  /// The response that answers this request at once, or nothing when it is to
  /// be gone on with. It is for the endpoint to say what it refuses while the
  /// server drains.
  virtual std::optional<http_reply>
  refusal_of(const parsed_request& req, const request_peer& peer) const = 0;

  /// Whether it wants the socket of this request, or answers it. The socket by
  /// default.
  virtual bool takes_over(const parsed_request& req) const;

  /// Goes on with the socket, on its thread, in whose poller it is. `early` is
  /// what the client has sent behind its request. Where
  /// `takes_over` always says no, it is not called.
  virtual void take_over(io_thread& thread, stream_socket socket,
                         const parsed_request& req, const request_peer& peer,
                         std::string_view early);

  /// Begins to answer this request, for which `waiting` waits; it may have been
  /// answered when this returns. Whoever answers sees to it that it is answered
  /// in the end. Where `takes_over` always says yes, it is not called.
  virtual std::shared_ptr<held_request>
  hold(io_thread& thread, held_request::owner& waiting, parsed_request& req,
       const request_peer& peer);

protected:
  ~endpoint() = default;
};

} // namespace flamigo::detail
