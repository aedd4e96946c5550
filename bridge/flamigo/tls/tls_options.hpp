#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <caf/timespan.hpp>

namespace flamigo {

/// How a server speaks TLS (RFC 8446, and RFC 5246 for 1.2). Read once, when
/// the server starts; the files that are named here are read again when they
/// change.
struct tls_options {
  // All have an initializer: g++ warns of what designated ones leave out else.

  /// PEM files, each with a certificate and behind it those that lead to its
  /// authority. The first is shown to clients that name no server, or none that
  /// a certificate is for. Empty means no TLS.
  std::vector<std::string> certificates{};

  /// PEM files with the private keys, in the same order. Empty if each stands
  /// in the file of its certificate.
  std::vector<std::string> keys{};

  /// TCP port for TLS; 0 takes any that is free.
  std::uint16_t port = 8443;

  /// Whether there is no plain port.
  bool only = false;

  /// Whether plain requests are sent to the port of TLS: GET and HEAD with 308,
  /// others are refused with 403. But for those who ask whether the server is
  /// well (`/livez`, `/readyz`, `/health`) or whether it owns its name
  /// (`/.well-known/acme-challenge/`, RFC 8555, 8.3).
  bool redirect = false;

  /// Port that plain requests are sent to; 0 means that of TLS. For a server
  /// that clients reach by another one.
  std::uint16_t public_port = 0;

  /// For how long browsers are told to come by TLS only (RFC 6797), in whole
  /// seconds; 0 tells them nothing.
  caf::timespan hsts = std::chrono::seconds{0};

  /// The oldest version that is spoken: `1.2` or `1.3`.
  std::string min_version = "1.2";

  /// PEM file with the authorities whose certificates clients may show, which
  /// become part of their claims. Empty asks for none.
  std::string client_ca{};

  /// Whether a client has to show one; else its handshake fails.
  bool require_client_certificate = false;

  /// Handshakes that are under way on each I/O thread. One more ends the oldest
  /// of them.
  std::size_t max_handshakes = 256;
};

} // namespace flamigo
