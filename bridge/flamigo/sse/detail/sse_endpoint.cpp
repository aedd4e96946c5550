#include "flamigo/sse/detail/sse_endpoint.hpp"

#include <algorithm>
#include <utility>

#include "flamigo/error/error.hpp"
#include "flamigo/http/detail/cross_origin.hpp"
#include "flamigo/http/detail/origin_check.hpp"
#include "flamigo/http/detail/random_id.hpp"
#include "flamigo/http/detail/request_target.hpp"
#include "flamigo/io/detail/utf8.hpp"
#include "flamigo/sse/detail/event_id.hpp"
#include "flamigo/sse/detail/sse_client.hpp"
#include "flamigo/sse/detail/sse_post.hpp"

namespace flamigo::detail {

namespace http = beast::http;

namespace {

std::string_view session_of(const parsed_request& req) {
  return parameter_of(parse_target(req.target()).query, "session");
}

} // namespace

sse_endpoint::sse_endpoint(server_core& core, const client_environment& env,
                           sse_options options)
  : core_{core, env, std::move(options)} {
  core.endpoints.emplace_back(core_.options.path, this);
  core.max_body_bytes = std::max(core.max_body_bytes,
                                 core.options.max_message_bytes);
}

std::optional<http_reply>
sse_endpoint::refusal_of(const parsed_request& req,
                         const request_peer& peer) const {
  if (auto refusal = check_origin(req, peer, core_.server.options))
    return refusal;
  if (req.method() == http::verb::options)
    return to_reply(req, preflight(req));
  auto result = flaw_of(req);
  // What is wrong can be read by the page, too.
  if (result)
    for (auto& [name, value] : cross_origin_headers(req))
      result->set(name, value);
  return result;
}

std::optional<http_reply>
sse_endpoint::flaw_of(const parsed_request& req) const {
  if (req.method() == http::verb::get) {
    // An EventSource comes again whatever it was told, but for this.
    if (req["Last-Event-ID"] == final_event_id)
      return to_reply(req, {.status = 204, .content_type = {}});
    return std::nullopt;
  }
  if (req.method() != http::verb::post) {
    auto result = make_reply(req, http::status::method_not_allowed,
                             "this path takes GET and POST");
    result.set(http::field::allow, "GET, POST, OPTIONS");
    return result;
  }
  if (req.body().size() > core_.server.options.max_message_bytes)
    return bad_request(http::error::body_limit);
  if (!is_utf8(req.body()))
    return error_reply(req, make_error(errc::malformed, "this is not UTF-8"),
                       false);
  return std::nullopt;
}

bool sse_endpoint::takes_over(const parsed_request&) const {
  return false;
}

std::shared_ptr<held_request>
sse_endpoint::hold(io_thread& thread, held_request::owner& waiting,
                   parsed_request& req, const request_peer& peer) {
  if (req.method() == http::verb::get) {
    auto result = std::make_shared<sse_client>(waiting, thread, core_,
                                               random_id());
    result->start(req, peer);
    return result;
  }
  auto result = std::make_shared<sse_post>(
    waiting, thread, "POST " + core_.options.path, cross_origin_headers(req));
  if (auto client = core_.sessions.find(session_of(req)))
    client->run([result, body = std::move(req.body())](sse_client& self) {
      self.receive(*result, body);
    });
  else
    result->refuse(no_such_stream(core_.server.draining));
  return result;
}

} // namespace flamigo::detail
