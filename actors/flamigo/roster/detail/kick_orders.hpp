#pragma once

#include <mutex>
#include <string>
#include <unordered_set>
#include <utility>

#include "flamigo/claims/claims.hpp"

namespace flamigo::detail {

/// Whom the roster is to disconnect. However many orders come, one message of
/// them waits for the roster, and what is said twice is kept once.
///
/// An order is carried out when a message comes that was sent after it, so that
/// it concerns everyone who was there before. Thread-safe.
class kick_orders {
public:
  struct batch {
    std::unordered_set<std::string> users;
    std::unordered_set<std::string> connections;

    bool empty() const noexcept {
      return users.empty() && connections.empty();
    }

    bool concerns(const claims& who) const {
      return (who.user && users.contains(who.user->id))
             || connections.contains(who.connection_id);
    }
  };

  /// Whether a message has to be sent now.
  bool add_user(std::string id) {
    std::lock_guard guard{mtx_};
    bucket().users.insert(std::move(id));
    return !std::exchange(announced_, true);
  }

  /// As above.
  bool add_connection(std::string id) {
    std::lock_guard guard{mtx_};
    bucket().connections.insert(std::move(id));
    return !std::exchange(announced_, true);
  }

  /// What a message stands for that has come, and whether another one has to
  /// be sent, for what was ordered since it was sent.
  std::pair<batch, bool> take() {
    std::lock_guard guard{mtx_};
    auto result = std::exchange(current_, std::exchange(next_, {}));
    announced_ = !current_.empty();
    return {std::move(result), announced_};
  }

private:
  batch& bucket() noexcept {
    return announced_ ? next_ : current_;
  }

  std::mutex mtx_;
  /// Of the message that is on its way.
  batch current_;
  batch next_;
  bool announced_ = false;
};

} // namespace flamigo::detail
