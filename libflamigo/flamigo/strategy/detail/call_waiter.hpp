#pragma once

#include <caf/event_based_actor.hpp>

#include "flamigo/strategy/detail/begun_call.hpp"
#include "flamigo/task/detail/response_waiter.hpp"

namespace flamigo::detail {

/// A call that was begun, and what has become of it. Without types, so that it
/// is compiled once.
class call_waiter : public response_waiter {
public:
  call_waiter(caf::event_based_actor& self, begun_call call);

  call_waiter(call_waiter&& other) noexcept = default;

protected:
  /// Hands the answer over to who looks out for it by himself.
  begun_call& release() noexcept {
    withdraw();
    return call_;
  }

  /// The error; or none, and the reply is there.
  caf::error result();

  begun_call call_;

private:
  void take(caf::mailbox_element& what) override;

  bool taken_ = false;
};

} // namespace flamigo::detail
