#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "flamigo/bus/detail/home_unit.hpp"
#include "flamigo/bus/detail/homed_actor.hpp"
#include "flamigo/claims/claims.hpp"
#include "flamigo/client/client_environment.hpp"
#include "flamigo/client/detail/client_output.hpp"
#include "flamigo/client/detail/request_meter.hpp"
#include "flamigo/context/detail/enduring_actor.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/wire/close_reason.hpp"

namespace flamigo {

class transport;
struct client_message;

} // namespace flamigo

namespace flamigo::detail {

/// A layer of a connection actor: an actor that runs on the thread of
/// its socket, has claims, and can talk to its client.
class connected_client : public enduring_actor, public homed_actor {
public:
  connected_client(caf::actor_config& cfg, const client_environment& env,
                   home_unit* home, std::shared_ptr<transport> out,
                   claims_ptr who);

  ~connected_client() override;

  const client_environment& environment() const noexcept {
    return env_;
  }

  std::string title() const override;

  /// Whether the calling thread is running this actor just now.
  bool is_running_here() const noexcept;

  /// Bytes that the socket has not taken. From any thread.
  std::size_t backlog() const noexcept {
    return backlog_.load(std::memory_order_relaxed);
  }

  /// As many wait now. On the thread of the connection.
  void waits(std::size_t bytes) noexcept {
    backlog_.store(bytes, std::memory_order_relaxed);
  }

  // -- in this actor ----------------------------------------------------------

  /// As of a `client`.
  void log_from(log::level least) noexcept {
    logged_from_ = least;
  }

  void send_event(const client_message& what);

  void close(const close_reason& why);

  /// The socket has ended, and this actor with it, whatever it waits for but
  /// what it has to finish.
  void disconnected(caf::execution_unit* unit, const close_reason& why);

  // -- overridden from CAF ----------------------------------------------------

  /// Tells execution units that it is for I/O threads, as CAF's brokers do.
  subtype_t subtype() const override {
    return io_actor;
  }

  using caf::event_based_actor::enqueue;

  /// From its own thread to its mailbox, else by its home's queue. Bounds what
  /// waits: with more than `client_options::max_queued` messages
  /// before it, a message is refused and the connection is closed with 3008.
  /// Answers to its own requests are let in, since those are bounded.
  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit*) override;

  // -- homed_actor ------------------------------------------------------------

  home_unit* home() const noexcept final {
    return home_;
  }

  void accept_message(caf::mailbox_element_ptr what) final;

  void overrun() final;

  // -- overridden from CAF ----------------------------------------------------

  resume_result resume(caf::execution_unit* unit,
                       std::size_t max_throughput) override;

  void on_exit() override;

  /// CAF's, without a word to its clock when this actor never set a timeout:
  /// it would wake the clock's thread for each connection that ends.
  bool cleanup(caf::error&& why, caf::execution_unit* host) override;

protected:
  /// The client has gone. True if there is something to finish before this
  /// actor ends, which then ends by itself.
  virtual bool has_to_finish(const close_reason& why) = 0;

  request_meter meter() const noexcept {
    return request_meter{env_.metrics};
  }

  /// Whether a line of this level is written, if it is one of this connection.
  bool logs(log::level x) const noexcept {
    return is_followed(x) || log::enabled(x);
  }

  /// The same whatever the log's own level.
  bool is_followed(log::level x) const noexcept {
    return x >= logged_from_;
  }

  log::level logged_from() const noexcept {
    return logged_from_;
  }

  /// Writes a line of this connection.
  void log_line(log::level x, std::string_view text) const;

  /// Counts a message; false when too many wait already.
  bool admit();

  /// Says that this thread runs an actor, for as long as it lives.
  class running_scope {
  public:
    explicit running_scope(const connected_client* what) noexcept;

    running_scope(const running_scope&) = delete;

    running_scope& operator=(const running_scope&) = delete;

    ~running_scope();

  private:
    const void* before_;
  };

  /// Whether a strategy awaits a response, which holds everything else back.
  bool awaiting() const noexcept {
    return !awaited_responses_.empty();
  }

  /// Whether nothing waits in the mailbox and the actor sleeps, or handles a
  /// message ahead of it. On the thread of the connection.
  bool is_asleep() const noexcept {
    return !awaiting() && mailbox_.blocked();
  }

  /// The same when all that others have put was handed on: what is sent now may
  /// be handled at once without overtaking anything.
  bool idle() const {
    if (home_ != nullptr)
      home_->settle();
    return is_asleep();
  }

  /// The time, as exactly as its thread knows it without asking.
  home_unit::time_point now() {
    return home_ != nullptr ? home_->now() : clock().now();
  }

  /// Whether the calling thread is that of the connection.
  bool is_home() const noexcept {
    return home_ != nullptr && home_->is_here();
  }

  /// Whether what this actor does now would overtake what others have sent it,
  /// perhaps by its own doing: a frame is handled ahead of the mailbox.
  bool overtakes() const {
    return in_frame_ && !idle();
  }

  /// Handles a message at once, in the calling thread. False if that is not
  /// possible now, because a strategy awaits a response.
  template <class T>
  bool handle_now(caf::execution_unit* unit, T& what) {
    running_scope scope{this};
    ahead_scope ahead{*this};
    caf::mailbox_element_view<T> element{
      nullptr, caf::make_message_id(), {}, what};
    return activate(unit, element) != activation_result::skipped;
  }

  /// Hands a message to itself.
  template <class T>
  void handle_later(caf::execution_unit* unit, T what) {
    enqueue(caf::make_mailbox_element(nullptr, caf::make_message_id(), {},
                                      std::move(what)),
            unit);
  }

  /// Has what is said from now on by what is handled stand behind what waits,
  /// if it would overtake that.
  void keep_order();

  /// A message that is handled ahead of the mailbox.
  class ahead_scope {
  public:
    explicit ahead_scope(connected_client& self) noexcept : self_(self) {
      self_.in_frame_ = true;
    }

    ahead_scope(const ahead_scope&) = delete;

    ahead_scope& operator=(const ahead_scope&) = delete;

    ~ahead_scope() {
      self_.in_frame_ = false;
      self_.out_.end_message();
    }

  private:
    connected_client& self_;
  };

  const client_environment& env_;
  home_unit* home_;
  client_output out_;
  claims_ptr claims_;

private:
  /// Puts a message into the mailbox.
  void take(caf::mailbox_element_ptr what, caf::execution_unit* from);

  /// Counts messages that were handled, of those that were in the mailbox.
  void catch_up(std::uint32_t taken, std::size_t messages);

  /// Remembers, from any thread, that and why the connection is to be closed.
  /// False when that was ordered before.
  bool order(const close_reason& why);

  /// Remembers that too many wait. False when that is known.
  bool order_overrun();

  /// Closes if that was ordered and must not wait for its turn.
  void obey();

  /// Messages that ever came, those of them that have left their thread's queue
  /// for the mailbox, and those that have been handled, which is looked at when
  /// there is nothing left to handle.
  /// They may wrap; their differences do not.
  std::atomic<std::uint32_t> came_ = 0;
  std::atomic<std::uint32_t> taken_ = 0;
  std::atomic<std::uint32_t> handled_ = 0;
  /// The first order to close; owned.
  std::atomic<close_reason*> order_ = nullptr;
  std::atomic<std::size_t> backlog_ = 0;
  log::level logged_from_ = log::level::off;
  /// Whether too many messages have waited.
  std::atomic<bool> overrun_ = false;
  /// Whether a message is handled ahead of the mailbox.
  bool in_frame_ = false;
};

} // namespace flamigo::detail
