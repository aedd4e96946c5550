#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "flamigo/presence/detail/presence_room.hpp"
#include "flamigo/presence/presence_change.hpp"
#include "flamigo/presence/presence_list.hpp"
#include "flamigo/presence/presence_member.hpp"

namespace flamigo::detail {

/// All channels in which somebody is. Thread-safe: threads that are busy with
/// different channels hardly ever meet.
class presence_rooms {
public:
  /// True if changes are to be taken and nobody was told so before. Throws
  /// std::bad_alloc, and the connection is not seen as `who` then.
  bool set(std::string_view channel, const presence_member& who,
           std::string_view before, std::size_t max_bytes);

  /// As above.
  bool remove(std::string_view channel, std::string_view key,
              std::string_view connection_id) noexcept;

  presence_list list(std::string_view channel);

  /// From here on somebody is to be called again.
  void answer_call() noexcept {
    is_called_ = false;
  }

  /// In so many parts changes are taken.
  static constexpr std::size_t parts = 16;

  /// Channels in which somebody is or was just now, and everybody in all of
  /// them, a key once for each.
  struct figures {
    std::size_t channels;
    std::size_t people;
  };

  figures count();

  /// What has changed since in one of the parts, of each channel one. By one
  /// thread at a time. Throws std::bad_alloc, and nothing was taken then.
  std::vector<presence_change> take_changes(std::size_t part);

private:
  struct named_room {
    std::string channel = {};
    presence_room people = {};
    bool is_changed = false;
  };

  struct shard {
    named_room* find(std::string_view channel) noexcept;

    bool set(named_room& where, const presence_member& who,
             std::size_t max_bytes);

    bool remove(named_room& where, std::string_view key,
                std::string_view connection_id) noexcept;

    std::mutex mutex;
    std::unordered_map<std::string_view, std::unique_ptr<named_room>> rooms;
    /// With room for all.
    std::vector<named_room*> changed;
    /// Of the last change that was taken: of any room, so that one which was
    /// empty meanwhile does not begin anew.
    std::uint64_t version = 0;
    std::size_t people = 0;
  };

  shard& shard_of(std::string_view channel) noexcept;

  static named_room& room_of(shard& where, std::string_view channel);

  /// It is looked at when changes are taken.
  static void note(shard& where, named_room& what) noexcept;

  /// Whether somebody has to be called.
  bool is_due(const named_room& what) noexcept;

  std::array<shard, parts> shards_;
  std::atomic<bool> is_called_ = false;
};

} // namespace flamigo::detail
