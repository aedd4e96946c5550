#include "poller.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <unistd.h>

#include "connection.hpp"
#include "frame.hpp"

namespace flamigo::load {

namespace {

int control(int epoll, int operation, int fd, connection& who,
            std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &who;
  return epoll_ctl(epoll, operation, fd, &event);
}

void require(int result, const char* what) {
  if (result < 0)
    throw std::system_error{errno, std::generic_category(), what};
}

} // namespace

poller::poller()
  : epoll_(epoll_create1(EPOLL_CLOEXEC)), buffer_(2 * max_frame_bytes) {
  require(epoll_, "epoll_create1");
}

poller::~poller() {
  ::close(epoll_);
}

void poller::watch(int fd, connection& who, std::uint32_t events) {
  require(control(epoll_, EPOLL_CTL_ADD, fd, who, events), "epoll_ctl");
}

void poller::rewatch(int fd, connection& who, std::uint32_t events) {
  require(control(epoll_, EPOLL_CTL_MOD, fd, who, events), "epoll_ctl");
}

void poller::turn(clock::time_point deadline) {
  flush();
  auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - now_);
  auto timeout = std::clamp<std::int64_t>(left.count(), 0, 60'000);
  auto count = epoll_wait(epoll_, events_.data(),
                          static_cast<int>(events_.size()),
                          static_cast<int>(timeout));
  update_now();
  if (count < 0 && errno != EINTR)
    require(count, "epoll_wait");
  for (int i = 0; i < count; ++i) {
    auto& event = events_[static_cast<std::size_t>(i)];
    static_cast<connection*>(event.data.ptr)->ready(event.events);
  }
  flush();
}

void poller::flush() {
  // A connection that fails to send may cause another one to send.
  while (!to_flush_.empty()) {
    flushing_.swap(to_flush_);
    for (auto* who : flushing_)
      who->flush();
    flushing_.clear();
  }
}

} // namespace flamigo::load
