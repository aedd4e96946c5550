#pragma once

#include <memory>
#include <string>
#include <vector>

#include <caf/timespan.hpp>

#include "flamigo/channel/channel.hpp"
#include "flamigo/channel/channel_info.hpp"
#include "flamigo/strategy/detail/seal.hpp"

namespace flamigo {

class strategy_registry;

/// All channels of an application. What is not declared is no channel. Filled
/// before the program serves; domain actors that are there already may publish
/// meanwhile. Serving seals it: from then on it is read by every thread without
/// a lock.
class channel_registry {
public:
  /// Declares channels: the topics that have as many segments as the pattern
  /// and match it. Throws std::invalid_argument for text that is no pattern,
  /// and if there is a topic that is another one's already: which of the two
  /// rules would hold must not depend on their order. What begins with
  /// `presence/` is the framework's, and no channel. Throws std::logic_error
  /// when the program serves already.
  const channel& add(std::string topics, validator guard = {},
                     channel_options options = {});

  /// Nothing changes any more. An application does it when it serves.
  void seal();

  /// The channel that this topic is, or null.
  const channel* find(const topic& what) const noexcept;

  /// Whether there is one that keeps its events.
  bool keeps() const noexcept;

  /// How long the one keeps its events that keeps them longest; 0 if none does.
  caf::timespan longest_age() const noexcept;

  /// Whether there is one in which one sees who is there.
  bool shows_presence() const noexcept;

  /// Throws std::logic_error if a channel names a strategy that cannot run
  /// before its subscriptions. To be asked when all strategies are there.
  void check(const strategy_registry& strategies) const;

  /// What there is to tell of all channels, in the order in which they were
  /// declared.
  std::vector<channel_info> list() const;

  /// Calls `f` with each channel, in the same order.
  template <class F>
  void for_each(F f) const {
    for (auto& each : all_)
      f(*each);
  }

private:
  const channel& keep(std::unique_ptr<const channel> what);

  std::vector<std::unique_ptr<const channel>> all_;
  bool keeps_ = false;
  caf::timespan longest_age_{0};
  bool shows_presence_ = false;
  detail::seal seal_;
};

} // namespace flamigo
