#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <boost/describe/class.hpp>

namespace flamigo {

/// How a node stands with the journal, by which events of channels with history
/// come to all nodes.
struct journal_status {
  /// Why those events wait; empty if they do not.
  std::string reason;
  /// Events that were published here and have not come back from the journal.
  std::size_t waiting = 0;
  /// The place in the journal of what this node has handled last. A node that
  /// stays behind the others is slow.
  std::uint64_t position = 0;
};

BOOST_DESCRIBE_STRUCT(journal_status, (), (reason, waiting, position))

} // namespace flamigo
