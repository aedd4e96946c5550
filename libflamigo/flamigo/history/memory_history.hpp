#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <caf/actor_clock.hpp>
#include <caf/fwd.hpp>

#include "flamigo/history/detail/event_log.hpp"
#include "flamigo/history/detail/history_gate.hpp"
#include "flamigo/history/detail/history_shard.hpp"
#include "flamigo/history/history_engine.hpp"
#include "flamigo/history/history_numbers.hpp"
#include "flamigo/history/memory_history_options.hpp"

namespace flamigo {

/// Keeps histories in this process's memory, as long as it runs. It answers
/// before its functions return, and events of several threads under different
/// topics hardly ever meet.
///
/// Ages are of the actor system's clock, and events that are too old go when
/// their topic is used, or another one near it.
class memory_history final : public history_engine {
public:
  /// The system outlives it.
  explicit memory_history(caf::actor_system& system,
                          const memory_history_options& options = {});

  ~memory_history() override;

  void append(std::shared_ptr<history_append> what) override;

  void follow(std::string_view topic, const history_limits& limits,
              position_receiver then) override;

  void unfollow(std::string_view topic) override;

  void read(std::string_view topic, const history_position& after,
            std::size_t max_bytes, slice_receiver then) override;

  // -- one of several ---------------------------------------------------------

  /// Has events numbered there instead of counting them by itself. What it has
  /// is forgotten: all topics are where that says. Once.
  void number_by(std::shared_ptr<history_numbers> what);

  /// The same once more, since all numbers are others. Those who follow see
  /// that their position is none any more.
  void begin_again();

  /// Who follows or reads from now on waits for `release` or `refuse`.
  void hold();

  /// Who waits, and who follows or reads from now on, is told this.
  void refuse(caf::error why);

  /// Who waited is answered, and nobody waits any more.
  void release();

  // -- what there is ----------------------------------------------------------

  /// Topics that have a history now.
  std::size_t topics() const;

  /// What is allocated for events.
  std::size_t bytes() const;

private:
  using time_point = caf::actor_clock::time_point;

  caf::error store(history_append& what);

  caf::error store_in_all(history_append& what, time_point when);

  void follow_now(std::string_view topic, const history_limits& limits,
                  const position_receiver& then);

  void read_now(std::string_view topic, const history_position& after,
                std::size_t max_bytes, const slice_receiver& then);

  /// Stores the event where it has its place.
  static void put(detail::history_shard::entry& where,
                  history_append::target& to, const history_append& what,
                  detail::event_log::places_ptr elsewhere, time_point when);

  detail::history_shard& shard_of(std::string_view topic) const noexcept;

  time_point now() const noexcept;

  caf::actor_system& system_;
  /// The next one; where it begins is of chance, so that no process has those
  /// of another.
  std::atomic<std::uint64_t> epochs_;
  std::shared_ptr<history_numbers> numbers_;
  std::vector<std::unique_ptr<detail::history_shard>> shards_;
  detail::history_gate gate_;
};

} // namespace flamigo
