#pragma once

#include "flamigo/claims/client_certificate.hpp"
#include "flamigo/tls/detail/openssl.hpp"

namespace flamigo::detail {

/// What claims say of a certificate.
client_certificate certificate_of(const X509& what);

} // namespace flamigo::detail
