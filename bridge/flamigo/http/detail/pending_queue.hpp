#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <list>
#include <utility>

#include "flamigo/http/detail/request_peer.hpp"
#include "flamigo/http/detail/server_core.hpp"
#include "flamigo/io/detail/io_thread.hpp"
#include "flamigo/io/detail/stream_socket.hpp"

namespace flamigo::detail {

/// Why a socket waits no longer.
enum class departure {
  /// It is served from now on.
  done,
  failed,
  /// It had no more time.
  expired,
  /// Too many have come behind it.
  displaced,
  /// The program ends.
  ended,
};

/// Sockets of one I/O thread that are not served yet, the oldest first: a
/// bounded number, each with a deadline. For that thread, except for making and
/// destroying it while the thread does not run.
template <class T>
class pending_queue : public resident {
public:
  /// Called with a socket that is to be served, and whoever is at the other end
  /// of it.
  using done_hook = std::function<void(stream_socket, request_peer)>;

  ~pending_queue() override {
    thread_.remove(*this);
  }

  void tick(time_point now) final {
    // As at the front of a queue, all have the same time.
    while (!under_way_.empty() && under_way_.front().deadline <= now)
      drop(under_way_.front(), departure::expired);
  }

  void drain() final {
    auto last = thread_.look_at_clock() + core_.options.drain_timeout / 4;
    for (auto& x : under_way_)
      x.deadline = std::min(x.deadline, last);
  }

  void cut() final {
    while (!under_way_.empty())
      drop(under_way_.front(), departure::ended);
  }

protected:
  pending_queue(server_core& core, io_thread& thread, std::size_t most,
                done_hook done)
    : core_(core), thread_(thread), most_(most), done_(std::move(done)) {
    thread_.add(*this);
  }

  /// Begins one that is made of these. One that is too many ends the oldest.
  template <class... Ts>
  void add(Ts&&... xs) {
    if (under_way_.size() >= most_)
      drop(under_way_.front(), departure::displaced);
    under_way_.emplace_back(std::forward<Ts>(xs)...);
    error_code ec;
    under_way_.back().start(ec);
    if (ec)
      drop(under_way_.back(), departure::failed);
  }

  /// This one is to be served.
  void finish(T& which) {
    auto peer = which.peer();
    auto socket = which.take();
    // First, since both count as open.
    drop(which, departure::done);
    done_(std::move(socket), std::move(peer));
  }

  void drop(const T& which, departure why) {
    leaving(which, why);
    under_way_.remove_if([&](auto& x) { return &x == &which; });
  }

  server_core& core_;
  io_thread& thread_;

private:
  /// This one ends.
  virtual void leaving(const T&, departure) {
    // nop
  }

  std::size_t most_;
  done_hook done_;
  std::list<T> under_way_;
};

} // namespace flamigo::detail
