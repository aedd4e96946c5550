#pragma once

#include "flamigo/client/client_environment.hpp"
#include "flamigo/http/detail/endpoint.hpp"
#include "flamigo/http/detail/server_core.hpp"

namespace flamigo::detail {

/// Where WebSockets begin: whoever asks for its path becomes a `connection`, if
/// the request is an upgrade that is allowed. Both arguments must outlive it.
class websocket_endpoint final : public endpoint {
public:
  /// Mounts itself on the path that the options say.
  websocket_endpoint(server_core& core, const client_environment& env);

  websocket_endpoint(const websocket_endpoint&) = delete;

  websocket_endpoint& operator=(const websocket_endpoint&) = delete;

  std::optional<http_reply> refusal_of(const parsed_request& req,
                                       const request_peer& peer) const override;

  void take_over(io_thread& thread, stream_socket socket,
                 const parsed_request& req, const request_peer& peer,
                 std::string_view early) override;

private:
  server_core& core_;
  const client_environment& env_;
};

} // namespace flamigo::detail
