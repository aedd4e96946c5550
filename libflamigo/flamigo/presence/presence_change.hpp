#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/describe/class.hpp>

#include <caf/expected.hpp>

#include "flamigo/presence/presence_entry.hpp"
#include "flamigo/topic/topic.hpp"

namespace flamigo {

/// Others are in a channel than before. Published by the presence engine under
/// `presence/<topic of the channel>`, as the backend, in the order in which it
/// happens. Clients that have asked for presence get it as docs/protocol.md
/// says. Whoever keeps a list takes out those that have left, then puts in
/// those that have joined.
struct presence_change {
  /// The topic of the channel.
  std::string channel;
  /// Grows with every change of the channel.
  std::uint64_t version = 0;
  /// Who has come, or shows something else of itself.
  std::vector<presence_entry> joined;
  /// The keys of those who have gone. None of them is in `joined`.
  std::vector<std::string> left;

  /// Matches all of them.
  static constexpr std::string_view all = "presence";

  /// Under which those of a channel are published. Fails, with a public
  /// message, if the channel's own topic is almost as long as a topic can be.
  static caf::expected<topic> topic_of(std::string_view channel);

  /// Its topic, as above.
  topic topics() const;
};

BOOST_DESCRIBE_STRUCT(presence_change, (), (channel, version, joined, left))

} // namespace flamigo
