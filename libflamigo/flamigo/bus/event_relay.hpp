#pragma once

#include <span>
#include <string_view>
#include <vector>

#include <caf/actor_control_block.hpp>

#include "flamigo/bus/event.hpp"

namespace flamigo {

/// What takes events to subscribers who are not actors of this process, and
/// says elsewhere what is wanted here: a seam, see `bus::relay_by`.
class event_relay {
public:
  virtual ~event_relay();

  /// An event is being delivered to its subscribers here. On the publisher's
  /// thread, which it must not hold up. Of one publisher's events of one topic,
  /// the first comes first.
  virtual void relay(const event_ptr& what) noexcept = 0;

  /// A pattern, or a topic and nothing below it (`rooms/42/*!`), has got its
  /// first subscriber. On the thread of whoever subscribes, before that call
  /// has returned and in an order that is that of the changes; it must not call
  /// the bus. When it throws, nobody has been subscribed.
  virtual void wanted(std::string_view pattern) = 0;

  /// The last subscriber of it has gone. The same otherwise.
  virtual void unwanted(std::string_view pattern) noexcept = 0;

  /// Who stands here for subscribers elsewhere with a pattern that matches one
  /// of the topics: nobody by default. Each takes an `event_ptr` as a CAF
  /// request, and answers when those have handled it. Any thread.
  virtual std::vector<caf::strong_actor_ptr>
  subscribers(std::span<const topic> topics) const;
};

} // namespace flamigo
