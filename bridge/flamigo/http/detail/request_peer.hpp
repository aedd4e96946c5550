#pragma once

#include <memory>
#include <string>
#include <vector>

#include "flamigo/claims/client_certificate.hpp"
#include "flamigo/http/detail/network.hpp"
#include "flamigo/http/detail/parsed_request.hpp"
#include "flamigo/io/detail/asio.hpp"

namespace flamigo::detail {

/// Who is at the other end of the connection that a request came by.
struct request_peer {
  /// Address and port of the client; where a proxy has named it in a request,
  /// the address alone, as it stands in a URL.
  std::string address;
  /// Whether the connection is our own TLS.
  bool secure = false;
  /// What the client has shown there; null if nothing.
  std::shared_ptr<const client_certificate> certificate = nullptr;
  /// Who has connected, to us or to a proxy that passes connections on.
  net::ip::tcp::endpoint endpoint = {};
  /// Whether that is a trusted proxy, which says in each request who the client
  /// is.
  bool is_proxy = false;
  /// Who the client is.
  net::ip::address client = {};
};

/// Whoever has connected from there.
request_peer peer_at(const net::ip::tcp::endpoint& where,
                     const std::vector<network>& trusted);

/// Makes a proxy's client that of this request.
void name_client(request_peer& proxy, const parsed_request& req,
                 const std::vector<network>& trusted);

} // namespace flamigo::detail
