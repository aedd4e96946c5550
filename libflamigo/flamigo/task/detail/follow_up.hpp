#pragma once

#include <memory>
#include <string>

#include <caf/actor_clock.hpp>
#include <caf/fwd.hpp>
#include <caf/message_id.hpp>

#include "flamigo/context/detail/call_part.hpp"
#include "flamigo/task/detail/belonging.hpp"
#include "flamigo/task/detail/response_table.hpp"
#include "flamigo/task/detail/timer.hpp"

namespace flamigo::detail {

/// A CAF response that functions follow.
struct expected_response {
  caf::message_id id;
  /// When it is not waited for any longer; `max` if that never comes.
  caf::actor_clock::time_point until;
  /// What it is waited for in, and is cancelled with; null if that is no call,
  /// or one that nobody ends.
  std::shared_ptr<call_state> caller = nullptr;
  /// What answers; null if that is no call.
  std::shared_ptr<call_state> callee = nullptr;
};

/// What follows a response where no coroutine waits. It is run once, and not at
/// all if the actor ends before.
class follow_up : public belonging,
                  private response_hook,
                  private timer,
                  private call_part {
public:
  ~follow_up() override;

  /// Waits. Throws std::bad_alloc.
  static void begin(std::unique_ptr<follow_up> what, expected_response of);

protected:
  using belonging::belonging;

private:
  // -- what is run, and may throw ---------------------------------------------

  virtual void answered(caf::mailbox_element& what) = 0;

  virtual void failed(caf::error why) = 0;

  /// What the log calls it.
  virtual std::string where() const = 0;

  // -- overridden -------------------------------------------------------------

  void is_answered(caf::mailbox_element& what) noexcept override;

  void is_due() noexcept override;

  void tell(errc why) noexcept override;

  void stop(const caf::error& why) noexcept override;

  /// Waits no more. Whoever calls it runs it, and it is destroyed behind that.
  std::unique_ptr<belonging> finish() noexcept;

  void fail(caf::error why) noexcept;

  std::shared_ptr<call_state> callee_;
};

} // namespace flamigo::detail
