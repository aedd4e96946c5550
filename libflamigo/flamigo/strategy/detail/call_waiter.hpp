#pragma once

#include <caf/event_based_actor.hpp>

#include "flamigo/context/detail/call_part.hpp"
#include "flamigo/strategy/detail/begun_call.hpp"
#include "flamigo/task/detail/response_waiter.hpp"

namespace flamigo::detail {

/// A call that was begun, and what has become of it. It is cancelled with the
/// call that has begun it, and when it is waited for until its time is up.
/// Without types, so that it is compiled once.
class call_waiter : public response_waiter, private call_part {
public:
  /// `from` is what has begun it.
  call_waiter(const context& from, begun_call call);

  call_waiter(call_waiter&& other) noexcept = default;

protected:
  /// Hands the answer over to who looks out for it by himself.
  begun_call& release() noexcept {
    withdraw();
    return call_;
  }

  /// The error; or none, and the reply is there.
  caf::error result();

  using call_part::call;

  caf::event_based_actor& self_;
  begun_call call_;

private:
  void take(caf::mailbox_element& what) override;

  void is_due() noexcept override;

  void withdraw() noexcept override;

  void tell(errc why) noexcept override;

  void stop(const caf::error& why) noexcept override;

  bool taken_ = false;
};

} // namespace flamigo::detail
