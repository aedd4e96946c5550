#include "tls_half.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <new>
#include <stdexcept>

#include <openssl/err.h>
#include <sys/socket.h>

namespace flamigo::load {

namespace {

std::string reason() {
  auto* text = ERR_reason_error_string(ERR_peek_error());
  return text != nullptr ? text : "unknown reason";
}

} // namespace

tls_half::context tls_half::make_context(const std::string& authorities,
                                         bool resume) {
  context result{SSL_CTX_new(TLS_client_method()), SSL_CTX_free};
  if (!result)
    throw std::runtime_error{"OpenSSL cannot be used: " + reason()};
  auto* shared = result.get();
  SSL_CTX_set_min_proto_version(shared, TLS1_2_VERSION);
  // As without TLS, whose end of a socket says nothing either.
  SSL_CTX_set_options(shared, SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(shared, SSL_MODE_ENABLE_PARTIAL_WRITE
                             | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(shared, 1);
  if (!authorities.empty()) {
    if (SSL_CTX_load_verify_file(shared, authorities.c_str()) != 1)
      throw std::runtime_error{authorities
                               + " holds no authorities in PEM: " + reason()};
    SSL_CTX_set_verify(shared, SSL_VERIFY_PEER, nullptr);
  }
  SSL_CTX_set_session_cache_mode(shared, resume ? SSL_SESS_CACHE_CLIENT
                                                    | SSL_SESS_CACHE_NO_INTERNAL
                                                : SSL_SESS_CACHE_OFF);
  SSL_CTX_sess_set_new_cb(shared, keep);
  // OpenSSL writes without MSG_NOSIGNAL.
  std::signal(SIGPIPE, SIG_IGN);
  return result;
}

tls_half::~tls_half() {
  end();
}

// -- handshake ----------------------------------------------------------------

void tls_half::begin(int fd) {
  fd_ = fd;
  ssl_.reset(SSL_new(shared_.get()));
  if (!ssl_ || SSL_set_fd(ssl_.get(), fd) != 1)
    throw std::bad_alloc{};
  SSL_set_ex_data(ssl_.get(), 0, this);
  SSL_set_connect_state(ssl_.get());
  if (session_)
    SSL_set_session(ssl_.get(), session_.get());
}

tls_half::stage tls_half::shake_hands() {
  ERR_clear_error();
  auto result = SSL_do_handshake(ssl_.get());
  if (result != 1) {
    switch (SSL_get_error(ssl_.get(), result)) {
      case SSL_ERROR_WANT_READ:
        return stage::reading;
      case SSL_ERROR_WANT_WRITE:
        return stage::writing;
      default:
        failure_ = "the TLS handshake failed: ";
        failure_ += ERR_peek_error() == 0 ? "the server closed the socket"
                                          : reason();
        return stage::failed;
    }
  }
  if (came_before_ && resumes() && SSL_session_reused(ssl_.get()) != 1) {
    failure_ = session_ ? "the server did not go on with the TLS session"
                        : "the server has given no TLS session to go on with";
    return stage::failed;
  }
  came_before_ = true;
  return stage::done;
}

int tls_half::keep(SSL* ssl, SSL_SESSION* session) {
  static_cast<tls_half*>(SSL_get_ex_data(ssl, 0))->session_.reset(session);
  return 1;
}

bool tls_half::resumes() const {
  return SSL_CTX_get_session_cache_mode(shared_.get()) != SSL_SESS_CACHE_OFF;
}

void tls_half::end() {
  // OpenSSL gives up a session that was not shut down.
  if (ssl_)
    SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  ssl_.reset();
  has_more_ = false;
}

// -- bytes --------------------------------------------------------------------

ssize_t tls_half::receive(std::span<char> to) {
  std::size_t got = 0;
  auto result = 1;
  do {
    std::size_t size = 0;
    ERR_clear_error();
    result = SSL_read_ex(ssl_.get(), to.data() + got, to.size() - got, &size);
    got += size;
  } while (result == 1 && got < to.size() && SSL_has_pending(ssl_.get()) == 1);
  has_more_ = got == to.size() && SSL_has_pending(ssl_.get()) == 1;
  return got > 0 ? static_cast<ssize_t>(got) : failed(result);
}

ssize_t tls_half::send(std::string_view what) {
  std::size_t sent = 0;
  auto result = 1;
  while (result == 1 && sent < what.size()) {
    std::size_t size = 0;
    ERR_clear_error();
    result = SSL_write_ex(ssl_.get(), what.data() + sent, what.size() - sent,
                          &size);
    sent += size;
  }
  return sent > 0 ? static_cast<ssize_t>(sent) : failed(result);
}

ssize_t tls_half::failed(int result) {
  auto number = errno;
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
      errno = EAGAIN;
      return -1;
    case SSL_ERROR_ZERO_RETURN: {
      char more;
      return std::min<ssize_t>(::recv(fd_, &more, 1, 0), 0);
    }
    case SSL_ERROR_SYSCALL:
      errno = number;
      return -1;
    default:
      errno = EPROTO;
      return -1;
  }
}

} // namespace flamigo::load
