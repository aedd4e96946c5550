#pragma once

#include <string>

#include <boost/describe/class.hpp>

namespace flamigo {

/// What a channel's listing tells.
struct channel_info {
  /// The pattern of its topics.
  std::string topics;
  /// The printed claim validators, empty when everyone may subscribe.
  std::string guard;
  /// Whether the topic is looked at as well.
  bool checked = false;
  /// What is kept, such as `1000 events, 1048576 bytes, 600s`; empty if nothing
  /// is.
  std::string history;
  /// The strategy that runs before, or empty.
  std::string join;
  /// Whether its subscribers may see who else is there.
  bool presence = false;
};

BOOST_DESCRIBE_STRUCT(channel_info, (),
                      (topics, guard, checked, history, join, presence))

} // namespace flamigo
