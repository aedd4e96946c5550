#include "flamigo/tls/detail/tls_layer.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

#include <openssl/err.h>
#include <sys/socket.h>

#include "flamigo/io/detail/socket_calls.hpp"
#include "flamigo/tls/detail/peer_certificate.hpp"

namespace flamigo::detail {

namespace {

/// Of one record (RFC 8446, 5.1).
constexpr std::size_t max_record = 16'384;

/// That are sealed before the socket is asked whether it takes them.
constexpr std::size_t max_sealed_at_once = 4 * max_record;

/// What the peer can make us say without reading any of it: answers to its
/// changes of keys.
constexpr std::size_t max_sealed = 2 * max_sealed_at_once;

/// What a thread needs during a call, whichever connection that is for.
struct workbench {
  std::array<char, 65'536> received;
  /// Two texts, for one record.
  std::array<char, max_record> joined;
  /// Records that OpenSSL has made.
  std::string made;
};

workbench& bench() {
  static thread_local auto result = std::make_unique<workbench>();
  return *result;
}

error_code broken() {
  return {EPROTO, boost::system::system_category()};
}

error_code no_memory() {
  return {ENOMEM, boost::system::system_category()};
}

} // namespace

tls_layer::tls_layer(const tls_context& context) : ssl_(context.connect()) {
  auto* way = BIO_new(io());
  if (way == nullptr)
    throw std::bad_alloc{};
  BIO_set_data(way, this);
  BIO_set_init(way, 1);
  SSL_set_bio(ssl_.get(), way, way);
  // Here, where it may throw.
  bench();
}

tls_layer::~tls_layer() = default;

// -- handshake ----------------------------------------------------------------

tls_layer::stage tls_layer::shake_hands(int fd) noexcept {
  error_code ec;
  send_sealed(fd, false, ec);
  if (!ec && early_.empty()) {
    auto to = std::span{bench().received}.first(max_record);
    auto size = receive_some(fd, to, ec);
    incoming_ = {to.data(), size};
    if (ec == net::error::would_block)
      ec = {};
  }
  if (ec) {
    reason_ = ec == net::error::eof ? "the client has ended" : ec.message();
    return stage::failed;
  }
  ERR_clear_error();
  auto result = SSL_do_handshake(ssl_.get());
  auto why = SSL_get_error(ssl_.get(), result);
  if (result == 1 && early_.empty())
    early_ = incoming_;
  incoming_ = {};
  if (result != 1 && why != SSL_ERROR_WANT_READ)
    reason_ = openssl_reason();
  // Also what is wrong, for the client to read.
  send_sealed(fd, false, ec);
  if (result != 1 && why != SSL_ERROR_WANT_READ)
    return stage::failed;
  return result == 1 && !has_unsent() ? stage::done : stage::under_way;
}

std::shared_ptr<const client_certificate> tls_layer::peer_certificate() const {
  auto* shown = SSL_get0_peer_certificate(ssl_.get());
  return shown != nullptr
           ? std::make_shared<const client_certificate>(certificate_of(*shown))
           : nullptr;
}

// -- reading ------------------------------------------------------------------

std::size_t tls_layer::read_some(int fd, std::span<char> to,
                                 error_code& ec) noexcept {
  ec = end_;
  if (ec)
    return 0;
  auto& received = bench().received;
  if (!early_.empty()) {
    incoming_ = early_;
  } else {
    auto most = std::min(received.size(), to.size() - max_unit);
    auto size = receive_some(fd, std::span{received}.first(most), ec);
    if (ec)
      return 0;
    incoming_ = {received.data(), size};
  }
  std::size_t got = 0;
  // To ask once more behind the last record would take a buffer for nothing.
  do {
    ERR_clear_error();
    std::size_t size = 0;
    auto result = SSL_read_ex(ssl_.get(), to.data() + got, to.size() - got,
                              &size);
    if (result != 1) {
      on_end(fd, result);
      break;
    }
    got += size;
  } while (!incoming_.empty() || SSL_has_pending(ssl_.get()) != 0);
  incoming_ = {};
  if (!early_.empty())
    std::string{}.swap(early_);
  // Answers of OpenSSL's own.
  error_code ignored;
  send_sealed(fd, false, ignored);
  if (got == 0)
    ec = end_ ? end_ : error_code{net::error::would_block};
  return got;
}

void tls_layer::on_end(int fd, int result) noexcept {
  auto why = SSL_get_error(ssl_.get(), result);
  if (why == SSL_ERROR_WANT_READ)
    return;
  end_ = why == SSL_ERROR_ZERO_RETURN ? error_code{net::error::eof} : broken();
  // What was read before it is handed out first, and then nobody would look
  // again: from now on the socket is readable for good.
  ::shutdown(fd, SHUT_RD);
}

// -- writing ------------------------------------------------------------------

std::size_t tls_layer::write_some(int fd, std::string_view first,
                                  std::string_view second, bool more,
                                  error_code& ec) noexcept {
  ec = {};
  auto whole = first.size() + second.size();
  std::size_t sent = 0;
  do {
    if (sealed_.empty() && seal(first, second, sent) == 0) {
      if (sent < whole)
        ec = no_memory();
      return sent;
    }
    auto before = plain_;
    send_sealed(fd, more, ec);
    sent += before - plain_;
  } while (!ec && sealed_.empty() && sent < whole);
  return sent;
}

std::size_t tls_layer::seal(std::string_view first, std::string_view second,
                            std::size_t from) {
  auto& joined = bench().joined;
  auto left = first.substr(std::min(from, first.size()));
  auto right = second.substr(from - (first.size() - left.size()));
  while (plain_ < max_sealed_at_once && left.size() + right.size() > 0) {
    auto record = left.empty() ? right : left;
    if (!left.empty() && !right.empty() && left.size() < max_record) {
      auto size = std::min(right.size(), max_record - left.size());
      std::memcpy(joined.data(), left.data(), left.size());
      std::memcpy(joined.data() + left.size(), right.data(), size);
      record = {joined.data(), left.size() + size};
    }
    record = record.substr(0, max_record);
    ERR_clear_error();
    std::size_t size = 0;
    if (SSL_write_ex(ssl_.get(), record.data(), record.size(), &size) != 1)
      break;
    plain_ += size;
    right.remove_prefix(size - std::min(size, left.size()));
    left.remove_prefix(std::min(size, left.size()));
  }
  return plain_;
}

void tls_layer::send_sealed(int fd, bool more, error_code& ec) noexcept {
  ec = {};
  auto& made = bench().made;
  std::string_view what = made;
  if (!sealed_.empty()) {
    // Rarely both.
    try {
      sealed_ += made;
    } catch (const std::bad_alloc&) {
      ec = no_memory();
    }
    what = sealed_;
  }
  if (what.empty() || ec)
    return;
  auto sent = send_some(fd, what, more, ec);
  if (sent == what.size()) {
    plain_ = 0;
    std::string{}.swap(sealed_);
  } else {
    // As many of the bytes within as of the records, but for the last one:
    // whoever writes has to come again.
    auto gone = plain_ * sent / what.size();
    plain_ -= plain_ > 0 ? std::min(gone, plain_ - 1) : 0;
    if (what.size() - sent > max_sealed)
      ec = broken();
    try {
      sealed_ = std::string{what.substr(sent)};
    } catch (const std::bad_alloc&) {
      ec = no_memory();
    }
  }
  made.clear();
}

void tls_layer::shut_down(int fd) noexcept {
  if (end_ == broken() || (SSL_get_shutdown(ssl_.get()) & SSL_SENT_SHUTDOWN))
    return;
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
  error_code ignored;
  send_sealed(fd, false, ignored);
}

// -- OpenSSL's way to the bytes -----------------------------------------------

const BIO_METHOD* tls_layer::io() {
  static const auto* result = [] {
    auto* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK,
                              "flamigo");
    if (made == nullptr)
      throw std::bad_alloc{};
    BIO_meth_set_read_ex(made, take);
    BIO_meth_set_write_ex(made, put);
    BIO_meth_set_ctrl(made, control);
    return made;
  }();
  return result;
}

int tls_layer::take(BIO* io, char* to, std::size_t size, std::size_t* taken) {
  auto& from = static_cast<tls_layer*>(BIO_get_data(io))->incoming_;
  BIO_clear_retry_flags(io);
  *taken = std::min(size, from.size());
  if (*taken == 0) {
    BIO_set_retry_read(io);
    return 0;
  }
  std::memcpy(to, from.data(), *taken);
  from.remove_prefix(*taken);
  return 1;
}

int tls_layer::put(BIO* io, const char* from, std::size_t size,
                   std::size_t* written) {
  BIO_clear_retry_flags(io);
  // No exception may pass through OpenSSL.
  try {
    bench().made.append(from, size);
  } catch (const std::bad_alloc&) {
    return 0;
  }
  *written = size;
  return 1;
}

long tls_layer::control(BIO*, int what, long, void*) {
  return what == BIO_CTRL_FLUSH ? 1 : 0;
}

} // namespace flamigo::detail
