#pragma once

#include "flamigo/http/detail/endpoint.hpp"
#include "flamigo/sse/detail/sse_core.hpp"

namespace flamigo::detail {

/// Where streams of server-sent events begin, and what their clients say comes.
/// The core and the environment must outlive it.
class sse_endpoint final : public endpoint {
public:
  /// Mounts itself on the path that the options say.
  sse_endpoint(server_core& core, const client_environment& env,
               sse_options options);

  sse_endpoint(const sse_endpoint&) = delete;

  sse_endpoint& operator=(const sse_endpoint&) = delete;

  /// Streams that there are. From any thread.
  std::size_t sessions() const {
    return core_.sessions.size();
  }

  std::optional<http_reply> refusal_of(const parsed_request& req,
                                       const request_peer& peer) const override;

  bool takes_over(const parsed_request& req) const override;

  std::shared_ptr<held_request>
  hold(io_thread& thread, held_request::owner& waiting, parsed_request& req,
       const request_peer& peer) override;

private:
  std::optional<http_reply> flaw_of(const parsed_request& req) const;

  sse_core core_;
};

} // namespace flamigo::detail
