#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "flamigo/http/detail/http_reply.hpp"
#include "flamigo/http/detail/parsed_request.hpp"
#include "flamigo/io/detail/io_thread.hpp"
#include "flamigo/io/detail/stream_socket.hpp"

namespace flamigo::detail {

/// What takes a socket over whose client asks for its path: HTTP has nothing to
/// do with that socket any more. Called on several I/O threads at once; must
/// outlive the server.
class endpoint {
public:
  /// The response that refuses this request, or nothing when the socket may be
  /// taken over.
  virtual std::optional<http_reply>
  refusal_of(const parsed_request& req) const = 0;

  /// Goes on with the socket, on its thread, in whose poller it is. `peer` is
  /// the client's address, `early` what it has sent behind its request.
  virtual void take_over(io_thread& thread, stream_socket socket,
                         const parsed_request& req, std::string peer,
                         std::string_view early)
    = 0;

protected:
  ~endpoint() = default;
};

} // namespace flamigo::detail
