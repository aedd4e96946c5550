#pragma once

#include <cstddef>
#include <span>

#include <boost/asio/posix/stream_descriptor.hpp>

#include "flamigo/io/detail/asio.hpp"

struct epoll_event;

namespace flamigo::detail {

/// Tells the connections of one thread when their sockets may be read or
/// written. All are in one epoll set, which Asio's loop watches as a single
/// descriptor.
///
/// Asio enters a socket into its own set anew each time it is waited for, a
/// system call for every read; here it is entered once. And what is ready at
/// the same time is handled in one turn, whose output leaves together.
///
/// For one thread.
class socket_poller {
public:
  /// Whose socket is watched.
  class watcher {
  public:
    /// The socket can be read (or has failed, which reading tells), or written.
    /// Called again as long as that is so.
    virtual void on_ready(bool readable, bool writable) = 0;

  protected:
    ~watcher() = default;
  };

  /// Throws std::system_error when there is no descriptor left.
  explicit socket_poller(net::io_context& context);

  /// Watches for reading. The watcher must live until `remove`.
  void add(int fd, watcher& who, error_code& ec);

  /// Watches for this from now on, and tells this watcher. A socket that has
  /// failed is told as readable in any case. Enters one that was released by
  /// another poller.
  void watch(int fd, watcher& who, bool read, bool write);

  /// Does not watch this socket any more, nor call its watcher. Before it is
  /// closed as well: closing takes it out of the set only if no other process
  /// has it, such as a child of this one between fork and exec (epoll(7)). With
  /// a negative number only the watcher is forgotten.
  void remove(int fd, const watcher& who);

  /// Lets go of a socket that is going to another thread.
  void release(int fd);

  /// Calls the handler once, when some socket is ready.
  template <class Handler>
  void async_wait(Handler handler) {
    descriptor_.async_wait(net::posix::stream_descriptor::wait_read,
                           std::move(handler));
  }

  /// Tells the watchers of those that are ready, up to a bound, so that the
  /// others of this thread have their turn, too. Returns how many there were.
  std::size_t dispatch();

private:
  net::posix::stream_descriptor descriptor_;
  /// What is being dispatched.
  std::span<epoll_event> batch_;
};

} // namespace flamigo::detail
