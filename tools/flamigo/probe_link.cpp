#include "probe_link.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/beast/ssl.hpp>

#include <openssl/x509_vfy.h>

#include "failure.hpp"

namespace flamigo::tool {

namespace net = boost::asio;
namespace ssl = net::ssl;

namespace {

/// The first flaw of a chain, in words.
std::string flaw_of(X509_STORE_CTX* chain, const std::string& host) {
  auto why = X509_STORE_CTX_get_error(chain);
  return why != X509_V_OK ? X509_verify_cert_error_string(why)
                          : "it is not for the name " + host;
}

int days_left(const X509* what) {
  int days = 0;
  int seconds = 0;
  ASN1_TIME_diff(&days, &seconds, nullptr, X509_get0_notAfter(what));
  return seconds < 0 ? days - 1 : days;
}

} // namespace

ssl::context trusting(const std::string& authority_file) {
  ssl::context result{ssl::context::tls_client};
  boost::system::error_code ec;
  if (authority_file.empty())
    result.set_default_verify_paths(ec);
  else
    result.load_verify_file(authority_file, ec);
  if (ec)
    throw failure{"the certificates in " + authority_file
                  + " cannot be read: " + ec.message()};
  result.set_verify_mode(ssl::verify_peer);
  return result;
}

net::awaitable<std::unique_ptr<plain_link>>
connect_plain(const probe_options& options) {
  auto unit = co_await net::this_coro::executor;
  net::ip::tcp::resolver resolver{unit};
  auto places = co_await resolver.async_resolve(
    options.where.host, options.where.port, net::use_awaitable);
  auto result = std::make_unique<plain_link>(unit);
  result->expires_after(options.step);
  co_await result->async_connect(places, net::use_awaitable);
  co_return result;
}

net::awaitable<std::unique_ptr<secure_link>>
connect_secure(const probe_options& options, ssl::context& with,
               certificate_view& seen) {
  auto plain = co_await connect_plain(options);
  auto result = std::make_unique<secure_link>(std::move(*plain), with);
  auto& host = options.where.host;
  // Addresses are no names (RFC 6066, 3).
  boost::system::error_code no_address;
  net::ip::make_address(host, no_address);
  if (no_address)
    // What SSL_set_tlsext_host_name does, which is a macro with a cast.
    SSL_ctrl(result->native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME,
             TLSEXT_NAMETYPE_host_name, const_cast<char*>(host.c_str()));
  ssl::host_name_verification names{host};
  result->set_verify_callback([&](bool fits, ssl::verify_context& chain) {
    if (!names(fits, chain) && seen.flaw.empty())
      seen.flaw = flaw_of(chain.native_handle(), host);
    return true;
  });
  boost::beast::get_lowest_layer(*result).expires_after(options.step);
  co_await result->async_handshake(ssl::stream_base::client,
                                   net::use_awaitable);
  if (auto* shown = SSL_get0_peer_certificate(result->native_handle()))
    seen.days = days_left(shown);
  seen.protocol = SSL_get_version(result->native_handle());
  co_return result;
}

} // namespace flamigo::tool
