#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include <caf/actor_clock.hpp>
#include <caf/error.hpp>
#include <caf/fwd.hpp>

#include "flamigo/context/detail/call_part.hpp"
#include "flamigo/context/detail/reply_port.hpp"
#include "flamigo/task/detail/timer.hpp"
#include "flamigo/tracing/detail/span.hpp"

namespace flamigo::detail {

class running_tasks;
class stream_promise_base;
class task_promise_base;
class waiter;

/// What a task is that nobody awaits: it belongs to an actor. Lies in the frame
/// of that task; the tasks that it awaits refer to it.
class root_task final : private timer, private call_part {
public:
  using time_point = timer::time_point;

  /// What becomes of the result, in the actor. The frame is freed behind it.
  using finish_function = void (*)(root_task&) noexcept;

  root_task(task_promise_base& of, caf::event_based_actor* actor,
            time_point until) noexcept
    : task(of), self(actor), deadline(until) {
  }

  root_task(const root_task&) = delete;

  root_task& operator=(const root_task&) = delete;

  ~root_task() override;

  /// Null, with the reason in `why`, where nothing can wait.
  running_tasks* ground(caf::error& why) noexcept;

  /// It runs this call, with which it is stopped.
  void runs(std::shared_ptr<call_state> what) noexcept {
    join_first(std::move(what));
  }

  /// Ends what it waits for now and later: whatever waits goes on with this
  /// error.
  void stop(const caf::error& why) noexcept override;

  /// Has another time from now on, which is later. `time_point::max()` is as
  /// long as it takes.
  void allow(time_point until) noexcept;

  /// Whether its actor has ended meanwhile; of what has waited.
  bool is_orphaned() const noexcept;

  /// Has its actor own the frame.
  void keep() noexcept;

  /// It has ended after it has waited. Frees it.
  void end() noexcept;

  /// Why it was stopped, if it was.
  const caf::error& stopped() const noexcept {
    return stopped_;
  }

  task_promise_base& task;
  /// Null where nothing can wait.
  caf::event_based_actor* self;
  time_point deadline;

  // -- set when it waits for the first time -----------------------------------

  /// Where the answer goes; without a target where nobody waits for it.
  reply_address answer_to;
  /// What must not go before the frame: the handler that is running.
  std::shared_ptr<const void> handler;
  finish_function finish = nullptr;
  /// The step of a trace that it is; null as a rule.
  span_ptr span;
  /// How deep the strategy is that it runs; see `enduring_actor::call_depth`.
  std::uint32_t depth = 0;

private:
  friend class running_tasks;
  friend class stream_promise_base;
  friend class waiter;

  void is_due() noexcept override;

  /// Ends streams of others that wait in it.
  void end_left() noexcept;

  running_tasks* ground_ = nullptr;
  /// What waits in it.
  waiter* waiting_ = nullptr;
  /// Streams that wait in it, and that nobody here reads any more.
  stream_promise_base* left_ = nullptr;
  caf::error stopped_;
  /// Whether the actor has it.
  bool is_kept_ = false;
  /// Who stops it wants to know whether that was its end.
  bool* is_gone_ = nullptr;
  /// Among the tasks of the actor.
  root_task* next_ = nullptr;
  root_task* before_ = nullptr;
};

} // namespace flamigo::detail
