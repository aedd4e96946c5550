#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

namespace flamigo::soak {

/// Who answers a request, which says in what order the answers have to come.
enum class lane {
  /// An inline strategy, at once: as its connection asked.
  here,
  /// A domain actor: as it was asked.
  desk,
  /// Whoever, whenever.
  later,
};

/// A request that waits for its answer.
struct question {
  using time_point = std::chrono::steady_clock::time_point;

  std::uint64_t id = 0;
  lane who = lane::here;
  time_point asked{};
  /// The asker's own note.
  std::uint64_t note = 0;
};

/// What a connection has asked: each id has to be answered once, and those of a
/// lane in their order.
class answer_book {
public:
  enum class verdict {
    right,
    out_of_order,
    twice,
    unknown
  };

  /// Returns the id to ask with: they are numbered from one.
  std::uint64_t ask(lane who, question::time_point now, std::uint64_t note = 0);

  /// An answer has come to this id. If it was waited for, `what` is it.
  verdict answered(std::uint64_t id, question& what);

  /// How many are still waited for.
  std::size_t open() const;

  /// What was asked first of all that are waited for.
  std::optional<question> oldest() const;

  std::uint64_t asked() const {
    return last_;
  }

private:
  static constexpr std::size_t lanes = 3;

  std::uint64_t last_ = 0;
  std::array<std::deque<question>, lanes> open_;
};

} // namespace flamigo::soak
