#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "flamigo/cluster/detail/journal_frame.hpp"
#include "flamigo/history/history_numbers.hpp"

namespace flamigo::detail {

/// Offsets of all topics that have an event in the journal, whether or not this
/// node keeps their history: each event counts under all of its topics. Who
/// counts the same messages has the same offsets. No two topics have the same
/// epoch: what is begun and told here is one of all, from which theirs follow.
class journal_numbers final : public history_numbers {
public:
  /// Beyond it a quarter of the topics is forgotten, those that were used least
  /// recently. They begin anew with another epoch. The same on all nodes.
  static constexpr std::size_t max_topics = 250'000;

  // -- history_numbers: any thread --------------------------------------------

  history_position newest(std::string_view topic) override;

  history_position next(std::string_view topic) override;

  // -- the relay's thread -----------------------------------------------------

  /// All topics begin with this epoch.
  void begin(std::uint64_t epoch);

  /// An event is counted from now on that has this place in the journal.
  void begin_event(std::uint64_t seq);

  /// It counts under these as well, if it did not yet.
  void end_event(const std::vector<std::string>& topics);

  /// Takes one event of a topic back, which will be counted again. False if
  /// there is none to take back.
  bool take_back(const std::string& topic);

  /// What it knows.
  std::uint64_t epoch() const;

  std::vector<topic_count> topics() const;

  void restore(std::uint64_t epoch, std::vector<topic_count> topics);

private:
  struct count {
    std::uint64_t epoch;
    std::uint64_t offset;
    std::uint64_t seq;
  };

  struct text_hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  count& advance(std::string_view topic);

  void forget_some();

  mutable std::mutex mtx_;
  std::uint64_t epoch_ = 0;
  std::uint64_t seq_ = 0;
  std::unordered_map<std::string, count, text_hash, std::equal_to<>> counts_;
};

} // namespace flamigo::detail
