// Everything that a peer can send: arbitrary bytes go through the socket of a
// connection, raw or behind a valid handshake. Whatever they are, the server
// answers in whole frames of its own, forgets the connection when the peer is
// gone, and no actor is left.

#include <cstdint>
#include <string>
#include <string_view>

#include "flamigo/domain/host.hpp"
#include "fuzz/fuzz_server.hpp"

namespace {

using namespace flamigo;
using test::require;

constexpr std::string_view handshake
  = "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";

constexpr std::string_view offer
  = "Sec-WebSocket-Extensions: permessage-deflate\r\n";

domain_behavior desk(domain_actor<>*) {
  return {on("app::desk:echo", [](const raw_json& in) { return in; })};
}

struct harness : test::fuzz_server {
  harness() {
    core.options.compression = true;
    strategies.add("app::t:echo", [](const raw_json& in) { return in; });
    supervisor = host(application, {}, desk);
    scheduler.run();
  }

  caf::actor supervisor;
};

/// Whether the bytes are whole, unmasked frames, the last one possibly cut, and
/// nothing stands behind a close frame.
void check_frames(std::string_view bytes, bool compressed) {
  auto closed = false;
  while (bytes.size() >= 2) {
    auto first = static_cast<unsigned char>(bytes[0]);
    auto length = static_cast<unsigned char>(bytes[1]);
    auto opcode = first & 15;
    require((first & (compressed ? 0x30 : 0x70)) == 0 && (length & 0x80) == 0);
    // Beast cuts what it compresses.
    require(opcode == 1 || (opcode >= 8 && opcode <= 10)
            || (compressed && opcode == 0));
    require(!closed);
    closed = opcode == 8;
    std::size_t header = 2;
    std::size_t size = length;
    if (length >= 126) {
      auto count = length == 126 ? 2u : 8u;
      header += count;
      if (bytes.size() < header)
        return;
      size = 0;
      for (std::size_t i = 2; i < header; ++i)
        size = size << 8 | static_cast<unsigned char>(bytes[i]);
    }
    if (bytes.size() < header + size)
      return;
    bytes.remove_prefix(header + size);
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  static auto& h = *new harness;
  if (size == 0)
    return 0;
  // The first byte says how the input begins and in what portions it comes.
  auto shaken = (data[0] & 1) != 0;
  auto portion = std::size_t{1} << (data[0] >> 1 & 15);
  auto compressed = shaken && (data[0] & 0x20) != 0;
  std::string input;
  if (shaken)
    input.append(handshake).append(compressed ? offer : "").append("\r\n");
  input.append(reinterpret_cast<const char*>(data + 1), size - 1);
  auto peer = h.connect();
  std::string output;
  for (std::size_t at = 0; at < input.size(); at += portion) {
    if (!test::send(peer, std::string_view{input}.substr(at, portion)))
      break;
    h.settle();
    output += test::receive(peer);
  }
  ::close(peer);
  h.settle();
  if (shaken) {
    auto end = output.find("\r\n\r\n");
    require(output.starts_with("HTTP/1.1 101") && end != std::string::npos);
    check_frames(std::string_view{output}.substr(end + 4), compressed);
  }
  require(h.core.open == 0 && h.watch.open() == 0);
  return 0;
}
