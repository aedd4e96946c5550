#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "flamigo/cluster/detail/held_lease.hpp"
#include "flamigo/cluster/detail/lease_keeper.hpp"
#include "flamigo/cluster/detail/lease_store.hpp"

namespace flamigo::detail {

/// The leases of one node: asks the store what their keepers want to know, and
/// tells what they say. Members are for the node's thread, unless they say
/// otherwise.
class cluster_leases {
public:
  /// The store outlives what it calls here.
  cluster_leases(std::string node_id, lease_store& store);

  void add(const std::string& name, lease_options options,
           std::shared_ptr<held_lease> what);

  /// See `lease_keeper::want`.
  void want(const held_lease& what, bool whether);

  void end(const held_lease& what);

  /// Several times a second.
  void tick();

  /// All are lost, which is told, and given back.
  void stop();

  /// Waits until they have been given back, or for this long. Any other thread.
  void wait_for_end(std::chrono::milliseconds limit);

private:
  struct one {
    lease_keeper keeper;
    std::string name;
    std::shared_ptr<held_lease> what;
    /// As it was told.
    std::uint64_t token = 0;
  };

  void go_on(const std::shared_ptr<one>& it);

  void tell(one& it);

  const std::string node_id_;
  lease_store& store_;
  std::vector<std::shared_ptr<one>> leases_;
  bool stops_ = false;
  std::mutex mtx_;
  std::condition_variable ended_;
  bool has_ended_ = false;
};

} // namespace flamigo::detail
