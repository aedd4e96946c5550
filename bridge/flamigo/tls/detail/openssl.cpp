#include "flamigo/tls/detail/openssl.hpp"

#include <openssl/err.h>

namespace flamigo::detail {

std::string openssl_reason() {
  // The first one is the cause, those behind it say where it was noticed.
  auto* text = ERR_reason_error_string(ERR_peek_error());
  std::string result = text != nullptr ? text : "unknown reason";
  ERR_clear_error();
  return result;
}

} // namespace flamigo::detail
