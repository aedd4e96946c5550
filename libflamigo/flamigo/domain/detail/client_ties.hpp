#pragma once

#include <cstddef>
#include <unordered_map>

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>

namespace flamigo::detail {

/// The clients that a domain actor has subscribed to something, if that is to
/// end with it. What it was, the clients know. In the domain actor only.
class client_ties {
public:
  /// Has a client forget what this domain actor has subscribed it to.
  using release = void (*)(const caf::actor& client, caf::actor_id domain);

  void add(const caf::actor& client, release how);

  /// Releases all of them.
  void end(caf::actor_id domain);

  /// Of clients, with some that have ended.
  std::size_t size() const noexcept {
    return clients_.size();
  }

private:
  struct tie {
    caf::actor_addr client;
    release how;
  };

  std::unordered_map<caf::actor_id, tie> clients_;
  std::size_t sweep_at_ = 64;
};

} // namespace flamigo::detail
