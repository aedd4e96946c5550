#pragma once

#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include "probe_options.hpp"

namespace flamigo::tool {

using plain_link = boost::beast::tcp_stream;
using secure_link = boost::beast::ssl_stream<boost::beast::tcp_stream>;

/// What the certificate of a server says.
struct certificate_view {
  /// Why it is not to be trusted; empty if it is.
  std::string flaw{};
  /// Until it ends; negative when it has.
  int days = 0;
  /// Such as `TLSv1.3`.
  std::string protocol{};
};

/// For all connections by TLS of a probe. Throws `failure` when the file of the
/// authority cannot be read.
boost::asio::ssl::context trusting(const std::string& authority_file);

/// Connects, within a step of the options. Throws boost::system::system_error.
boost::asio::awaitable<std::unique_ptr<plain_link>>
connect_plain(const probe_options& options);

/// The same by TLS. A certificate that is not to be trusted is taken, and its
/// view says why.
boost::asio::awaitable<std::unique_ptr<secure_link>>
connect_secure(const probe_options& options, boost::asio::ssl::context& with,
               certificate_view& seen);

} // namespace flamigo::tool
