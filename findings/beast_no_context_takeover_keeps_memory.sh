#!/usr/bin/env bash
# Beast: a connection without context takeover keeps the whole deflater.
#
# Expected: where `server_no_context_takeover` was agreed (RFC 7692, 7.1.1.1) no
#   message builds on another, which is there so that an endpoint need not
#   remember anything between messages: a connection that is idle has no
#   compressor, or shares one.
# Instead: the stream resets its compressor before the next message and keeps
#   its buffers, as large as with a context, for as long as it is open. Ten
#   thousand connections that were sent something hold more than a gigabyte either way.
#
# Boost.Beast 1.81 (Debian's libboost1.81-dev 1.81.0-5+deb12u1), g++ 12.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get download -q libboost1.81-dev=1.81.0-5+deb12u1 >/dev/null
for package in ./*.deb; do dpkg -x "$package" root; done

cat >main.cpp <<'CPP'
#include <cstddef>
#include <deque>
#include <iostream>
#include <string>

#include <malloc.h>

#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>

namespace net = boost::asio;
namespace websocket = boost::beast::websocket;
using unix_socket = net::local::stream_protocol::socket;

std::size_t allocated() {
  auto info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

/// What a server keeps for each of some connections when each was sent one
/// message and nothing is under way.
std::size_t bytes_each(bool compressed, bool takes_context) {
  constexpr std::size_t count = 100;
  net::io_context context;
  std::deque<websocket::stream<unix_socket>> servers;
  std::deque<unix_socket> clients;
  auto before = allocated();
  for (std::size_t i = 0; i < count; ++i) {
    auto& client = clients.emplace_back(context);
    unix_socket end{context};
    net::local::connect_pair(client, end);
    net::write(client,
               net::buffer(std::string{
                 "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
                 "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                 "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                 "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"}));
    auto& ws = servers.emplace_back(std::move(end));
    websocket::permessage_deflate deflate;
    deflate.server_enable = compressed;
    deflate.server_no_context_takeover = !takes_context;
    ws.set_option(deflate);
    ws.accept();
    ws.write(net::buffer(std::string(200, 'x')));
  }
  return (allocated() - before) / count;
}

int main() {
  auto plain = bytes_each(false, true);
  auto with = bytes_each(true, true) - plain;
  auto without = bytes_each(true, false) - plain;
  std::cout << "for compression, a connection keeps " << with
            << " bytes with context takeover, " << without << " without"
            << std::endl;
  return without > with * 9 / 10 && without > 50'000 ? 0 : 1;
}
CPP
g++ -std=c++17 -isystem root/usr/include main.cpp -o main -pthread
timeout 60 ./main
