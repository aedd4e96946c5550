#pragma once

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/client_frame.hpp"

namespace flamigo::test {

/// The peer's end of a WebSocket connection, over a pair of local sockets. It
/// blocks on nothing: what has not come yet is not read.
class socket_pair {
public:
  socket_pair() {
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, fds_) != 0)
      throw std::runtime_error{"socketpair"};
  }

  socket_pair(const socket_pair&) = delete;

  socket_pair& operator=(const socket_pair&) = delete;

  ~socket_pair() {
    close();
  }

  void close() {
    if (fds_[0] >= 0)
      ::close(std::exchange(fds_[0], -1));
  }

  /// Says that nothing more comes.
  void shut_down() {
    ::shutdown(fds_[0], SHUT_WR);
  }

  /// Whether the server has said that nothing more comes, and all is read.
  bool has_ended() {
    char next;
    return ::recv(fds_[0], &next, 1, MSG_DONTWAIT | MSG_PEEK) == 0;
  }

  /// The server's end, for whoever takes it over.
  int server_end() const noexcept {
    return fds_[1];
  }

  /// The peer's end, for whoever waits for it.
  int client_end() const noexcept {
    return fds_[0];
  }

  void send_bytes(std::string_view bytes) {
    while (!bytes.empty()) {
      auto n = ::send(fds_[0], bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0)
        throw std::runtime_error{"send"};
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
  }

  /// With whole lines of headers more.
  void upgrade(const std::string& headers = {}) {
    send_bytes("GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
               "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
               "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
               + headers + "\r\n");
  }

  /// One text frame.
  void send_text(std::string_view text) {
    send_bytes(frame(fin | opcode::text, text));
  }

  /// False, and nothing is sent, when there is no room for all of it.
  bool try_send(std::string_view bytes) {
    int room = 0;
    int used = 0;
    socklen_t size = sizeof(room);
    ::getsockopt(fds_[0], SOL_SOCKET, SO_SNDBUF, &room, &size);
    ::ioctl(fds_[0], TIOCOUTQ, &used);
    // The kernel counts its own overhead; leave as much as that may be.
    if (room - used < 8'192)
      return false;
    return ::send(fds_[0], bytes.data(), bytes.size(),
                  MSG_NOSIGNAL | MSG_DONTWAIT)
           == static_cast<ssize_t>(bytes.size());
  }

  /// What has come, at most so many bytes if that is said.
  std::string received(std::size_t most = std::string{}.max_size()) {
    std::string result;
    char buffer[65536];
    for (ssize_t n; (n = ::recv(fds_[0], buffer,
                                std::min(sizeof(buffer), most - result.size()),
                                MSG_DONTWAIT))
                    > 0;)
      result.append(buffer, static_cast<std::size_t>(n));
    return result;
  }

  /// How many bytes have come and were not read.
  std::size_t readable() const {
    int result = 0;
    ::ioctl(fds_[0], FIONREAD, &result);
    return static_cast<std::size_t>(result);
  }

private:
  int fds_[2];
};

} // namespace flamigo::test
