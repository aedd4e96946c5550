#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "flamigo/client/detail/kept_client.hpp"
#include "flamigo/socketio/detail/position_log.hpp"
#include "flamigo/socketio/socket_io_options.hpp"

namespace flamigo::detail {

class io_thread;
class socket_io_client;

/// Clients of Socket.IO that may be recovered, by their `pid`: those that live,
/// and what is kept of those that are away. From any thread; only beginnings
/// and ends come here.
///
/// Bounds: as many clients and bytes as the options say; the one that has gone
/// first is forgotten for the next.
class kept_clients {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// What is kept of one.
  struct session {
    /// Its namespace.
    std::string where;
    kept_client what;
    position_log log;
    /// When it has gone.
    time_point since;
  };

  /// One that lives, and its thread.
  struct alive {
    std::weak_ptr<socket_io_client> who;
    io_thread* thread = nullptr;
  };

  explicit kept_clients(const socket_io_recovery& options);

  kept_clients(const kept_clients&) = delete;

  kept_clients& operator=(const kept_clients&) = delete;

  /// It lives.
  void add(const std::string& pid, alive who);

  /// It has gone, and may come again.
  void keep(const std::string& pid, session what, time_point now);

  /// It has gone for good.
  void drop(const std::string& pid);

  /// Takes what is kept of a client, which nobody gets a second time.
  std::optional<session> take(const std::string& pid, std::string_view where,
                              time_point now);

  /// One that is thought to live.
  alive find(const std::string& pid);

  /// What is kept.
  std::size_t size() const;

private:
  struct entry {
    std::string pid;
    session what;
    std::size_t bytes;
  };

  using entries = std::list<entry>;

  void erase(entries::iterator which);

  bool is_over(const session& what, time_point now) const noexcept {
    return now - what.since > options_.max_disconnection;
  }

  const socket_io_recovery options_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, alive> living_;
  /// The first one has been here for the longest time.
  entries kept_;
  std::unordered_map<std::string, entries::iterator> index_;
  std::size_t bytes_ = 0;
};

} // namespace flamigo::detail
