#pragma once

#include <memory>
#include <string>
#include <vector>

#include "flamigo/channel/channel.hpp"
#include "flamigo/channel/channel_info.hpp"

namespace flamigo {

class strategy_registry;

/// All channels of an application. Fill it before serving: from then on it is
/// read by every thread without a lock. What is not declared is no channel.
class channel_registry {
public:
  /// Declares channels: the topics that have as many segments as the pattern
  /// and match it. Throws std::invalid_argument for text that is no pattern,
  /// and if there is a topic that is another one's already: which of the two
  /// rules would hold must not depend on their order.
  const channel& add(std::string topics, validator guard = {},
                     channel_options options = {});

  /// The channel that this topic is, or null.
  const channel* find(const topic& what) const noexcept;

  /// Whether there is one that keeps its events.
  bool keeps() const noexcept {
    return keeps_;
  }

  /// Whether there is one in which one sees who is there.
  bool shows_presence() const noexcept {
    return shows_presence_;
  }

  /// Throws std::logic_error if a channel names a strategy that cannot run
  /// before its subscriptions. To be asked when all strategies are there.
  void check(const strategy_registry& strategies) const;

  /// All channels, in the order in which they were declared.
  std::vector<channel_info> list() const;

private:
  std::vector<std::unique_ptr<const channel>> all_;
  bool keeps_ = false;
  bool shows_presence_ = false;
};

} // namespace flamigo
