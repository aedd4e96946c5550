#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "flamigo/metrics/detail/metric_block.hpp"
#include "flamigo/metrics/detail/request_figures.hpp"
#include "flamigo/metrics/detail/turn_cells.hpp"

namespace flamigo {

namespace detail {

class metric_text;

} // namespace detail

/// What a program counts of itself. Each thread has a block of cells of its
/// own, in which it counts without locks; they are summed when somebody asks.
/// When a thread ends, its block stays, and is the next new thread's.
///
/// Thread-safe. It outlives all that counts.
class metric_registry {
public:
  /// For strategies with these names, by their numbers. The first one is shown
  /// for all that have no number.
  explicit metric_registry(std::vector<std::string> strategies);

  ~metric_registry();

  // -- counting ---------------------------------------------------------------

  /// The block of the calling thread.
  ///
  /// @private
  detail::metric_block& here() noexcept {
    if (owner_ == blocks_.get()) [[likely]]
      return *block_;
    return lease();
  }

  /// Where the I/O thread with this number counts its turns. It is there as
  /// long as this.
  ///
  /// @private
  detail::turn_cells& turns_of(std::size_t thread);

  // -- asking -----------------------------------------------------------------

  /// What all threads have counted of it.
  ///
  /// @private
  std::uint64_t sum(detail::metric what, std::size_t place = 0) const;

  /// What all threads have counted of each strategy that was called.
  ///
  /// @private
  std::vector<detail::request_figures> requests() const;

  /// For how long the turn of each I/O thread goes on, which of one that is
  /// blocked grows; nothing between turns.
  ///
  /// @private
  std::vector<std::chrono::nanoseconds> turn_ages() const;

  /// Writes all of it as Prometheus reads it. It holds up nobody but a thread
  /// that counts for the first time.
  ///
  /// @private
  void write(detail::metric_text& to) const;

  /// @private
  struct blocks;

private:
  class leased;

  /// The calling thread's first one.
  detail::metric_block& lease() noexcept;

  std::vector<const detail::metric_block*> list_of_blocks() const;

  std::vector<const detail::turn_cells*> list_of_turns() const;

  void write_requests(detail::metric_text& to) const;

  void write_turns(detail::metric_text& to) const;

  static inline constinit thread_local const blocks* owner_ = nullptr;
  static inline constinit thread_local detail::metric_block* block_ = nullptr;

  std::vector<std::string> strategies_;
  std::shared_ptr<blocks> blocks_;
};

} // namespace flamigo
