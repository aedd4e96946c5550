#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/error.hpp>

namespace flamigo::detail {

namespace net = boost::asio;
namespace beast = boost::beast;

using beast::error_code;

// With the concrete executor no call goes through a type-erased one.
using executor = net::io_context::executor_type;
using tcp_acceptor = net::basic_socket_acceptor<net::ip::tcp, executor>;

} // namespace flamigo::detail
