#pragma once

#include <cstddef>
#include <vector>

#include <caf/actor.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/error.hpp>

namespace flamigo {

/// What became of an event that was published with `publish_sync`.
struct publish_report {
  /// A listener that did not handle the event.
  struct failure {
    /// The subscriber that was to handle it. Nobody when the event was not
    /// sent: it could not be kept where it has to be (`event_stage`).
    caf::actor listener;
    /// `errc::timeout` when it was not done at the deadline,
    /// `errc::unavailable` when it has ended or cannot keep up, else what its
    /// handler failed with.
    caf::error why;
  };

  /// How many got the event.
  std::size_t listeners = 0;
  /// Those of them who did not handle it.
  std::vector<failure> failures;

  /// Whether every listener has handled it.
  bool complete() const noexcept {
    return failures.empty();
  }
};

} // namespace flamigo

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::publish_report)
