#include "flamigo/http/detail/http_reply.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/write.hpp>

#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/http/detail/cross_origin.hpp"
#include "flamigo/http/detail/http_syntax.hpp"
#include "flamigo/http/detail/origin_check.hpp"
#include "flamigo/http/detail/request_target.hpp"
#include "flamigo/http/detail/response_check.hpp"
#include "flamigo/http/detail/route_parameters.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/wire/envelope.hpp"

namespace flamigo::detail {

namespace http = beast::http;

namespace {

http_reply text_reply(http::status status, std::string text) {
  http_reply res{status, 11};
  res.set(http::field::content_type, "text/plain; charset=utf-8");
  res.body() = std::move(text) + "\n";
  res.prepare_payload();
  return res;
}

/// What clients read where HTTP itself says no.
http_reply problem(http::status status, const char* code, std::string message) {
  auto what = error_response(
    public_error(std::move(message), static_cast<int>(status), code), false);
  http_reply res{status, 11};
  res.set(http::field::content_type, what.content_type);
  res.body() = std::move(what.body);
  res.prepare_payload();
  return res;
}

http_reply problem(const parsed_request& req, http::status status,
                   const char* code, std::string message) {
  auto res = problem(status, code, std::move(message));
  res.version(req.version());
  res.keep_alive(req.keep_alive());
  return res;
}

/// Without a body. Nothing where it cannot be sent, which is logged.
std::optional<http_reply> begin_reply(const parsed_request& req,
                                      const http_response& what,
                                      bool in_pieces) {
  if (auto flaw = flaw_of(what, in_pieces); !flaw.empty()) {
    log::error("the handler of " + std::string{parse_target(req.target()).path}
               + " answered with " + flaw);
    return std::nullopt;
  }
  http_reply res{http::int_to_status(what.status), req.version()};
  res.result(what.status);
  if (!what.content_type.empty())
    res.set(http::field::content_type, what.content_type);
  for (auto& [name, value] : what.headers)
    res.insert(name, value);
  res.keep_alive(req.keep_alive());
  return res;
}

} // namespace

std::string head_of(http_reply& what, bool keep_alive) {
  what.keep_alive(keep_alive);
  std::string result;
  http::response_serializer<http::string_body> bytes{what};
  bytes.split(true);
  error_code ec;
  while (!ec && !bytes.is_header_done())
    bytes.next(ec, [&](error_code&, const auto& buffers) {
      for (net::const_buffer part : beast::buffers_range_ref(buffers))
        result.append(static_cast<const char*>(part.data()), part.size());
      bytes.consume(beast::buffer_bytes(buffers));
    });
  return result;
}

http_reply make_reply(const parsed_request& req, http::status status,
                      std::string text) {
  auto res = text_reply(status, std::move(text));
  // For HTTP/1.0 it is an answer to stay open that has to be told.
  res.version(req.version());
  res.keep_alive(req.keep_alive());
  return res;
}

http_reply failure_reply(const parsed_request& req) {
  return make_reply(req, http::status::internal_server_error, "internal error");
}

namespace {

/// For whoever comes while there is no room; no request was read.
http_reply turned_away(http_response what) {
  auto res = to_reply({}, std::move(what));
  // Whose page it is was not read, and there is nothing to keep from it.
  res.set(http::field::access_control_allow_origin, "*");
  res.keep_alive(false);
  return res;
}

http_reply no_room(std::string message, std::chrono::seconds wait) {
  auto why = make_error(errc::unavailable, std::move(message));
  return turned_away(error_response(retry_after(std::move(why), wait), false));
}

} // namespace

http_reply too_many_connections() {
  return no_room("too many connections, try again later",
                 std::chrono::seconds{5});
}

http_reply too_many_accepts() {
  return no_room("too many new connections, try again later",
                 std::chrono::seconds{1});
}

http_response crowded_address() {
  auto why = make_error(errc::too_many_requests,
                        "too many connections from your address");
  return error_response(retry_after(std::move(why), std::chrono::seconds{5}),
                        false);
}

http_reply too_many_of_address() {
  return turned_away(crowded_address());
}

http_reply shutting_down(const parsed_request& req) {
  return make_reply(req, http::status::service_unavailable,
                    "the server is shutting down");
}

http_reply bad_request(error_code why) {
  auto res = why == http::error::header_limit
               ? problem(http::status::request_header_fields_too_large,
                         "headers_too_large",
                         "the request's headers are too large")
             : why == http::error::body_limit
               ? problem(http::status::payload_too_large, "payload_too_large",
                         "the request's body is too large")
               : problem(http::status::bad_request, "malformed",
                         "this is not HTTP: " + why.message());
  res.keep_alive(false);
  return res;
}

caf::expected<http_request> to_request(const parsed_request& req,
                                       const found_route& where,
                                       std::string remote_address) {
  http_request result;
  auto target = parse_target(req.target());
  result.method = std::string{req.method_string()};
  result.path = std::string{target.path};
  result.query = std::string{target.query};
  for (auto& field : req)
    result.headers.emplace_back(field.name_string(), field.value());
  if (auto err = decode_parameters(result, where))
    return err;
  result.body = req.body();
  result.remote_address = std::move(remote_address);
  return result;
}

http_reply to_reply(const parsed_request& req, http_response what) {
  auto made = begin_reply(req, what, false);
  if (!made)
    return failure_reply(req);
  auto& res = *made;
  res.body() = std::move(what.body);
  res.prepare_payload();
  // Not even a length of 0: 204 has none, and that of 304 is the one that 200
  // would have (RFC 9110, 8.6).
  if (res.result() == http::status::no_content
      || res.result() == http::status::not_modified)
    res.erase(http::field::content_length);
  return std::move(res);
}

std::optional<http_reply> to_head(const parsed_request& req, http_response what,
                                  std::optional<std::uint64_t> length) {
  auto res = begin_reply(req, what, true);
  if (res && length)
    res->content_length(*length);
  else if (res && req.version() >= 11)
    res->chunked(true);
  else if (res)
    res->keep_alive(false);
  return res;
}

http_response error_response(const caf::error& why, bool expose_trace) {
  http_response res{.content_type = "application/json"};
  res.status = static_cast<unsigned>(status_of(why));
  append_error_payload(res.body, why, expose_trace);
  if (auto time = retry_after_of(why); time.count() > 0)
    res.headers.emplace_back(
      "Retry-After",
      std::to_string(std::chrono::ceil<std::chrono::seconds>(time).count()));
  return res;
}

http_reply error_reply(const parsed_request& req, const caf::error& why,
                       bool expose_trace) {
  auto res = to_reply(req, error_response(why, expose_trace));
  if (res.result() == http::status::unauthorized)
    res.set(http::field::www_authenticate, "Bearer");
  return res;
}

http_reply serve_route(const parsed_request& req, const http_handler& handler,
                       const http_request& in) {
  return guarded([&] { return to_reply(req, handler(in)); },
                 [&](caf::error why) {
                   log::error("the handler of "
                              + std::string{parse_target(req.target()).path}
                              + ": " + trace_of(why));
                   return failure_reply(req);
                 });
}

http_reply wrong_method(const parsed_request& req, const std::string& allowed) {
  auto res = problem(req, http::status::method_not_allowed,
                     "method_not_allowed",
                     "this path does not take this method, but " + allowed);
  res.set(http::field::allow, allowed);
  return res;
}

http_reply no_route(const parsed_request& req, const http_routes& routes,
                    const request_peer& peer, const server_options& options) {
  auto allowed = routes.allowed(parse_target(req.target()).path);
  if (allowed.empty())
    return problem(req, http::status::not_found, "not_found",
                   "nothing is served under this path");
  if (is_preflight(req)) {
    if (auto refusal = check_origin(req, peer, options))
      return std::move(*refusal);
    return to_reply(req, preflight(req, allowed));
  }
  return wrong_method(req, allowed);
}

std::optional<http_reply>
check_content_type(const parsed_request& req,
                   const http_route_options& options) {
  auto& types = options.content_types;
  if (types.empty() || req.body().empty())
    return std::nullopt;
  std::string_view given = req[http::field::content_type];
  given = trim(given.substr(0, given.find(';')));
  std::string all;
  for (auto& type : types) {
    if (beast::iequals(given, type))
      return std::nullopt;
    all += (all.empty() ? "" : ", ") + type;
  }
  auto res = problem(req, http::status::unsupported_media_type,
                     "unsupported_media_type",
                     "this path takes a body of the Content-Type " + all);
  // RFC 9110, 12.5.1
  res.set(http::field::accept, all);
  return res;
}

} // namespace flamigo::detail
