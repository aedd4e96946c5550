#include "flamigo/io/detail/stream_socket.hpp"

#include <algorithm>
#include <cerrno>
#include <iterator>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>
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

/// The same for one that writes: it is no error that nothing fits.
template <class Call>
std::size_t unless_blocked(Call call, error_code& ec) {
  auto size = attempt(call, ec);
  if (ec == net::error::would_block)
    ec = {};
  return size;
}

iovec part_of(std::string_view text) {
  // Which is only read.
  return {const_cast<char*>(text.data()), text.size()};
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

std::size_t stream_socket::write_some(std::string_view from, error_code& ec,
                                      behind next) noexcept {
  auto flags = MSG_DONTWAIT | MSG_NOSIGNAL;
  if (next == behind::end)
    flags |= MSG_MORE;
  return unless_blocked(
    [&] { return ::send(fd_, from.data(), from.size(), flags); }, ec);
}

std::size_t stream_socket::write_some(std::string_view first,
                                      std::string_view second,
                                      error_code& ec) noexcept {
  iovec parts[] = {part_of(first), part_of(second)};
  msghdr what{};
  what.msg_iov = parts;
  what.msg_iovlen = std::size(parts);
  return unless_blocked(
    [&] { return ::sendmsg(fd_, &what, MSG_DONTWAIT | MSG_NOSIGNAL); }, ec);
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
  ::shutdown(fd_, SHUT_WR);
}

void stream_socket::close() noexcept {
  if (fd_ >= 0)
    ::close(std::exchange(fd_, -1));
}

} // namespace flamigo::detail
