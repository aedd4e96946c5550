#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>

#include "flamigo/cluster/detail/journal_frame.hpp"

namespace flamigo::detail {

/// Which messages of the journal count: a function of the messages that came
/// before, so that all nodes agree. Of each writer the next one counts, and
/// nothing else: what was written twice counts once, and behind a message that
/// was lost none counts until it was written again.
///
/// It is not known before a beginning was read, or another node has told it.
class journal_state {
public:
  /// More writers than nodes: a node is another one when it has ended and was
  /// started. The one that has written least recently is forgotten.
  static constexpr std::size_t max_writers = 1'024;

  /// Messages that did not count and are remembered.
  static constexpr std::size_t max_skipped = 4'096;

  /// What a message is.
  enum class verdict {
    skipped,
    begins,
    counts
  };

  bool is_known() const noexcept {
    return begun_ != 0;
  }

  /// The last message that was taken, or was before the first.
  std::uint64_t seq() const noexcept {
    return seq_;
  }

  /// How far a writer is; none if it has to begin with 1.
  std::optional<std::uint64_t> written(const std::string& writer) const;

  /// Nothing is known, and the journal is read from there on.
  void clear(std::uint64_t first);

  /// Takes the next message; null for one that cannot be read.
  verdict take(std::uint64_t seq, const journal_frame* what);

  /// What it knows, without topics.
  journal_note note() const;

  void restore(const journal_note& what);

private:
  bool begins(const begin_note& what) const noexcept;

  bool counts(const journal_frame& what);

  struct progress {
    std::uint64_t number;
    std::uint64_t seq;
  };

  std::uint64_t seq_ = 0;
  /// Since nothing was known, from here on.
  std::uint64_t read_from_ = 1;
  std::uint64_t begun_ = 0;
  std::uint64_t exact_from_ = 1;
  std::deque<std::uint64_t> skipped_;
  std::unordered_map<std::string, progress> writers_;
};

} // namespace flamigo::detail
