#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

#include "flamigo/cluster/detail/member_note.hpp"
#include "flamigo/cluster/detail/note_log.hpp"
#include "flamigo/presence/presence_engine.hpp"

namespace flamigo::detail {

/// Knows who is in which channel of all nodes: each tells the others of its own
/// members, and keeps theirs in its own engine as if they were here. So there
/// is one writer for each member, and nothing to agree on.
///
/// Members of several nodes with the same key are ordered by when they came, by
/// their nodes' clocks.
class cluster_presence final : public presence_engine {
public:
  /// Milliseconds since 1970. Any thread.
  using clock = std::function<std::uint64_t()>;

  /// `local` outlives it. `wake` has the others told soon, on any thread.
  cluster_presence(presence_engine& local, std::function<void()> wake,
                   clock now = system_time);

  static std::uint64_t system_time();

  // -- presence_engine: any thread --------------------------------------------

  void set(std::string_view channel, const presence_member& who,
           std::string_view before, std::size_t max_bytes) override;

  void remove(std::string_view channel, std::string_view key,
              std::string_view connection_id) override;

  void list(std::string_view channel, list_receiver then) override;

  // -- on the relay's thread --------------------------------------------------

  /// Those of this node.
  note_log<member_note>& mine() noexcept {
    return mine_;
  }

  /// Somebody is seen on another node. False if there cannot be such a one.
  bool add(const shared_member& what);

  /// He is not any more.
  void remove(std::string_view id);

  /// The others are not told any more.
  void leave() noexcept;

private:
  presence_engine& local_;
  std::function<void()> wake_;
  clock now_;
  note_log<member_note> mine_;
  std::atomic<bool> has_left_ = false;
};

} // namespace flamigo::detail
