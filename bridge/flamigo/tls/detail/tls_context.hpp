#pragma once

#include <memory>
#include <string>
#include <vector>

#include <caf/expected.hpp>

#include "flamigo/tls/detail/certificate.hpp"
#include "flamigo/tls/detail/openssl.hpp"
#include "flamigo/tls/tls_options.hpp"

namespace flamigo::detail {

/// What the files said when they were read, and how handshakes go by it. Does
/// not change any more; connections that were made by it keep what they need of
/// it. For any thread.
class tls_context {
public:
  /// Reads the files. Sessions of clients that were made by the context before
  /// go on in this one, unless other clients are let in since. The error is a
  /// sentence.
  static caf::expected<std::shared_ptr<const tls_context>>
  make(const tls_options& options, const tls_context* before = nullptr);

  /// The server's end of a connection, before its handshake. Throws
  /// std::bad_alloc.
  openssl_ptr<SSL> connect() const;

private:
  tls_context() = default;

  caf::error init(const tls_options& options);

  caf::error read_certificates(const tls_options& options);

  caf::error admit_clients(const tls_options& options);

  /// Has each handshake choose among several. They are there as long as
  /// OpenSSL's own context, which each connection holds: this one may have been
  /// followed by another before a handshake is at its end.
  bool offer(std::vector<certificate> all);

  /// Gives a handshake the certificates that are for the name that its client
  /// has asked for: OpenSSL takes one of a kind that the client knows.
  static int choose(SSL* which, void* certificates);

  /// HTTP/1.1 is all that is spoken (RFC 7301).
  static int agree_protocol(SSL*, const unsigned char** out,
                            unsigned char* out_size, const unsigned char* in,
                            unsigned in_size, void*);

  openssl_ptr<SSL_CTX> context_;
  /// The authorities that clients may have theirs from, as the file had them.
  std::string client_ca_;
};

} // namespace flamigo::detail
