#include "flamigo/io/detail/socket_poller.hpp"

#include <array>
#include <cerrno>
#include <system_error>

#include <sys/epoll.h>

namespace flamigo::detail {

namespace {

constexpr std::size_t max_batch = 128;

int make_epoll() {
  auto fd = ::epoll_create1(EPOLL_CLOEXEC);
  if (fd < 0)
    throw std::system_error{errno, std::system_category(), "epoll_create1"};
  return fd;
}

} // namespace

socket_poller::socket_poller(net::io_context& context)
  : descriptor_(context, make_epoll()) {
}

void socket_poller::add(int fd, watcher& who, error_code& ec) {
  epoll_event what{};
  what.events = EPOLLIN;
  what.data.ptr = &who;
  if (::epoll_ctl(descriptor_.native_handle(), EPOLL_CTL_ADD, fd, &what) < 0)
    ec = {errno, boost::system::system_category()};
}

void socket_poller::watch(int fd, watcher& who, bool read, bool write) {
  epoll_event what{};
  if (read)
    what.events |= EPOLLIN;
  if (write)
    what.events |= EPOLLOUT;
  what.data.ptr = &who;
  auto set = descriptor_.native_handle();
  if (::epoll_ctl(set, EPOLL_CTL_MOD, fd, &what) < 0 && errno == ENOENT)
    ::epoll_ctl(set, EPOLL_CTL_ADD, fd, &what);
}

void socket_poller::release(int fd) {
  ::epoll_ctl(descriptor_.native_handle(), EPOLL_CTL_DEL, fd, nullptr);
}

void socket_poller::remove(int fd, const watcher& who) {
  if (fd >= 0)
    release(fd);
  // One connection may end another whose turn would come.
  for (auto& what : batch_)
    if (what.data.ptr == &who)
      what.data.ptr = nullptr;
}

std::size_t socket_poller::dispatch() {
  std::array<epoll_event, max_batch> events;
  auto count = ::epoll_wait(descriptor_.native_handle(), events.data(),
                            static_cast<int>(events.size()), 0);
  if (count <= 0)
    return 0;
  batch_ = std::span{events}.first(static_cast<std::size_t>(count));
  for (auto& what : batch_)
    if (auto* who = static_cast<watcher*>(what.data.ptr))
      who->on_ready((what.events & ~std::uint32_t{EPOLLOUT}) != 0,
                    (what.events & EPOLLOUT) != 0);
  auto result = batch_.size();
  batch_ = {};
  return result;
}

} // namespace flamigo::detail
