#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace flamigo::detail {

/// The nodes that were there last. For the thread of the relay.
class departed_nodes {
public:
  /// Of each kind; the oldest is forgotten for the next one.
  static constexpr std::size_t max_nodes = 256;

  // -- with a good-bye --------------------------------------------------------

  void left(const std::string& id);

  /// Frames of such a node that come behind its good-bye are late.
  bool has_left(const std::string& id) const;

  // -- without one ------------------------------------------------------------

  /// It was silent for too long. `may_miss` says that some of what it has
  /// published may be missing even if it does not come back.
  void gave_up(const std::string& id, const std::string& title, bool may_miss);

  /// It is there again, and what it has published meanwhile is missing: its
  /// title. None if it was not given up.
  std::optional<std::string> back(const std::string& id);

  /// It was there meanwhile, out of reach, and says good-bye.
  void left_unheard(const std::string& id);

  /// The titles of those of which something may be missing; once each.
  std::vector<std::string> take_missed();

private:
  struct absent_node {
    std::string id;
    std::string title;
    bool may_miss;
  };

  std::deque<absent_node>::iterator find_absent(const std::string& id);

  std::deque<std::string> left_;
  std::deque<absent_node> absent_;
};

} // namespace flamigo::detail
