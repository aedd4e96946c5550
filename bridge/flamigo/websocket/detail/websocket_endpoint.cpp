#include "flamigo/websocket/detail/websocket_endpoint.hpp"

#include <memory>
#include <utility>

#include "flamigo/websocket/detail/connection.hpp"
#include "flamigo/websocket/detail/upgrade.hpp"

namespace flamigo::detail {

websocket_endpoint::websocket_endpoint(server_core& core,
                                       const client_environment& env)
  : core_(core), env_(env) {
  if (core.options.websocket)
    core.endpoints.emplace_back(core.options.path, this);
}

std::optional<http_reply>
websocket_endpoint::refusal_of(const parsed_request& req,
                               const request_peer& peer) const {
  if (core_.draining)
    return shutting_down(req);
  return check_upgrade(req, peer, core_.options);
}

void websocket_endpoint::take_over(io_thread& thread, stream_socket socket,
                                   const parsed_request& req,
                                   const request_peer& peer,
                                   std::string_view early) {
  auto next = std::make_shared<connection>(core_, thread, std::move(socket));
  next->start(env_, req, claims_of(req, core_, peer), early);
}

} // namespace flamigo::detail
