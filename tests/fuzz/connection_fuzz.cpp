// Everything that a peer can send: arbitrary bytes go through the socket of a
// connection, raw or behind a valid handshake. Whatever they are, the server
// answers in whole frames of its own, forgets the connection when the peer is
// gone, and no actor is left.

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include <sys/socket.h>
#include <unistd.h>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/send.hpp>

#include "flamigo/actors/roster.hpp"
#include "flamigo/bridge/detail/io_thread.hpp"
#include "flamigo/bridge/detail/server_core.hpp"
#include "flamigo/bridge/detail/session.hpp"
#include "flamigo/host.hpp"
#include "flamigo/log.hpp"
#include "flamigo/strategy_registry.hpp"

namespace {

using namespace flamigo;

constexpr std::string_view handshake
  = "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";

struct config : caf::actor_system_config {
  config() {
    set("scheduler.policy", caf::atom("testing"));
  }
};

domain_behavior desk(domain_actor<>*) {
  return {on("app::desk:echo", [](const raw_json& in) { return in; })};
}

/// The server without threads; made once, since every input must leave it as it
/// was.
struct harness {
  harness()
    : scheduler(
      dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler())) {
    log::set_level(log::level::off);
    strategies.add("app::t:echo", [](const raw_json& in) { return in; });
    supervisor = host(application, {}, desk);
    scheduler.run();
  }

  void settle() {
    while (loop.context().poll() + scheduler.run() > 0)
      loop.context().restart();
    loop.context().restart();
  }

  config cfg;
  caf::actor_system system{cfg};
  caf::scheduler::test_coordinator& scheduler;
  strategy_registry strategies;
  bus events{system};
  services application{system, strategies, events};
  roster watch{events};
  caf::actor supervisor;
  client_environment env{application, {}, watch.handle()};
  detail::server_core core{env, {}, {}, "fuzz:0"};
  detail::io_thread loop{system, std::chrono::hours{1},
                         core.options.max_message_bytes};
};

void require(bool condition) {
  if (!condition)
    std::abort();
}

/// Whether the bytes are whole, unmasked frames, the last one possibly cut.
void check_frames(std::string_view bytes) {
  while (bytes.size() >= 2) {
    auto first = static_cast<unsigned char>(bytes[0]);
    auto length = static_cast<unsigned char>(bytes[1]);
    auto opcode = first & 15;
    require((first & 0x70) == 0 && (length & 0x80) == 0);
    require(opcode == 1 || (opcode >= 8 && opcode <= 10));
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

std::string drain(int fd) {
  std::string result;
  char buffer[65536];
  for (ssize_t n; (n = ::recv(fd, buffer, sizeof(buffer), MSG_DONTWAIT)) > 0;)
    result.append(buffer, static_cast<std::size_t>(n));
  return result;
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
  std::string input{shaken ? handshake : std::string_view{}};
  input.append(reinterpret_cast<const char*>(data + 1), size - 1);
  int fds[2];
  require(::socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
  {
    std::make_shared<detail::session>(h.core, h.loop,
                                      detail::stream_socket{fds[0]},
                                      detail::net::ip::tcp::endpoint{})
      ->start();
  }
  std::string output;
  for (std::size_t at = 0; at < input.size(); at += portion) {
    auto part = std::string_view{input}.substr(at, portion);
    if (::send(fds[1], part.data(), part.size(), MSG_NOSIGNAL | MSG_DONTWAIT)
        < 0)
      break;
    h.settle();
    output += drain(fds[1]);
  }
  ::close(fds[1]);
  h.settle();
  if (shaken) {
    auto end = output.find("\r\n\r\n");
    require(output.starts_with("HTTP/1.1 101") && end != std::string::npos);
    check_frames(std::string_view{output}.substr(end + 4));
  }
  require(h.core.open == 0 && h.watch.open() == 0);
  return 0;
}
