#pragma once

#include <string>
#include <string_view>

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include "flamigo/http/detail/parsed_request.hpp"
#include "flamigo/http/http_routes.hpp"
#include "flamigo/io/detail/asio.hpp"

namespace flamigo::detail {

using http_reply = beast::http::response<beast::http::string_body>;

/// A plain text reply to a request.
http_reply make_reply(const parsed_request& req, beast::http::status status,
                      std::string text);

/// 503, before the request was even read.
http_reply too_many_connections();

/// What answers a request that could not be read: 431, 413 or 400.
http_reply bad_request(error_code why);

/// Runs the mounted handler: its response, or 404, 405 or 500.
http_reply serve_route(const parsed_request& req, const http_routes& routes,
                       std::string remote_address);

/// The bytes of a response before its body; says whether the connection stays
/// open.
std::string head_of(http_reply& what, bool keep_alive);

} // namespace flamigo::detail
