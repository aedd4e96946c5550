#pragma once

#include <memory>

#include <caf/error.hpp>

#include "flamigo/error/errc.hpp"

namespace flamigo::detail {

class call_state;

/// A place in a list that begins and ends with one of these.
struct call_link {
  /// Null when it is in no list; both are then.
  call_link* next = nullptr;
  call_link* before = nullptr;

  void link_behind(call_link& other) noexcept {
    before = &other;
    next = other.next;
    next->before = this;
    other.next = this;
  }

  void unlink() noexcept {
    before->next = next;
    next->before = before;
    next = before = nullptr;
  }
};

/// Something that goes on for a call, and ends when the call is cancelled. It
/// is entered in the call's state, in the actor that runs the call, and may be
/// destroyed at any time.
class call_part : private call_link {
public:
  call_part() = default;

  /// Takes the place of the other one.
  call_part(call_part&& other) noexcept;

  call_part& operator=(const call_part&) = delete;

  virtual ~call_part() {
    leave();
  }

protected:
  /// Is a part of this call from now on; of none if that is null or over.
  void join(std::shared_ptr<call_state> what) noexcept;

  /// As the first of them, which is told and stopped before all others.
  void join_first(std::shared_ptr<call_state> what) noexcept;

  void leave() noexcept {
    if (before != nullptr)
      unlink();
  }

  const std::shared_ptr<call_state>& call() const noexcept {
    return call_;
  }

private:
  friend class call_state;

  /// The call is cancelled: whoever works for this is told. All parts are told
  /// before the first one is stopped.
  virtual void tell(errc why) noexcept;

  /// This is not waited for any more. May be the end of it.
  virtual void stop(const caf::error& why) noexcept = 0;

  /// The call has ended by itself. May be the end of this.
  virtual void is_over() noexcept;

  std::shared_ptr<call_state> call_;
};

} // namespace flamigo::detail
