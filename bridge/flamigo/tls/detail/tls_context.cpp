#include "flamigo/tls/detail/tls_context.hpp"

#include <array>
#include <fstream>
#include <iterator>
#include <new>
#include <utility>

#include <openssl/err.h>

#include "flamigo/error/error.hpp"

namespace flamigo::detail {

namespace {

/// Those of TLS 1.2 that are sound: forward secret, and encrypted with what
/// authenticates. Of 1.3 all are.
constexpr char ciphers[]
  = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

constexpr char groups[] = "X25519:P-256:P-384";

constexpr unsigned char session_id_context[] = "flamigo";

caf::error failure(const std::string& what) {
  return make_error(errc::malformed, "tls: " + what + ": " + openssl_reason());
}

bool use(SSL_CTX* context, const certificate& what) {
  return SSL_CTX_use_cert_and_key(context, what.leaf.get(), what.key.get(),
                                  what.chain.get(), 1)
         == 1;
}

bool use(SSL* which, const certificate& what) {
  return SSL_use_cert_and_key(which, what.leaf.get(), what.key.get(),
                              what.chain.get(), 1)
         == 1;
}

} // namespace

caf::expected<std::shared_ptr<const tls_context>>
tls_context::make(const tls_options& options, const tls_context* before) {
  std::shared_ptr<tls_context> result{new tls_context};
  if (auto err = result->init(options))
    return err;
  // A ticket stands for the certificate that its client has shown then.
  if (before != nullptr && before->client_ca_ == result->client_ca_) {
    std::array<unsigned char, 80> keys;
    SSL_CTX_get_tlsext_ticket_keys(before->context_.get(), keys.data(),
                                   keys.size());
    SSL_CTX_set_tlsext_ticket_keys(result->context_.get(), keys.data(),
                                   keys.size());
    OPENSSL_cleanse(keys.data(), keys.size());
  }
  return std::shared_ptr<const tls_context>{std::move(result)};
}

caf::error tls_context::init(const tls_options& options) {
  ERR_clear_error();
  context_.reset(SSL_CTX_new(TLS_server_method()));
  auto* context = context_.get();
  if (context == nullptr)
    return failure("OpenSSL cannot be used");
  auto least = options.min_version == "1.3" ? TLS1_3_VERSION : TLS1_2_VERSION;
  if (SSL_CTX_set_min_proto_version(context, least) != 1
      || SSL_CTX_set_cipher_list(context, ciphers) != 1
      // What SSL_CTX_set1_groups_list does, which is a macro with a cast.
      || SSL_CTX_ctrl(context, SSL_CTRL_SET_GROUPS_LIST, 0,
                      const_cast<char*>(groups))
           != 1)
    return failure("OpenSSL does not know what it should speak");
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  // Most connections are silent most of the time.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  // Clients keep their sessions themselves, in tickets.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_session_id_context(context, session_id_context,
                                 sizeof(session_id_context) - 1);
  SSL_CTX_set_alpn_select_cb(context, agree_protocol, nullptr);
  if (auto err = read_certificates(options))
    return err;
  return admit_clients(options);
}

caf::error tls_context::read_certificates(const tls_options& options) {
  std::vector<certificate> all;
  for (std::size_t i = 0; i < options.certificates.size(); ++i) {
    auto& file = options.certificates[i];
    auto& key_file = options.keys.empty() ? file : options.keys[i];
    auto what = read_certificate(file, key_file);
    if (!what)
      return std::move(what.error());
    // Also to hear of one that OpenSSL does not take, such as one that is weak.
    if (!use(context_.get(), *what))
      return failure(file + " cannot be used");
    all.push_back(std::move(*what));
  }
  if (all.size() > 1 && !offer(std::move(all)))
    return failure("OpenSSL has no room for several certificates");
  return {};
}

bool tls_context::offer(std::vector<certificate> all) {
  static const int place = CRYPTO_get_ex_new_index(
    CRYPTO_EX_INDEX_SSL_CTX, 0, nullptr, nullptr, nullptr,
    [](void*, void* kept, CRYPTO_EX_DATA*, int, long, void*) {
      delete static_cast<std::vector<certificate>*>(kept);
    });
  auto kept = std::make_unique<std::vector<certificate>>(std::move(all));
  if (place < 0 || SSL_CTX_set_ex_data(context_.get(), place, kept.get()) != 1)
    return false;
  SSL_CTX_set_cert_cb(context_.get(), choose, kept.release());
  return true;
}

caf::error tls_context::admit_clients(const tls_options& options) {
  auto& file = options.client_ca;
  if (file.empty())
    return {};
  std::ifstream from{file};
  client_ca_.assign(std::istreambuf_iterator<char>{from}, {});
  auto* names = SSL_load_client_CA_file(file.c_str());
  if (names == nullptr
      || SSL_CTX_load_verify_file(context_.get(), file.c_str()) != 1)
    return failure(file + " holds no authorities in PEM");
  SSL_CTX_set_client_CA_list(context_.get(), names);
  SSL_CTX_set_verify(context_.get(),
                     SSL_VERIFY_PEER
                       | (options.require_client_certificate
                            ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT
                            : 0),
                     nullptr);
  return {};
}

openssl_ptr<SSL> tls_context::connect() const {
  openssl_ptr<SSL> result{SSL_new(context_.get())};
  if (!result)
    throw std::bad_alloc{};
  SSL_set_accept_state(result.get());
  return result;
}

int tls_context::choose(SSL* which, void* certificates) {
  auto& all = *static_cast<const std::vector<certificate>*>(certificates);
  SSL_certs_clear(which);
  auto* name = SSL_get_servername(which, TLSEXT_NAMETYPE_host_name);
  auto found = false;
  if (name != nullptr)
    for (auto& what : all)
      if (is_for(what, name))
        found = use(which, what) || found;
  return found || use(which, all.front()) ? 1 : 0;
}

int tls_context::agree_protocol(SSL*, const unsigned char** out,
                                unsigned char* out_size,
                                const unsigned char* in, unsigned in_size,
                                void*) {
  static constexpr unsigned char http_1_1[] = "\x08http/1.1";
  auto agreed = SSL_select_next_proto(const_cast<unsigned char**>(out),
                                      out_size, http_1_1, sizeof(http_1_1) - 1,
                                      in, in_size);
  return agreed == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK
                                          : SSL_TLSEXT_ERR_ALERT_FATAL;
}

} // namespace flamigo::detail
