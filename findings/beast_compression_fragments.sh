#!/usr/bin/env bash
# Beast: with permessage-deflate a message is cut, in spite of
# auto_fragment(false).
#
# Expected: `auto_fragment(false)` sends each message as one frame, with and
#   without compression; whoever puts frames of his own between two writes, or
#   counts frames, builds on it.
# Instead: a compressed message is sent in as many frames as its compressed
#   bytes fill the write buffer (4,096 by default, see `write_buffer_bytes`).
#   The option is for messages that are not compressed.
#
# Boost.Beast 1.81 (Debian's libboost1.81-dev 1.81.0-5+deb12u1), g++ 12.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get download -q libboost1.81-dev=1.81.0-5+deb12u1 >/dev/null
for package in ./*.deb; do dpkg -x "$package" root; done

cat >main.cpp <<'CPP'
#include <cstdint>
#include <iostream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>

namespace net = boost::asio;
namespace websocket = boost::beast::websocket;
using tcp = net::ip::tcp;

/// The sizes of the frames in which a server sends one message.
std::vector<std::uint64_t> frames(const std::string& text, bool compressed) {
  net::io_context context;
  tcp::acceptor acceptor{context, {net::ip::address_v4::loopback(), 0}};
  std::thread server{[&] {
    websocket::stream<tcp::socket> ws{acceptor.accept()};
    websocket::permessage_deflate deflate;
    deflate.server_enable = compressed;
    ws.set_option(deflate);
    ws.auto_fragment(false);
    ws.accept();
    ws.text(true);
    ws.write(net::buffer(text));
  }};
  tcp::socket socket{context};
  socket.connect(acceptor.local_endpoint());
  net::write(socket,
             net::buffer(std::string{
               "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
               "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
               "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
               "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"}));
  std::string bytes;
  boost::system::error_code ec;
  for (char part[65536]; !ec;)
    bytes.append(part, socket.read_some(net::buffer(part), ec));
  server.join();
  std::vector<std::uint64_t> result;
  for (auto i = bytes.find("\r\n\r\n") + 4; i + 2 <= bytes.size();) {
    auto byte = [&](std::size_t at) {
      return static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[at]));
    };
    auto size = byte(i + 1);
    std::size_t header = 2;
    if (auto more = size == 126 ? 2u : size == 127 ? 8u : 0u; more > 0) {
      size = 0;
      for (std::size_t k = 0; k < more; ++k)
        size = size << 8 | byte(i + 2 + k);
      header += more;
    }
    result.push_back(size);
    i += header + size;
  }
  return result;
}

int main() {
  // Letters at random, of which each takes about 5 bits.
  std::mt19937 random{1};
  std::string text(30'000, ' ');
  for (auto& c : text)
    c = static_cast<char>('a' + random() % 26);
  auto plain = frames(text, false);
  auto compressed = frames(text, true);
  std::cout << "not compressed: " << plain.size() << " frame of " << plain[0]
            << " bytes\ncompressed: " << compressed.size() << " frames, of";
  for (auto x : compressed)
    std::cout << ' ' << x;
  std::cout << " bytes" << std::endl;
  return plain.size() == 1 && compressed.size() > 1 ? 0 : 1;
}
CPP
g++ -std=c++17 -isystem root/usr/include main.cpp -o main -pthread
timeout 60 ./main
