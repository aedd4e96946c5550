#pragma once

#include <atomic>
#include <memory>
#include <string>

#include <caf/actor_control_block.hpp>
#include <caf/fwd.hpp>

#include "flamigo/claims/acting_actor.hpp"
#include "flamigo/context/detail/call_part.hpp"
#include "flamigo/error/errc.hpp"

namespace flamigo::detail {

class late_reply;

/// What the copies of a call's context share: what they refer to, and, between
/// who has called and who runs it, whether it was cancelled.
///
/// Three things are kept apart: what was decided is read anywhere; where to
/// send the decision is known to the actor that has called; what goes on for
/// the call is the business of the actor that runs it.
class call_state : public std::enable_shared_from_this<call_state> {
public:
  call_state(acting_actor who, std::string what, std::string with);

  call_state(const call_state&) = delete;

  call_state& operator=(const call_state&) = delete;

  ~call_state();

  const acting_actor actor;
  const std::string action;
  const std::string payload;

  /// Of a copy that acts for somebody else: that of the call itself.
  std::shared_ptr<call_state> origin;

  // -- on any thread ----------------------------------------------------------

  /// `cancelled`, or `timeout` at its deadline, if it is to end; else `none`.
  errc why() const noexcept {
    return shielded_ ? errc::none : why_.load(std::memory_order_relaxed);
  }

  /// It has been answered by a promise, on whatever thread: the actor that runs
  /// it is told.
  void tell_end() noexcept;

  // -- in the actor that has called -------------------------------------------

  /// The actor that it was sent to; null if it runs in the one that has called.
  caf::strong_actor_ptr callee;

  /// Nobody waits for its answer: it never begins if it has not begun, and
  /// ends if it has. Does nothing when it has ended, or for null.
  static void cancel(const std::shared_ptr<call_state>& what, errc why,
                     caf::execution_unit* unit) noexcept;

  // -- in the actor that runs it ----------------------------------------------

  /// Ends what goes on for it.
  static void stop(std::shared_ptr<call_state> what, errc why) noexcept;

  /// It goes on whatever happens.
  void shield() noexcept {
    shielded_ = true;
  }

  /// It is answered by this.
  void promised(const std::shared_ptr<late_reply>& by) noexcept;

  /// Something is to be freed in this actor when it has its answer, wherever
  /// that is given. False if it has.
  bool expect_end(caf::event_based_actor& self) noexcept;

  /// It has its answer. What goes on for it all the same is stopped no more.
  void close() noexcept;

private:
  friend class call_part;

  /// Where a list begins and ends.
  struct list_end : call_link {
    list_end() noexcept : call_link{this, this} {
    }

    list_end(const list_end&) = delete;

    list_end& operator=(const list_end&) = delete;

    bool empty() const noexcept {
      return next == this;
    }

    /// The first one, which is in the list no more.
    call_part& take() noexcept {
      auto& result = *next;
      result.unlink();
      return static_cast<call_part&>(result);
    }
  };

  bool is_over() const noexcept {
    return closed_ || stopped_;
  }

  std::atomic<errc> why_ = errc::none;
  bool shielded_ = false;
  bool closed_ = false;
  bool stopped_ = false;
  std::weak_ptr<late_reply> late_;
  /// Wants to be told of its end; null as a rule.
  caf::weak_actor_ptr runner_;
  list_end parts_;
};

} // namespace flamigo::detail
