#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flamigo::detail {

/// The events that one client of Socket.IO was sent, counted, and where those
/// of its channels stand: what a position that the client shows when it comes
/// back means. Goes on over all connections by which it is recovered.
class position_log {
public:
  /// Stretches of events of one channel that are remembered. Who is further
  /// behind is not recovered.
  static constexpr std::size_t max_runs = 2'048;

  /// A position is of this log if it has the tag. No other log of the same
  /// client has the same: a client that was sent nothing by this one shows what
  /// it has of the one before.
  explicit position_log(std::string tag);

  /// Counts an event. `offsets` is how a frame of ours ends that has its
  /// offsets, from the comma before them on; shorter if it has none.
  void add(std::string_view offsets);

  /// Appends the position of the last event.
  void append_position(std::string& out) const;

  /// Who has not got the last event does not know that it has missed something,
  /// and is not recovered.
  void cut() noexcept;

  /// How many events a client has that shows this position, perhaps an empty
  /// one. None if it cannot be told any more what it has not.
  std::optional<std::uint64_t> read(std::string_view position) const;

  /// The first event of a topic of which a client was sent and that is not
  /// among its first `count` events; none if there is no such event.
  std::optional<std::uint64_t> first_behind(std::uint64_t count,
                                            std::string_view topic) const;

  /// What it takes, about.
  std::size_t bytes() const noexcept;

private:
  /// Events that follow each other, here as in their channel.
  struct run {
    std::uint64_t count;
    std::uint64_t offset;
    std::uint32_t size;
    std::uint32_t name;
  };

  struct name {
    /// As it stands in a frame, in quotes; empty if this place is free.
    std::string text;
    std::uint64_t newest = 0;
    std::size_t runs = 0;
  };

  void add(std::string_view topic, std::uint64_t offset);

  std::uint32_t name_of(std::string_view topic);

  void forget(std::uint32_t which);

  void release(std::uint32_t which);

  std::string tag_;
  std::uint64_t count_ = 0;
  /// With fewer events nobody is recovered.
  std::uint64_t floor_ = 0;
  std::deque<run> runs_;
  std::vector<name> names_;
  /// The one that was last.
  std::uint32_t recent_ = 0;
};

} // namespace flamigo::detail
