#!/usr/bin/env bash
# Beast: a compressed message whose DEFLATE block is marked as the last one ends
# the connection, without a close frame.
#
# Expected: RFC 7692 lets a sender mark a block as the last (BFINAL) and shows
#   how "Hello" looks then (7.2.3.4); the receiver reads it like any other. If
#   something could not be read, a close frame would say why.
# Instead: the read fails with "unexpected end of deflate stream", and the
#   connection ends with no close frame: the other side sees code 1006 and
#   learns nothing.
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
#include <thread>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>

namespace beast = boost::beast;
namespace net = boost::asio;
namespace websocket = beast::websocket;
using tcp = net::ip::tcp;

/// A client's frame under the mask zero, which leaves the bytes as they are.
std::string frame(unsigned char head, const std::string& payload) {
  std::string result{static_cast<char>(head)};
  result += static_cast<char>(0x80 | payload.size());
  return result + std::string(4, '\0') + payload;
}

struct outcome {
  std::string text;
  beast::error_code read_error;
  bool close_frame;
};

/// What becomes of one compressed message and the close behind it.
outcome send(const std::string& deflated) {
  net::io_context context;
  tcp::acceptor acceptor{context, {net::ip::address_v4::loopback(), 0}};
  outcome result;
  std::thread server{[&] {
    websocket::stream<tcp::socket> ws{acceptor.accept()};
    websocket::permessage_deflate deflate;
    deflate.server_enable = true;
    ws.set_option(deflate);
    ws.accept();
    beast::flat_buffer buffer;
    ws.read(buffer, result.read_error);
    result.text = beast::buffers_to_string(buffer.data());
    beast::error_code ec = result.read_error;
    while (!ec)
      ws.read(buffer, ec);
  }};
  tcp::socket socket{context};
  socket.connect(acceptor.local_endpoint());
  auto request = "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
                 "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                 "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                 "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
                 + frame(0xc1, deflated)
                 + frame(0x88, std::string{"\x03\xe8", 2});
  net::write(socket, net::buffer(request));
  std::string bytes;
  boost::system::error_code ec;
  for (char part[4096]; !ec;)
    bytes.append(part, socket.read_some(net::buffer(part), ec));
  socket.close();
  server.join();
  auto frames = bytes.substr(bytes.find("\r\n\r\n") + 4);
  result.close_frame = !frames.empty() && frames[0] == '\x88';
  return result;
}

outcome shown(const char* what, const std::string& deflated) {
  auto result = send(deflated);
  std::cout << what << ": "
            << (result.read_error ? result.read_error.message() : result.text)
            << (result.close_frame ? "; a close frame" : "; no close frame")
            << std::endl;
  return result;
}

int main() {
  // Both stand in RFC 7692: 7.2.3.1 and 7.2.3.4.
  auto usual = shown("not marked", {"\xf2\x48\xcd\xc9\xc9\x07\x00", 7});
  auto last = shown("marked as the last",
                    {"\xf3\x48\xcd\xc9\xc9\x07\x00\x00", 8});
  return usual.text == "Hello" && usual.close_frame
             && last.read_error == beast::zlib::error::end_of_stream
             && !last.close_frame
           ? 0
           : 1;
}
CPP
g++ -std=c++17 -isystem root/usr/include main.cpp -o main -pthread
timeout 60 ./main
