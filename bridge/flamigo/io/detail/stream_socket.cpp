#include "flamigo/io/detail/stream_socket.hpp"

#include <algorithm>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "flamigo/io/detail/socket_calls.hpp"

namespace flamigo::detail {

stream_socket::~stream_socket() {
  close();
}

std::size_t stream_socket::read_some(std::span<char> to,
                                     error_code& ec) noexcept {
  return layer_ ? layer_->read_some(fd_, to, ec) : receive_some(fd_, to, ec);
}

std::size_t stream_socket::look_ahead(std::span<char> to,
                                      error_code& ec) const noexcept {
  return receive_some(fd_, to, ec, MSG_PEEK);
}

bool stream_socket::readable() const noexcept {
  char next;
  return ::recv(fd_, &next, 1, MSG_DONTWAIT | MSG_PEEK) > 0;
}

std::size_t stream_socket::write_some(std::string_view from, error_code& ec,
                                      behind next) noexcept {
  auto more = next == behind::end;
  return layer_ ? layer_->write_some(fd_, from, {}, more, ec)
                : send_some(fd_, from, more, ec);
}

std::size_t stream_socket::write_some(std::string_view first,
                                      std::string_view second,
                                      error_code& ec) noexcept {
  return layer_ ? layer_->write_some(fd_, first, second, false, ec)
                : send_some(fd_, first, second, ec);
}

void stream_socket::give_up_after(std::chrono::nanoseconds time) noexcept {
  using std::chrono::milliseconds;
  constexpr milliseconds most = std::chrono::hours{24};
  auto limit = std::min(std::chrono::duration_cast<milliseconds>(time), most);
  auto value
    = static_cast<unsigned>(std::max<milliseconds::rep>(limit.count(), 1));
  ::setsockopt(fd_, IPPROTO_TCP, TCP_USER_TIMEOUT, &value, sizeof(value));
}

void stream_socket::shut_down() noexcept {
  if (layer_)
    layer_->shut_down(fd_);
  ::shutdown(fd_, SHUT_WR);
}

void stream_socket::close() noexcept {
  if (fd_ >= 0)
    ::close(std::exchange(fd_, -1));
  ticket_ = {};
}

} // namespace flamigo::detail
