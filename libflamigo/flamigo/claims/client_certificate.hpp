#pragma once

#include <string>

#include <caf/meta/type_name.hpp>

namespace flamigo {

/// The certificate that a client has shown in its TLS handshake, and has proved
/// to own. One of the authorities that the server trusts has signed it. Plain
/// data.
struct client_certificate {
  /// Its subject as RFC 2253 writes it, such as `CN=gateway,O=Example`.
  std::string subject{};
  /// SHA-256 of its DER form: 64 hexadecimal digits in lower case.
  std::string fingerprint{};

  bool operator==(const client_certificate& other) const = default;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, client_certificate& x) {
  return f(caf::meta::type_name("flamigo::client_certificate"), x.subject,
           x.fingerprint);
}

} // namespace flamigo
