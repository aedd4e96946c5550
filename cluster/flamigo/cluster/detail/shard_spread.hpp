#pragma once

#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "flamigo/cluster/detail/lease_clock.hpp"

namespace flamigo::detail {

/// Decides whether a node is to have one shard of a domain, so that shards are
/// spread over the nodes: each node computes the same place for it, which moves
/// only when that node comes or goes. The lease alone says who has it. Has
/// neither a clock nor a network.
class shard_spread {
public:
  using time_point = lease_clock::time_point;

  enum class advice {
    /// This node should get it, and keep it.
    take,
    /// Another one should.
    leave,
  };

  /// How a node sees the others.
  struct view {
    time_point now;
    /// This one.
    std::string self;
    /// The others that host it and have been there for a while, by their ids.
    std::vector<std::string> settled;
    /// All others that are there, those as well.
    std::vector<std::string> present;
    /// Which one holds the lease, as far as is known.
    std::string holder;
    /// Whether this one does.
    bool held = false;
  };

  /// A node that should have it has so long; then it is taken for one that
  /// cannot have it.
  static constexpr std::chrono::seconds patience{5};

  explicit shard_spread(std::string name) : name_(std::move(name)) {
  }

  advice look(const view& what);

private:
  /// Who should have it, of those that have not declined.
  std::string place(const view& what) const;

  const std::string name_;
  std::set<std::string> declined_;
  bool is_vacant_ = false;
  time_point vacant_since_{};
};

} // namespace flamigo::detail
