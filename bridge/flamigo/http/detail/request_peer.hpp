#pragma once

#include <memory>
#include <string>

#include "flamigo/claims/client_certificate.hpp"

namespace flamigo::detail {

/// Who is at the other end of the connection that a request came by.
struct request_peer {
  /// Address and port.
  std::string address;
  /// Whether the connection is our own TLS.
  bool secure = false;
  /// What the client has shown there; null if nothing.
  std::shared_ptr<const client_certificate> certificate = nullptr;
};

} // namespace flamigo::detail
