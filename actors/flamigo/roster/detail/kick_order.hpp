#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <boost/describe/class.hpp>

#include "flamigo/topic/topic.hpp"

namespace flamigo::detail {

/// Whom the roster of one process disconnects. Those of others that share its
/// bus do the same where they are subscribed to it.
struct kick_order {
  /// In all, so that it remains a message that can be sent.
  static constexpr std::size_t max_ids = 1'000;

  static constexpr std::string_view all = "roster/kick";

  std::vector<std::string> users;
  std::vector<std::string> connections;

  topic topics() const {
    return topic{std::string{all}};
  }
};

BOOST_DESCRIBE_STRUCT(kick_order, (), (users, connections))

} // namespace flamigo::detail
