#include <array>
#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>

#include <sys/socket.h>
#include <unistd.h>

#include "flamigo/http/detail/server_core.hpp"
#include "flamigo/http/detail/session.hpp"
#include "flamigo/io/detail/io_thread.hpp"
#include "flamigo/websocket/detail/websocket_endpoint.hpp"
#include "messages.hpp"
#include "scenarios.hpp"
#include "world.hpp"

namespace {

using namespace flamigo;

constexpr std::string_view upgrade
  = "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";

/// A short text frame of a client, masked with zeros (RFC 6455, 5.2).
std::string text_frame(std::string_view text) {
  std::string result{"\x81"};
  result.push_back(static_cast<char>(0x80 | text.size()));
  return result.append(4, '\0').append(text);
}

class socket_call final : public scenario {
public:
  socket_call() {
    where_.strategies.add("app::chat:post", [](const post& in) {
      return posted{in.text.size()};
    });
    where_.strategies.seal();
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, fds_) != 0)
      throw std::runtime_error{"socketpair"};
    std::make_shared<detail::session>(core_, loop_, requests_,
                                      detail::stream_socket{fds_[1]},
                                      detail::request_peer{})
      ->start();
    if (!exchange(upgrade))
      throw std::runtime_error{"the upgrade was not answered"};
  }

  ~socket_call() override {
    ::close(fds_[0]);
    settle();
  }

  bool run(int rounds) override {
    for (int i = 0; i < rounds; ++i)
      if (!exchange(frame_))
        return false;
    return true;
  }

private:
  void settle() {
    loop_.context().restart();
    loop_.context().poll();
    where_.run();
  }

  bool exchange(std::string_view bytes) {
    if (::send(fds_[0], bytes.data(), bytes.size(), 0) < 0)
      return false;
    settle();
    return ::recv(fds_[0], reply_.data(), reply_.size(), MSG_DONTWAIT) > 0;
  }

  world where_;
  detail::server_core core_{{}, {}, "here:0"};
  detail::websocket_endpoint websocket_{core_, where_.env};
  detail::io_thread loop_{where_.system, std::chrono::hours{1}, 65'536};
  detail::request_runner requests_{where_.env.application, loop_};
  std::string frame_ = text_frame(post_frame);
  std::array<char, 4096> reply_;
  int fds_[2];
};

} // namespace

std::unique_ptr<scenario> make_socket_call() {
  return std::make_unique<socket_call>();
}
