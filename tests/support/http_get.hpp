#pragma once

#include <cstdint>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/http.hpp>

namespace flamigo::test {

/// What a server on loopback has answered.
struct http_answer {
  unsigned status;
  std::string type;
  std::string body;
};

inline http_answer get(std::uint16_t port, const std::string& path) {
  namespace http = boost::beast::http;
  boost::asio::io_context io;
  boost::asio::ip::tcp::socket socket{io};
  socket.connect({boost::asio::ip::address_v4::loopback(), port});
  http::request<http::empty_body> request{http::verb::get, path, 11};
  request.set(http::field::host, "localhost");
  http::write(socket, request);
  boost::beast::flat_buffer buffer;
  http::response_parser<http::string_body> response;
  response.body_limit(boost::none);
  http::read(socket, buffer, response);
  return {response.get().result_int(),
          std::string{response.get()[http::field::content_type]},
          response.get().body()};
}

} // namespace flamigo::test
