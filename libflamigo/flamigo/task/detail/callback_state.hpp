#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <caf/actor_control_block.hpp>
#include <caf/expected.hpp>
#include <caf/message_id.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"

namespace flamigo::detail {

/// Tells the actor that the result is in the slot.
void tell_resolved(const caf::strong_actor_ptr& asker, caf::message_id id);

/// Where a callback leaves its result: it need not be a message.
template <class T>
struct callback_slot {
  std::optional<caf::expected<T>> value;
};

/// What the copies of a resolver share.
template <class T>
class callback_state {
public:
  callback_state(caf::strong_actor_ptr asker, caf::message_id id,
                 std::shared_ptr<callback_slot<T>> to) noexcept
    : asker_(std::move(asker)), id_(id), slot_(std::move(to)) {
  }

  callback_state(const callback_state&) = delete;

  callback_state& operator=(const callback_state&) = delete;

  /// Nobody will call it.
  ~callback_state() {
    if (!resolved_)
      guarded_or_logged(
        [this] {
          resolve(internal_error("a callback was dropped before it was "
                                 "called"));
        },
        [] { return std::string{"a callback was dropped"}; });
  }

  void resolve(caf::expected<T> what) {
    if (resolved_.exchange(true))
      return;
    slot_->value.emplace(std::move(what));
    // The actor reads it when it has this, which says that it is there.
    auto to = std::move(asker_);
    tell_resolved(to, id_);
  }

private:
  caf::strong_actor_ptr asker_;
  caf::message_id id_;
  std::shared_ptr<callback_slot<T>> slot_;
  std::atomic<bool> resolved_ = false;
};

} // namespace flamigo::detail
