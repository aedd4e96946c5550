#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <openssl/ssl.h>
#include <sys/types.h>

namespace flamigo::load {

/// What TLS adds to a connection, from the client's side. It outlives the
/// sockets that the connection has one after the other, and what it keeps from
/// one to the next is the session.
class tls_half {
public:
  /// Shared by all connections.
  using context = std::shared_ptr<SSL_CTX>;

  /// Verifies that the certificate is of an authority in a PEM file, if one is
  /// named; for whom it is does not matter, since servers are called by their
  /// address. With `resume` sessions are kept, and it is a failure if the
  /// server does not go on with one. Throws `std::runtime_error`.
  static context make_context(const std::string& authorities, bool resume);

  explicit tls_half(context shared) : shared_(std::move(shared)) {
  }

  tls_half(const tls_half&) = delete;

  tls_half& operator=(const tls_half&) = delete;

  ~tls_half();

  /// Begins a handshake on a socket that is connected and does not wait.
  void begin(int fd);

  /// How far a handshake is, or what it waits for.
  enum class stage {
    reading,
    writing,
    done,
    failed
  };

  /// Goes on as far as it can.
  stage shake_hands();

  /// Why that has failed.
  const std::string& failure() const {
    return failure_;
  }

  /// As `recv`; the end of the socket is what counts as the end.
  ssize_t receive(std::span<char> to);

  /// Whether the last time there was more than could be taken, of which the
  /// socket does not tell.
  bool has_more() const {
    return has_more_;
  }

  /// As `send`. What was not sent has to be sent next.
  ssize_t send(std::string_view what);

  /// Forgets the socket.
  void end();

private:
  struct deleter {
    void operator()(SSL* x) const {
      SSL_free(x);
    }

    void operator()(SSL_SESSION* x) const {
      SSL_SESSION_free(x);
    }
  };

  /// Called by OpenSSL for each session that the server lets us keep.
  static int keep(SSL* ssl, SSL_SESSION* session);

  bool resumes() const;

  /// Says in `errno` why a call has come to nothing.
  ssize_t failed(int result);

  context shared_;
  std::unique_ptr<SSL, deleter> ssl_;
  std::unique_ptr<SSL_SESSION, deleter> session_;
  int fd_ = -1;
  /// Whether an earlier handshake should have given us a session.
  bool came_before_ = false;
  bool has_more_ = false;
  std::string failure_;
};

} // namespace flamigo::load
