#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include <caf/error.hpp>

#include "flamigo/bus/event.hpp"
#include "flamigo/bus/event_stage.hpp"

namespace flamigo::detail {

/// What was published here, until it comes back from the journal.
class own_events {
public:
  /// Beyond these an event is refused.
  static constexpr std::size_t max_events = 16'384;
  static constexpr std::size_t max_bytes = 16 * 1'024 * 1'024;

  struct entry {
    event_ptr what;
    event_stage::delivery then;
    /// The event as it is written.
    std::string text;
    /// Set when it is gathered.
    std::uint64_t number = 0;
  };

  /// Any thread. Fails if too much waits, or for the reason that was given to
  /// `refuse`. `first` says that nothing waited to be gathered.
  caf::error add(entry what, bool& first);

  /// How many there are. Any thread.
  std::size_t count() const;

  // -- the relay's thread -----------------------------------------------------

  /// What comes from now on fails.
  void refuse(caf::error why);

  void accept();

  /// Numbers what came.
  void gather();

  /// In order; those from `sent` on have to be written.
  const std::deque<entry>& all() const noexcept {
    return all_;
  }

  std::size_t sent = 0;

  /// Whose numbers these are.
  const std::string& writer() const noexcept {
    return writer_;
  }

  /// Numbers all that waits from 1 on.
  void begin_as(std::string writer);

  /// The first one, which waits no more.
  entry take_first();

  /// All of them, and what was not gathered.
  std::vector<entry> take_all();

private:
  std::string writer_;
  std::uint64_t last_ = 0;
  std::deque<entry> all_;
  mutable std::mutex mtx_;
  caf::error refused_;
  std::size_t count_ = 0;
  std::size_t bytes_ = 0;
  std::vector<entry> coming_;
};

} // namespace flamigo::detail
