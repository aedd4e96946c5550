#pragma once

#include <caf/fwd.hpp>
#include <caf/message_id.hpp>

#include "flamigo/context/detail/unfinished_work.hpp"
#include "flamigo/task/detail/belonging.hpp"
#include "flamigo/task/detail/response_table.hpp"
#include "flamigo/task/detail/root_task.hpp"
#include "flamigo/task/detail/timer_heap.hpp"

namespace flamigo::detail {

class enduring_actor;

/// The tasks of one actor that wait, and what they wait for. Everything here
/// happens in that actor.
class running_tasks final : public unfinished_work {
public:
  explicit running_tasks(enduring_actor& self) noexcept;

  running_tasks(const running_tasks&) = delete;

  running_tasks& operator=(const running_tasks&) = delete;

  ~running_tasks() override;

  /// Those of this actor, made when they are first asked for; null if it is an
  /// actor that has none, or none at all. Throws std::bad_alloc.
  static running_tasks* of(caf::event_based_actor* self);

  caf::event_based_actor& self() const noexcept;

  /// Whether the actor has ended.
  bool ended() const noexcept {
    return ended_;
  }

  /// Owns the frame of a task that waits until that has ended or the actor
  /// ends, and stops it at its deadline. Not when the actor has ended.
  void add(root_task& what) noexcept;

  /// Owns it until it is removed or the actor ends. Not when the actor has
  /// ended.
  void add(belonging& what) noexcept;

  void remove(belonging& what) noexcept;

  /// Goes on with a task that waits no more, and with what waits for that.
  void resume(task_promise_base& what) noexcept;

  // -- what they wait for -----------------------------------------------------

  /// Throws std::bad_alloc.
  void expect(response_hook& what, caf::message_id id) {
    responses_.add(what, id);
  }

  void forget(response_hook& what) noexcept {
    responses_.remove(what);
  }

  void start(timer& what, timer::time_point due) noexcept;

  void cancel(timer& what) noexcept {
    timers_.remove(what);
  }

  // -- overridden -------------------------------------------------------------

  bool answer(caf::mailbox_element& what) override;

  void end() noexcept override;

private:
  friend class root_task;

  void remove(root_task& what) noexcept;

  /// The task has ended.
  void finish(root_task& what) noexcept;

  /// The actor ends before the task.
  void abandon(root_task& what) noexcept;

  /// Has CAF's clock tell when the first timer is due.
  void set_clock();

  void tick() noexcept;

  enduring_actor& self_;
  root_task* first_ = nullptr;
  belonging* belongings_ = nullptr;
  response_table responses_;
  timer_heap timers_;
  /// What the clock will send, and when; no response's id if it will not.
  caf::message_id tick_id_;
  timer::time_point tick_at_;
  /// How many tasks this thread is in, one in the other.
  unsigned depth_ = 0;
  bool ended_ = false;
};

} // namespace flamigo::detail
