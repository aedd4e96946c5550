#include "flamigo/bridge/detail/stream_socket.hpp"

#include <cerrno>

#include <sys/socket.h>
#include <unistd.h>

namespace flamigo::detail {

namespace {

/// Repeats a call that a signal has interrupted.
template <class Call>
std::size_t attempt(Call call, error_code& ec) {
  for (;;) {
    auto size = call();
    if (size >= 0) {
      ec = {};
      return static_cast<std::size_t>(size);
    }
    if (errno == EINTR)
      continue;
    ec = errno == EAGAIN ? error_code{net::error::would_block}
                         : error_code{errno, boost::system::system_category()};
    return 0;
  }
}

} // namespace

stream_socket::~stream_socket() {
  close();
}

std::size_t stream_socket::read_some(std::span<char> to,
                                     error_code& ec) noexcept {
  auto size = attempt(
    [&] { return ::recv(fd_, to.data(), to.size(), MSG_DONTWAIT); }, ec);
  if (size == 0 && !ec)
    ec = net::error::eof;
  return size;
}

bool stream_socket::readable() const noexcept {
  char next;
  return ::recv(fd_, &next, 1, MSG_DONTWAIT | MSG_PEEK) > 0;
}

std::size_t stream_socket::write_some(std::string_view from,
                                      error_code& ec) noexcept {
  auto size = attempt(
    [&] {
      return ::send(fd_, from.data(), from.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    },
    ec);
  if (ec == net::error::would_block)
    ec = {};
  return size;
}

void stream_socket::shut_down() noexcept {
  ::shutdown(fd_, SHUT_WR);
}

void stream_socket::close() noexcept {
  if (fd_ >= 0)
    ::close(std::exchange(fd_, -1));
}

} // namespace flamigo::detail
