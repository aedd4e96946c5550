#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace flamigo::detail {

/// While one lives, what the calling thread finds in a structure that is read
/// without a lock is not freed: read-copy-update, with one counter a thread. It
/// writes to a cache line of the thread's own and to no other.
///
/// For a short walk that runs nobody else's code: whoever changes the structure
/// may wait for its end. A section has no other inside.
///
/// What leads to what is freed is read and unlinked by sequentially consistent
/// operations (which a reader does not pay for on common processors): either
/// who changes it sees the section, or the section does not see what is
/// unlinked.
class read_section {
  /// A thread's place, which another one has when it has ended.
  struct alignas(64) place {
    /// Odd while its thread reads.
    std::atomic<std::uint64_t> turns = 0;
    std::atomic<bool> taken = true;
    place* next = nullptr;
  };

public:
  read_section() : mine_(current_ != nullptr ? current_ : join()) {
    auto turns = mine_->turns.load(std::memory_order_relaxed);
    mine_->turns.store(turns + 1, std::memory_order_seq_cst);
  }

  read_section(const read_section&) = delete;

  read_section& operator=(const read_section&) = delete;

  ~read_section() {
    auto turns = mine_->turns.load(std::memory_order_relaxed);
    mine_->turns.store(turns + 1, std::memory_order_release);
    if (mine_ != current_)
      give_back(*mine_);
  }

  /// Waits until the sections have ended that began before. What was unlinked
  /// before the call can be freed then. Not inside a section.
  static void synchronize() noexcept;

  /// How many threads may read at once before another place is made: as many
  /// as ever did. For tests.
  static std::size_t places() noexcept;

private:
  struct thread_end;

  static place* join();

  static void give_back(place& what) noexcept {
    what.taken.store(false, std::memory_order_release);
  }

  /// Null before the thread's first section, and again at its end.
  static inline constinit thread_local place* current_ = nullptr;

  /// All that were ever made. They are few, and stay.
  static inline constinit std::atomic<place*> all_ = nullptr;

  place* mine_;
};

} // namespace flamigo::detail
