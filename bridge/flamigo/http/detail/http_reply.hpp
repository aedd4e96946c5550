#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include "flamigo/http/detail/http_route.hpp"
#include "flamigo/http/detail/parsed_request.hpp"
#include "flamigo/http/detail/request_peer.hpp"
#include "flamigo/http/http_routes.hpp"
#include "flamigo/http/server_options.hpp"
#include "flamigo/io/detail/asio.hpp"

namespace flamigo::detail {

using http_reply = beast::http::response<beast::http::string_body>;

/// A plain text reply to a request.
http_reply make_reply(const parsed_request& req, beast::http::status status,
                      std::string text);

/// 503, before the request was even read.
http_reply too_many_connections();

/// 503, where more have connected within a second than may.
http_reply too_many_accepts();

/// 429, where an address has as many connections as it may have.
http_response crowded_address();

/// The same, before the request was even read.
http_reply too_many_of_address();

/// 503, since the server goes.
http_reply shutting_down(const parsed_request& req);

/// What answers a request that could not be read: 431, 413 or 400.
http_reply bad_request(error_code why);

/// The request as the handlers of this route see it, but for `who`. Fails where
/// the path or the query is wrongly encoded.
caf::expected<http_request> to_request(const parsed_request& req,
                                       const found_route& where,
                                       std::string remote_address);

/// What a handler has answered, or 500 where that cannot be sent.
http_reply to_reply(const parsed_request& req, http_response what);

/// The same of one whose body comes in pieces: chunked where the version has
/// that (RFC 9112, 7.1), else up to the end of the connection. Nothing where it
/// cannot be sent; `failure_reply` is the answer then.
/// With a length, the body has as many bytes.
std::optional<http_reply>
to_head(const parsed_request& req, http_response what,
        std::optional<std::uint64_t> length = std::nullopt);

/// 500, without a reason.
http_reply failure_reply(const parsed_request& req);

/// What clients read of an error, as JSON, with its status.
http_response error_response(const caf::error& why, bool expose_trace);

/// The same as a reply; with 401 it says how to prove who one is.
http_reply error_reply(const parsed_request& req, const caf::error& why,
                       bool expose_trace);

/// Runs a mounted handler: its response, or 500.
http_reply serve_route(const parsed_request& req, const http_handler& handler,
                       const http_request& in);

/// 405: the path takes these methods.
http_reply wrong_method(const parsed_request& req, const std::string& allowed);

/// Where nothing is mounted for this request: 404 or 405, or the answer to a
/// page that asks what it may send.
http_reply no_route(const parsed_request& req, const http_routes& routes,
                    const request_peer& peer, const server_options& options);

/// 415, where the route does not take such a body.
std::optional<http_reply> check_content_type(const parsed_request& req,
                                             const http_route_options& options);

/// The bytes of a response before its body; says whether the connection stays
/// open.
std::string head_of(http_reply& what, bool keep_alive);

} // namespace flamigo::detail
