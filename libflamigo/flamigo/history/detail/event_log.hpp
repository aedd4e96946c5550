#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <caf/actor_clock.hpp>

#include "flamigo/history/detail/log_chunk.hpp"
#include "flamigo/history/event_place.hpp"
#include "flamigo/history/history_limits.hpp"
#include "flamigo/history/kept_event.hpp"

namespace flamigo::detail {

/// The events of one topic, oldest first, in few pieces of memory: an event
/// costs its frame and sixteen bytes, and what is outlived in the first piece
/// is a twelfth of the whole at most. The newest events have a piece each,
/// until there are enough for a larger one: what nobody needs is not allocated.
///
/// Not thread-safe; what it returns is.
class event_log {
public:
  using time_point = caf::actor_clock::time_point;

  using places_ptr = std::shared_ptr<const std::vector<event_place>>;

  /// What an event needs besides its frame.
  static constexpr std::size_t header_bytes = 16;

  /// Begins behind an offset.
  explicit event_log(std::uint64_t newest = 0) noexcept : newest_(newest) {
  }

  /// The offset of the newest event, 0 before the first.
  std::uint64_t newest() const noexcept {
    return newest_;
  }

  /// The offset of the oldest that is kept; after the newest if none is.
  std::uint64_t oldest() const noexcept {
    return newest_ + 1 - count_;
  }

  /// Of all that is allocated.
  std::size_t bytes() const noexcept {
    return allocated_;
  }

  /// Appends an event, which gets the next offset: `base` as of a `kept_event`,
  /// and what completes it for this topic alone. Throws std::bad_alloc, and
  /// nothing has happened then.
  kept_event append(std::string_view base, std::string_view rest,
                    places_ptr elsewhere, time_point now,
                    bytes_finder finder = nullptr);

  /// Undoes the last append, which nobody has seen; before anything else.
  void take_back() noexcept;

  /// Forgets what is beyond the limits.
  void trim(const history_limits& limits, time_point now);

  /// What comes behind an offset, which must be kept if there is something: as
  /// many events as have `max_bytes`, but one at least.
  std::vector<kept_event> read(std::uint64_t after,
                               std::size_t max_bytes) const;

private:
  /// Before each frame.
  struct header {
    std::uint32_t frame_size;
    std::uint32_t base_size;
    time_point time;
  };

  static_assert(sizeof(header) == header_bytes);

  /// An event's place.
  struct cursor {
    std::size_t chunk = 0;
    std::size_t byte = 0;
  };

  /// Puts the newest events into one piece.
  void join_fresh();

  header read_header(const cursor& where) const noexcept;

  /// Moves behind the event that stands there.
  void advance(cursor& where, const header& what) const noexcept;

  void drop_oldest(const header& what) noexcept;

  using places_list = std::vector<std::pair<std::uint64_t, places_ptr>>;

  using finder_list = std::vector<std::pair<std::uint64_t, bytes_finder>>;

  bytes_finder bytes_of(std::uint64_t offset) const noexcept;

  /// The first that is of this offset or behind it.
  places_list::const_iterator
  elsewhere_from(std::uint64_t offset) const noexcept;

  places_ptr elsewhere(std::uint64_t offset) const;

  std::vector<boost::intrusive_ptr<log_chunk>> chunks_;
  /// Pieces at the end that have one event each, and their bytes.
  std::size_t fresh_ = 0;
  std::size_t fresh_bytes_ = 0;
  /// Of the oldest event in the first chunk.
  std::size_t begin_ = 0;
  std::uint64_t newest_;
  std::uint64_t count_ = 0;
  /// Of the frames that are kept.
  std::size_t frames_ = 0;
  std::size_t allocated_ = 0;
  /// By offset, oldest first, with some that are no longer kept. Few events
  /// have one.
  places_list elsewhere_;
  /// In the same way, of those with bytes.
  finder_list finders_;
};

} // namespace flamigo::detail
