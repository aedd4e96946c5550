#include "flamigo/client/detail/connected_client.hpp"

#include <algorithm>
#include <exception>
#include <memory>
#include <utility>

#include <caf/detail/sync_request_bouncer.hpp>

#include "flamigo/bus/detail/waiting.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"
#include "flamigo/log/detail/log_connection.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo::detail {

connected_client::running_scope::running_scope(
  const connected_client* what) noexcept
  : before_(std::exchange(running_actor, what)) {
}

connected_client::running_scope::~running_scope() {
  running_actor = before_;
}

connected_client::connected_client(caf::actor_config& cfg,
                                   const client_environment& env,
                                   home_unit* home,
                                   std::shared_ptr<transport> out,
                                   claims_ptr who)
  : enduring_actor(cfg), env_(env), home_(home), out_(*this, std::move(out)),
    claims_(std::move(who)) {
  set_exception_handler([this](std::exception_ptr& what) -> caf::error {
    // What a strategy does with an answer is its own affair. All else is ours,
    // and a client that was half served would wait for the rest.
    auto goes_on = current_mailbox_element()->mid.is_response();
    guarded_or_logged([&] { std::rethrow_exception(what); },
                      [&] {
                        return title()
                               + (goes_on ? ": a handler of messages"
                                          : ": its actor ends");
                      });
    if (goes_on)
      return {};
    return to_exit_reason({close_code::internal_error, "internal error"});
  });
}

connected_client::~connected_client() {
  delete order_.load();
}

std::string connected_client::title() const {
  return "connection " + claims_->connection_id;
}

void connected_client::log_line(log::level x, std::string_view text) const {
  const connection_origin origin{claims_->connection_id};
  log_scope scope{log_origin::current() == nullptr ? &origin : nullptr};
  auto line = title() + ": ";
  line += text;
  if (is_followed(x))
    log::write_anyway(x, line);
  else
    log::write(x, line);
}

bool connected_client::is_running_here() const noexcept {
  return running_actor == this;
}

void connected_client::send_event(const client_message& what) {
  keep_order();
  out_.event(what);
}

void connected_client::close(const close_reason& why) {
  keep_order();
  out_.close(why);
}

void connected_client::keep_order() {
  if (overtakes())
    out_.fall_behind();
}

void connected_client::disconnected(caf::execution_unit* unit,
                                    const close_reason& why) {
  running_scope scope{this};
  out_.disconnect();
  context(unit);
  if (has_to_finish(why))
    return;
  quit(to_exit_reason(why));
  finalize();
}

// -- the mailbox --------------------------------------------------------------

void connected_client::enqueue(caf::mailbox_element_ptr what,
                               caf::execution_unit* from) {
  if (!what->mid.is_response()) {
    auto& content = what->content();
    if (content.match_elements<close_reason>()) {
      // The first one is let in whatever waits, and another one adds nothing.
      if (!order(content.get_as<close_reason>(0)))
        return;
      came_.fetch_add(1, std::memory_order_relaxed);
    } else if (!admit()) {
      caf::detail::sync_request_bouncer bounce{make_error(errc::unavailable)};
      return bounce(*what);
    }
  }
  if (home_ == nullptr)
    return take(std::move(what), from);
  if (!home_->is_here())
    return home_->put({caf::strong_actor_ptr{ctrl()}, this}, std::move(what));
  home_->settle();
  accept_message(std::move(what));
}

void connected_client::accept_message(caf::mailbox_element_ptr what) {
  take(std::move(what), home_);
}

void connected_client::take(caf::mailbox_element_ptr what,
                            caf::execution_unit* from) {
  if (!what->mid.is_response())
    taken_.fetch_add(1, std::memory_order_release);
  caf::event_based_actor::enqueue(std::move(what), from);
}

