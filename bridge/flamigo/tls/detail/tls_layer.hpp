#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "flamigo/claims/client_certificate.hpp"
#include "flamigo/io/detail/socket_layer.hpp"
#include "flamigo/tls/detail/openssl.hpp"
#include "flamigo/tls/detail/tls_context.hpp"

namespace flamigo::detail {

/// The server's end of TLS on one socket. OpenSSL reads from and writes into
/// memory: what it seals in one call leaves with one system call, and all that
/// the socket has is read with one.
class tls_layer final : public socket_layer {
public:
  /// How far the handshake is.
  enum class stage {
    under_way,
    done,
    failed
  };

  /// Throws std::bad_alloc.
  explicit tls_layer(const tls_context& context);

  ~tls_layer() override;

  // -- handshake --------------------------------------------------------------

  /// Goes on with the handshake as far as it can. What it takes is the time of
  /// a signature at most, and a quarter of a millisecond or more for RSA.
  stage shake_hands(int fd) noexcept;

  /// Whether something waits for the socket to take it.
  bool has_unsent() const noexcept {
    return !sealed_.empty();
  }

  /// Why it has failed, for people.
  const std::string& reason() const noexcept {
    return reason_;
  }

  /// Whether it has failed since the client speaks HTTP without TLS.
  bool is_plain_http() const noexcept {
    return reason_ == "http request";
  }

  /// Whether the handshake has gone on with a session of before.
  bool is_resumed() const noexcept {
    return SSL_session_reused(ssl_.get()) == 1;
  }

  /// What the client has shown; null if nothing.
  std::shared_ptr<const client_certificate> peer_certificate() const;

  // -- socket_layer -----------------------------------------------------------

  std::size_t read_some(int fd, std::span<char> to,
                        error_code& ec) noexcept override;

  std::size_t write_some(int fd, std::string_view first,
                         std::string_view second, bool more,
                         error_code& ec) noexcept override;

  void shut_down(int fd) noexcept override;

private:
  /// OpenSSL's way to the bytes.
  static const BIO_METHOD* io();

  static int take(BIO* io, char* to, std::size_t size, std::size_t* taken);

  static int put(BIO* io, const char* from, std::size_t size,
                 std::size_t* written);

  static long control(BIO* io, int what, long number, void* pointer);

  /// Makes records of one text behind the other, from a place on. Returns how
  /// much is in them, or 0 when that has failed.
  std::size_t seal(std::string_view first, std::string_view second,
                   std::size_t from);

  /// Sends what was made and not sent yet, and then what OpenSSL has just made,
  /// as far as the socket takes it.
  void send_sealed(int fd, bool more, error_code& ec) noexcept;

  /// OpenSSL cannot go on, or the peer has said that it has no more.
  void on_end(int fd, int result) noexcept;

  openssl_ptr<SSL> ssl_;
  /// What came and OpenSSL has not read yet, during a call.
  std::string_view incoming_;
  /// Of what came with the end of the handshake.
  std::string early_;
  /// Records that the socket has not taken.
  std::string sealed_;
  /// How much of the next bytes to write is in them.
  std::size_t plain_ = 0;
  /// Why nothing more can be read; `eof` if the peer has said so.
  error_code end_;
  std::string reason_;
};

} // namespace flamigo::detail
