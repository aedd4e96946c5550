#pragma once

#include <cstddef>

#include <caf/error.hpp>

#include "flamigo/channel/channel_options.hpp"
#include "flamigo/claims/claims.hpp"
#include "flamigo/claims/validator.hpp"
#include "flamigo/topic/topic.hpp"
#include "flamigo/topic/topic_pattern.hpp"

namespace flamigo {

/// Topics that clients may subscribe to by themselves. Immutable, and read by
/// every thread.
class channel {
public:
  /// Made by `channel_registry::add`.
  channel(topic_pattern topics, validator guard, channel_options options);

  /// Which topics: those with as many segments that it matches.
  const topic_pattern& topics() const noexcept {
    return topics_;
  }

  /// Who may subscribe at all.
  const validator& guard() const noexcept {
    return guard_;
  }

  /// The rest of it.
  const channel_options& options() const noexcept {
    return options_;
  }

  /// Null when nothing is kept.
  const history_limits* history() const noexcept {
    return options_.history ? &*options_.history : nullptr;
  }

  /// Null when nobody is to be seen.
  const presence_options* presence() const noexcept {
    return options_.presence ? &*options_.presence : nullptr;
  }

  /// Whether this topic is one of its own. What tells of other channels
  /// (`presence_change`) is none, whatever the pattern. Allocates nothing.
  bool covers(const topic& what) const noexcept;

  /// Whether a topic can be one of its own.
  bool is_possible() const noexcept;

  /// Whether this actor may subscribe to one of its topics: no error, or why
  /// not, which is `errc::unauthorized` where it is a guest's guard that has
  /// said no.
  caf::error check(const claims& who, const topic& what) const;

private:
  topic_pattern topics_;
  std::size_t slashes_;
  validator guard_;
  channel_options options_;
};

} // namespace flamigo
