#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "flamigo/cluster/detail/journal_frame.hpp"
#include "flamigo/cluster/detail/journal_numbers.hpp"

namespace flamigo::detail {

/// What the journal had before a node began to read it on from there: the
/// newest messages, which fill the node's histories.
class journal_past {
public:
  /// How far back it reaches.
  static constexpr std::uint64_t max_messages = 200'000;
  static constexpr std::size_t max_bytes = 64 * 1'024 * 1'024;

  struct event {
    std::uint64_t seq = 0;
    journal_frame what;
    /// The topics under which it is counted: all of its own, or fewer, since
    /// some were forgotten behind it.
    std::vector<std::string> topics;
    bool is_whole = true;
  };

  void clear();

  /// The next message. The oldest go, since offsets are found from the end.
  void add(std::uint64_t seq, std::string_view body);

  /// All that counts, without those that the note says were skipped; nothing is
  /// left here. The numbers are those of its end, and go back to its beginning.
  std::vector<event> take(const journal_note& note, journal_numbers& numbers);

private:
  struct message {
    std::uint64_t seq;
    std::string body;
  };

  std::deque<message> all_;
  std::size_t bytes_ = 0;
};

} // namespace flamigo::detail
