#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <caf/resumable.hpp>

#include "flamigo/bus/detail/home_unit.hpp"
#include "flamigo/bus/detail/wake_batch.hpp"
#include "flamigo/io/detail/asio.hpp"
#include "flamigo/io/detail/flushable.hpp"
#include "flamigo/io/detail/patient.hpp"
#include "flamigo/io/detail/resident.hpp"
#include "flamigo/io/detail/socket_poller.hpp"
#include "flamigo/metrics/metric_registry.hpp"

namespace flamigo::detail {

/// One thread of the server: an io_context and the execution unit of the
/// connection actors whose sockets it owns.
///
/// Work is done in turns. A turn begins with an event (sockets are ready, a
/// timer, a wake-up by another thread), goes on with the actors that it made
/// ready, and ends by flushing every connection that has output, once. All
/// members are for this thread alone, except `call_later`, `exec_later`, `put`
/// and `stop`.
class io_thread final : public home_unit {
public:
  io_thread(caf::actor_system& system, std::chrono::nanoseconds tick,
            std::size_t max_message_bytes);

  ~io_thread() override;

  net::io_context& context() noexcept {
    return context_;
  }

  /// Counts there what this thread does, which has this number. To be called
  /// before its first turn; the registry outlives it.
  void count_in(metric_registry& where, std::size_t number);

  /// Runs the loop until `stop`.
  void run();

  void stop();

  /// The thread has stopped for good: actors that are sent something run on
  /// CAF's scheduler from now on.
  void retire();

  // -- turns ------------------------------------------------------------------

  /// Resumes a connection actor in this turn, or on this thread's next one. Any
  /// other actor, which a connection has sent something, goes to CAF's
  /// scheduler when all that this turn has for it is in its mailbox, and so
  /// does it by one wake-up.
  void exec_later(caf::resumable* what) override;

  /// Runs the body as the beginning of a turn. Every handler that Asio calls
  /// goes through here.
  template <class Body>
  void turn(Body&& body) {
    scope here{this};
    in_turn_ = true;
    look_at_clock();
    auto began = now_;
    if (turns_ != nullptr) [[unlikely]]
      begin_counted();
    {
      // Other threads are told at once of all that this turn has for them.
      wake_batch together{now_};
      // Before the sockets: what they bring may have been caused by it.
      settle_some(max_settled);
      body();
      run_ready_actors();
    }
    end_turn();
    in_turn_ = false;
    if (turns_ != nullptr) [[unlikely]]
      turns_->end(began, look_at_clock());
  }

  /// The request that ran last has been answered; so nothing else that the
  /// thread does counts as its time.
  void end_request() {
    if (auto* to = meter(); to != nullptr && to->has_request()) [[unlikely]]
      to->end_request(look_at_clock());
  }

  /// Calls a function in a turn of its own, not from here. Any thread.
  template <class F>
  void call_later(F f) {
    net::post(context_, [this, f = std::move(f)]() mutable { turn(f); });
  }

  /// Has this flushed at the end of the turn. It stays alive until then.
  void flush_later(std::shared_ptr<flushable> what);

  /// The same, ahead of those, for what `flush_later` was told of. For a client
  /// that has asked something: it can say the next thing while those are served
  /// who hear of it.
  void flush_first(std::shared_ptr<flushable> what);

  /// Has events that other threads publish wait, so long at most, instead of
  /// waking this one: it has them with whatever comes next. For who would
  /// rather have several at once.
  void rest(std::chrono::nanoseconds at_most);

  /// Has this go on when no socket is ready, or when it has waited for a
  /// millisecond. It stays alive until then.
  void when_idle(std::shared_ptr<patient> what);

  /// Tells connections when their sockets are ready, at the beginning of a
  /// turn.
  socket_poller& sockets() noexcept {
    return sockets_;
  }

  // -- residents and time -----------------------------------------------------

  /// `now`, as it is now: where a time begins to run, since somebody may
  /// have blocked this turn before.
  resident::time_point look_at_clock() noexcept {
    now_ = std::max(now_, std::chrono::steady_clock::now());
    return now_;
  }

  /// Has all residents look after their limits in time, at this time or now,
  /// whichever is later.
  void tick(resident::time_point now);

  void add(resident& what);

  void remove(resident& what);

  /// Calls a function with every resident. It may remove the one that it is
  /// called with, but nothing else.
  template <class F>
  void for_each(F f) {
    for (auto i = residents_.size(); i-- > 0;)
      f(*residents_[i]);
  }

  // -- memory that connections borrow -----------------------------------------

  /// Bytes from the socket, during one call.
  std::vector<char>& receive_buffer() noexcept {
    return receive_buffer_;
  }

  /// One frame of a message, during one call.
  std::vector<char>& message_buffer() noexcept {
    return message_buffer_;
  }

  /// An empty string, for a connection that has output.
  std::string borrow_output();

  void give_back_output(std::string buffer);

private:
  /// Of what others have put, how much is handed on at a time: the sockets and
  /// the timers have theirs.
  static constexpr std::size_t max_settled = 1'024;

  void wake() override;

  /// A turn has begun, which somebody wants to know of.
  void begin_counted();

  void end_turn();

  void request_turn();

  /// Has the actors run that CAF's scheduler is to run.
  void let_leave();

  void run_ready_actors();

  bool has_work() const noexcept {
    return !ready_.empty() || has_unsettled();
  }

  void flush_all();

  void request_idle_turn();

  void go_on();

  void schedule_tick();

  void wait_for_sockets();

  net::io_context context_{1};
  socket_poller sockets_{context_};
  net::steady_timer timer_;
  net::steady_timer rest_timer_;
  std::chrono::nanoseconds tick_;
  metric_registry* metrics_ = nullptr;
  turn_cells* turns_ = nullptr;
  bool in_turn_ = false;
  bool turn_requested_ = false;
  std::vector<caf::resumable*> ready_;
  std::vector<caf::resumable*> running_;
  std::vector<caf::resumable*> leaving_;
  std::vector<std::shared_ptr<flushable>> dirty_;
  std::vector<std::shared_ptr<flushable>> dirty_first_;
  std::vector<std::shared_ptr<patient>> patients_;
  resident::time_point patient_since_;
  bool idle_turn_requested_ = false;
  std::vector<resident*> residents_;
  std::vector<char> receive_buffer_;
  std::vector<char> message_buffer_;
  std::vector<std::string> spare_outputs_;
};

} // namespace flamigo::detail
