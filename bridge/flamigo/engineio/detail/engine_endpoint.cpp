#include "flamigo/engineio/detail/engine_endpoint.hpp"

#include <algorithm>
#include <utility>

#include <boost/beast/websocket/rfc6455.hpp>

#include "flamigo/engineio/detail/engine_query.hpp"
#include "flamigo/engineio/detail/engine_service.hpp"
#include "flamigo/engineio/detail/engine_session.hpp"
#include "flamigo/engineio/detail/held_poll.hpp"
#include "flamigo/http/detail/cross_origin.hpp"
#include "flamigo/http/detail/origin_check.hpp"
#include "flamigo/http/detail/random_id.hpp"
#include "flamigo/http/detail/request_claims.hpp"
#include "flamigo/http/detail/traceparent.hpp"
#include "flamigo/websocket/detail/upgrade.hpp"
#include "flamigo/websocket/detail/upgrade_token.hpp"

namespace flamigo::detail {

namespace http = beast::http;

namespace {

/// What is wrong with a request of its own accord.
std::optional<engine_error>
error_of(const parsed_request& req, const engine_query& query,
         const session_registry<engine_session>& sessions) {
  if (!query.is_polling() && !query.is_websocket())
    return engine_error::unknown_transport;
  auto lacks_upgrade = query.is_websocket()
                       && !beast::websocket::is_upgrade(req);
  if (!query.sid.empty()) {
    if (!sessions.find(query.sid))
      return engine_error::unknown_session;
    if (lacks_upgrade
        || (req.method() != http::verb::get
            && req.method() != http::verb::post))
      return engine_error::bad_request;
    return std::nullopt;
  }
  if (req.method() != http::verb::get)
    return engine_error::bad_handshake_method;
  if (lacks_upgrade)
    return engine_error::bad_request;
  if (query.version != "4")
    return engine_error::unsupported_version;
  return std::nullopt;
}

} // namespace

engine_endpoint::engine_endpoint(server_core& core, engine_options options,
                                 engine_service& service)
  : core_{core, std::move(options), service} {
  core.endpoints.emplace_back(core_.options.path, this);
  core.max_body_bytes = std::max(core.max_body_bytes,
                                 core.options.max_message_bytes);
}

std::optional<http_reply>
engine_endpoint::refusal_of(const parsed_request& req,
                            const request_peer& peer) const {
  auto& options = core_.server.options;
  if (check_origin(req, peer, options))
    return to_reply(req, response_of(engine_error::forbidden));
  if (req.method() == http::verb::options)
    return to_reply(req, preflight(req));
  auto query = query_of(req);
  if (auto flaw = error_of(req, query, core_.sessions)) {
    auto response = response_of(*flaw);
    response.headers = cross_origin_headers(req);
    return to_reply(req, std::move(response));
  }
  if (query.sid.empty()) {
    if (core_.server.draining)
      return shutting_down(req);
    if (core_.server.open >= options.max_connections)
      return too_many_connections();
  }
  if (query.is_websocket())
    return check_upgrade(req, peer, options);
  if (req.body().size() > options.max_message_bytes)
    return bad_request(http::error::body_limit);
  return std::nullopt;
}

bool engine_endpoint::takes_over(const parsed_request& req) const {
  return query_of(req).is_websocket();
}

void engine_endpoint::take_over(io_thread& thread, stream_socket socket,
                                const parsed_request& req,
                                const request_peer& peer,
                                std::string_view early) {
  auto query = query_of(req);
  if (query.sid.empty())
    return make_session(thread, req, peer)
      ->begin(std::move(socket), req, early);
  auto session = core_.sessions.find(query.sid);
  if (!session || &session->thread() == &thread) {
    // It may just have ended.
    if (session)
      session->adopt(std::move(socket), req, early);
    else
      thread.sockets().release(socket.native_handle());
    return;
  }
  // From here on the frames come where the session is: a socket that stayed
  // would cost each of them the way from thread to thread and back.
  thread.sockets().release(socket.native_handle());
  session->run([socket = std::move(socket), req, early = std::string{early},
                ticket = std::make_unique<open_ticket>(core_.server)](
                 engine_session& self) mutable {
    self.adopt(std::move(socket), req, early);
  });
}

std::shared_ptr<held_request>
engine_endpoint::hold(io_thread& thread, held_request::owner& waiting,
                      parsed_request& req, const request_peer& peer) {
  auto query = query_of(req);
  auto begins = query.sid.empty();
  address_ticket counted;
  if (begins)
    counted = core_.server.addresses.enter(peer.client);
  auto crowded = begins && !counted && core_.server.addresses.is_bounded();
  auto session = crowded  ? nullptr
                 : begins ? make_session(thread, req, peer)
                          : core_.sessions.find(query.sid);
  auto headers = cross_origin_headers(req);
  if (session && begins && !core_.options.cookie.empty())
    headers.emplace_back("Set-Cookie", core_.options.cookie + "="
                                         + session->id()
                                         + "; Path=/; HttpOnly; SameSite=Lax");
  auto is_post = req.method() == http::verb::post;
  auto result = std::make_shared<held_poll>(waiting, thread,
                                            std::string{req.method_string()}
                                              + " " + core_.options.path,
                                            session, std::move(headers));
  if (crowded) {
    auto refusal = crowded_address();
    for (auto& header : cross_origin_headers(req))
      refusal.headers.push_back(std::move(header));
    result->answer(std::move(refusal));
  } else if (!session) {
    // It has just ended.
    result->refuse(engine_error::unknown_session);
  } else if (begins) {
    session->begin(result, std::move(counted));
  } else if (is_post) {
    session->run([result, body = std::move(req.body())](engine_session& self) {
      self.post(*result, body);
    });
  } else {
    session->run([result](engine_session& self) { self.poll(result); });
  }
  return result;
}

std::shared_ptr<engine_session>
engine_endpoint::make_session(io_thread& thread, const parsed_request& req,
                              const request_peer& peer) {
  auto who = request_claims(req, core_.server, peer);
  who.type = claims_type::websocket;
  return std::make_shared<engine_session>(
    core_, thread, random_id(), std::move(who),
    token_of(req, core_.service.token_cookie()),
    std::string{traceparent_of(req)});
}

} // namespace flamigo::detail
