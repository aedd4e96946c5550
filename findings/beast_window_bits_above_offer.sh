#!/usr/bin/env bash
# Beast: a server answers an offer of permessage-deflate with a larger window
# than the client can take.
#
# Expected: `server_max_window_bits=8` is a valid offer. A server that cannot
#   compress with a window so small, as zlib cannot, declines the offer and goes
#   on without compression; RFC 7692 (7.1.2.1) lets it accept with the same value
#   or a smaller one only.
# Instead: Beast accepts with 9. A client that looks at the answer has to fail the
#   connection; without the extension there would be one. The values from 9 to 14
#   are answered as they are offered.
#
# Boost.Beast 1.81 (Debian's libboost1.81-dev 1.81.0-5+deb12u1), g++ 12.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get download -q libboost1.81-dev=1.81.0-5+deb12u1 >/dev/null
for package in ./*.deb; do dpkg -x "$package" root; done

cat >main.cpp <<'CPP'
#include <iostream>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/beast/_experimental/test/stream.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;

/// What a server answers to this offer; empty if it declines.
std::string answer(const std::string& offer) {
  boost::asio::io_context context;
  beast::test::stream client{context};
  beast::test::stream accepted{context};
  client.connect(accepted);
  http::request<http::empty_body> request{http::verb::get, "/", 11};
  request.set(http::field::host, "x");
  request.set(http::field::upgrade, "websocket");
  request.set(http::field::connection, "Upgrade");
  request.set(http::field::sec_websocket_version, "13");
  request.set(http::field::sec_websocket_key, "AAAAAAAAAAAAAAAAAAAAAA==");
  request.set(http::field::sec_websocket_extensions, offer);
  http::write(client, request);
  websocket::stream<beast::test::stream> ws{std::move(accepted)};
  websocket::permessage_deflate deflate;
  deflate.server_enable = true;
  ws.set_option(deflate);
  ws.accept();
  beast::flat_buffer buffer;
  http::response<http::empty_body> response;
  http::read(client, buffer, response);
  std::string result{response[http::field::sec_websocket_extensions]};
  std::cout << offer << "\n  is answered with " << result << std::endl;
  return result;
}

int main() {
  std::string bits = "permessage-deflate; server_max_window_bits=";
  bool as_offered = true;
  for (auto other : {"9", "10", "14"})
    as_offered = answer(bits + other) == bits + other && as_offered;
  return answer(bits + "8") == bits + "9" && as_offered ? 0 : 1;
}
CPP
g++ -std=c++17 -isystem root/usr/include main.cpp -o main -pthread
timeout 60 ./main
