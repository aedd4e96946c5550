#pragma once

#include <optional>
#include <string_view>

#include "flamigo/http/detail/http_reply.hpp"
#include "flamigo/http/detail/request_peer.hpp"
#include "flamigo/http/server_options.hpp"

namespace flamigo::detail {

/// The response to a request that is not for this server: 421 for a name that
/// the options do not allow, 400 for one that names no host or two (RFC 9112,
/// 3.2); nothing for any other request.
///
/// Whoever owns a name decides what address it has, so a page of theirs may
/// come to reach this server as if it were its own (DNS rebinding). All that
/// tells is the name.
std::optional<http_reply> check_host(const parsed_request& req,
                                     const request_peer& peer,
                                     const server_options& options);

/// Puts the name of an absolute target, which is the one that was checked, in
/// the place of the header Host, for handlers and claims (RFC 9112, 3.2.2).
void replace_host(parsed_request& req);

/// The name by which the client asks for this server: of the target, if that
/// has one, else of the header `Host` (RFC 9112, 3.2.2).
std::string_view host_of(const parsed_request& req);

/// The scheme by which the client came: `http` or `https`, or nothing if a
/// proxy says something else.
std::string_view scheme_of(const parsed_request& req, const request_peer& peer,
                           const server_options& options);

} // namespace flamigo::detail
