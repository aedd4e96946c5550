#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include <fcntl.h>

#include "flamigo/tls/detail/openssl.hpp"
#include "support/test_authority.hpp"

namespace flamigo::test {

/// OpenSSL's own client on a socket, which stays somebody else's. It waits for
/// nothing: whoever tests lets the server go on in between.
class tls_peer {
public:
  struct wish {
    std::string server = "localhost";
    int max_version = 0;
    /// Of an earlier connection.
    SSL_SESSION* session = nullptr;
    /// To show, in PEM.
    const test_authority::issued* certificate = nullptr;
    /// As on the wire, each with its length before it.
    std::string_view protocols = {};
  };

  tls_peer(int fd, const test_authority& trusted)
    : tls_peer(fd, trusted, wish{}) {
  }

  tls_peer(int fd, const test_authority& trusted, const wish& what)
    : context_(SSL_CTX_new(TLS_client_method())) {
    ::fcntl(fd, F_SETFL, O_NONBLOCK);
    auto* context = context_.get();
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), trusted.certificate());
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_max_proto_version(context, what.max_version);
    if (what.certificate != nullptr) {
      detail::openssl_ptr<BIO> from{BIO_new_mem_buf(
        what.certificate->certificate.data(),
        static_cast<int>(what.certificate->certificate.size()))};
      detail::openssl_ptr<X509> shown{
        PEM_read_bio_X509(from.get(), nullptr, nullptr, nullptr)};
      detail::openssl_ptr<BIO> key_from{
        BIO_new_mem_buf(what.certificate->key.data(),
                        static_cast<int>(what.certificate->key.size()))};
      detail::openssl_ptr<EVP_PKEY> key{
        PEM_read_bio_PrivateKey(key_from.get(), nullptr, nullptr, nullptr)};
      SSL_CTX_use_certificate(context, shown.get());
      SSL_CTX_use_PrivateKey(context, key.get());
    }
    ssl_.reset(SSL_new(context));
    SSL_set_fd(ssl_.get(), fd);
    // The macro for it has a cast that is frowned upon.
    SSL_ctrl(ssl_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME,
             TLSEXT_NAMETYPE_host_name, const_cast<char*>(what.server.c_str()));
    SSL_set1_host(ssl_.get(), what.server.c_str());
    if (!what.protocols.empty())
      SSL_set_alpn_protos(
        ssl_.get(),
        reinterpret_cast<const unsigned char*>(what.protocols.data()),
        static_cast<unsigned>(what.protocols.size()));
    if (what.session != nullptr)
      SSL_set_session(ssl_.get(), what.session);
    SSL_set_connect_state(ssl_.get());
  }

  tls_peer(const tls_peer&) = delete;

  tls_peer& operator=(const tls_peer&) = delete;

  ~tls_peer() {
    // OpenSSL gives up a session that was not shut down.
    SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    if (session_ != nullptr)
      SSL_SESSION_free(session_);
  }

  SSL* ssl() const noexcept {
    return ssl_.get();
  }

  /// Whether the handshake is done, as far as this end knows.
  bool shake_hands() {
    auto result = SSL_do_handshake(ssl_.get());
    if (result != 1 && failure.empty()
        && SSL_get_error(ssl_.get(), result) != SSL_ERROR_WANT_READ)
      failure = detail::openssl_reason();
    return result == 1;
  }

  void send(std::string_view text) {
    if (SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size())) <= 0)
      failure = detail::openssl_reason();
  }

  /// What has come, at most so much.
  std::string received(std::size_t most = std::string{}.max_size()) {
    std::string result;
    char buffer[16'384];
    while (result.size() < most) {
      auto n = SSL_read(
        ssl_.get(), buffer,
        static_cast<int>(std::min(sizeof(buffer), most - result.size())));
      if (n <= 0) {
        auto why = SSL_get_error(ssl_.get(), n);
        ended = why == SSL_ERROR_ZERO_RETURN;
        if (why == SSL_ERROR_SSL)
          failure = detail::openssl_reason();
        break;
      }
      result.append(buffer, static_cast<std::size_t>(n));
    }
    return result;
  }

  /// To go on with; once something was read, when tickets have come.
  SSL_SESSION* session() {
    session_ = SSL_get1_session(ssl_.get());
    return session_;
  }

  /// Says that nothing more comes.
  void shut_down() {
    SSL_shutdown(ssl_.get());
  }

  /// Why it cannot go on.
  std::string failure;

  /// Whether the server has said that nothing more comes.
  bool ended = false;

private:
  detail::openssl_ptr<SSL_CTX> context_;
  detail::openssl_ptr<SSL> ssl_;
  SSL_SESSION* session_ = nullptr;
};

} // namespace flamigo::test
