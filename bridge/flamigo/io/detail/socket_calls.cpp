#include "flamigo/io/detail/socket_calls.hpp"

#include <cerrno>
#include <iterator>

#include <sys/socket.h>
#include <sys/uio.h>

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

std::size_t receive_some(int fd, std::span<char> to, error_code& ec,
                         int flags) noexcept {
  flags |= MSG_DONTWAIT;
  auto size = attempt([&] { return ::recv(fd, to.data(), to.size(), flags); },
                      ec);
  if (size == 0 && !ec)
    ec = net::error::eof;
  return size;
}

std::size_t send_some(int fd, std::string_view what, bool more,
                      error_code& ec) noexcept {
  auto flags = MSG_DONTWAIT | MSG_NOSIGNAL | (more ? MSG_MORE : 0);
  return unless_blocked(
    [&] { return ::send(fd, what.data(), what.size(), flags); }, ec);
}

std::size_t send_some(int fd, std::string_view first, std::string_view second,
                      error_code& ec) noexcept {
  iovec parts[] = {part_of(first), part_of(second)};
  msghdr what{};
  what.msg_iov = parts;
  what.msg_iovlen = std::size(parts);
  return unless_blocked(
    [&] { return ::sendmsg(fd, &what, MSG_DONTWAIT | MSG_NOSIGNAL); }, ec);
}

} // namespace flamigo::detail