caf::resumable::resume_result
connected_client::resume(caf::execution_unit* unit,
                         std::size_t max_throughput) {
  running_scope scope{this};
  obey();
  auto result = caf::event_based_actor::resume(unit, max_throughput);
  if (result == done)
    return result;
  // What was ordered meanwhile found an actor that was awake. What comes from
  // now on wakes it.
  obey();
  // Not those that came: they may wait for this thread still.
  auto taken = taken_.load(std::memory_order_acquire);
  if (is_asleep())
    handled_.store(taken, std::memory_order_relaxed);
  else if (result == resume_later)
    catch_up(taken, max_throughput);
  return result;
}

void connected_client::catch_up(std::uint32_t taken, std::size_t messages) {
  auto handled = handled_.load(std::memory_order_relaxed);
  // Answers are among them, which were not counted when they came.
  auto most = static_cast<std::uint32_t>(
    std::min<std::size_t>(messages, taken - handled));
  handled_.store(handled + most, std::memory_order_relaxed);
}

bool connected_client::admit() {
  if (overrun_.load(std::memory_order_relaxed))
    return false;
  auto before = came_.fetch_add(1, std::memory_order_release);
  // Negative when others have come meanwhile and been handled.
  auto waiting = static_cast<std::int32_t>(
    before - handled_.load(std::memory_order_relaxed));
  if (waiting < static_cast<std::int32_t>(env_.options.max_queued))
    return true;
  // This one is let in and has the actor look, even if it awaits something.
  return order_overrun();
}

void connected_client::overrun() {
  if (!order_overrun())
    return;
  // Has the actor look, which closes by what was ordered.
  came_.fetch_add(1, std::memory_order_relaxed);
  home_->put(
    {caf::strong_actor_ptr{ctrl()}, this},
    caf::make_mailbox_element(nullptr, caf::make_message_id(), {},
                              *order_.load(std::memory_order_acquire)));
}

bool connected_client::order_overrun() {
  order({close_code::slow_consumer, "too many messages wait for this client"});
  return !overrun_.exchange(true, std::memory_order_acq_rel);
}

bool connected_client::order(const close_reason& why) {
  if (order_.load(std::memory_order_relaxed) != nullptr)
    return false;
  auto mine = std::make_unique<close_reason>(why);
  close_reason* none = nullptr;
  auto is_first = order_.compare_exchange_strong(none, mine.get());
  if (is_first)
    (void) mine.release();
  return is_first;
}

void connected_client::obey() {
  auto what = order_.load(std::memory_order_acquire);
  // An order waits for its turn, unless that might never come.
  if (what != nullptr
      && (awaiting() || overrun_.load(std::memory_order_acquire)))
    out_.close_now(*what);
}

void connected_client::on_exit() {
  enduring_actor::on_exit();
  if (is_failure(fail_state()))
    log_connection(log::level::error, claims_->connection_id,
                   ": its actor ends by a failure: " + trace_of(fail_state()));
  out_.close_now(from_exit_reason(fail_state()));
  // It holds the socket's end, and that holds this actor.
  out_.disconnect();
}

bool connected_client::cleanup(caf::error&& why, caf::execution_unit* host) {
  // A timeout has the id of a request or is one for receiving; streams set some
  // of their own. Groups that were joined have to be left.
  if (last_request_id_ != caf::make_message_id() || timeout_id_ != 0
      || !joined_groups().empty() || !stream_managers_.empty()
      || !pending_stream_managers_.empty())
    return caf::event_based_actor::cleanup(std::move(why), host);
  if (!mailbox_.closed()) {
    mailbox_.close();
    get_normal_queue().flush_cache();
    get_urgent_queue().flush_cache();
    caf::detail::sync_request_bouncer bounce{why};
    while (mailbox_.queue().new_round(1000, bounce).consumed_items > 0)
      ;
  }
  unregister_from_system();
  // NOLINTNEXTLINE(bugprone-parent-virtual-call): without those in between.
  return caf::monitorable_actor::cleanup(std::move(why), host);
}

} // namespace flamigo::detail
