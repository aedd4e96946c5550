#pragma once

#include "flamigo/engineio/detail/engine_core.hpp"
#include "flamigo/http/detail/endpoint.hpp"

namespace flamigo::detail {

/// Where sessions of Engine.IO 4 begin, and their requests come. The core and
/// the service must outlive it.
class engine_endpoint final : public endpoint {
public:
  /// Mounts itself on the path that the options say.
  engine_endpoint(server_core& core, engine_options options,
                  engine_service& service);

  engine_endpoint(const engine_endpoint&) = delete;

  engine_endpoint& operator=(const engine_endpoint&) = delete;

  /// Sessions that there are. From any thread.
  std::size_t sessions() const {
    return core_.sessions.size();
  }

  std::optional<http_reply> refusal_of(const parsed_request& req,
                                       const request_peer& peer) const override;

  bool takes_over(const parsed_request& req) const override;

  void take_over(io_thread& thread, stream_socket socket,
                 const parsed_request& req, const request_peer& peer,
                 std::string_view early) override;

  std::shared_ptr<held_request>
  hold(io_thread& thread, held_request::owner& waiting, parsed_request& req,
       const request_peer& peer) override;

private:
  std::shared_ptr<engine_session> make_session(io_thread& thread,
                                               const parsed_request& req,
                                               const request_peer& peer);

  engine_core core_;
};

} // namespace flamigo::detail
