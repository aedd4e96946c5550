#include "flamigo/actors/impl/connected_client.hpp"

#include <exception>
#include <utility>

#include <caf/detail/sync_request_bouncer.hpp>

#include "flamigo/log.hpp"

namespace flamigo::detail {

namespace {

/// The connection actor that this thread runs.
thread_local const connected_client* running = nullptr;

} // namespace

connected_client::running_scope::running_scope(
  const connected_client* what) noexcept
  : before_(std::exchange(running, what)) {
}

connected_client::running_scope::~running_scope() {
  running = before_;
}

connected_client::connected_client(caf::actor_config& cfg,
                                   const client_environment& env,
                                   caf::execution_unit* home,
                                   std::shared_ptr<transport> out,
                                   claims_ptr who)
  : caf::event_based_actor(cfg), env_(env), home_(home), out_(std::move(out)),
    claims_(std::move(who)) {
  set_default_handler(caf::drop);
  set_exception_handler([this](std::exception_ptr& what) -> caf::error {
    try {
      std::rethrow_exception(what);
    } catch (const std::exception& e) {
      log::error("connection " + claims_->connection_id
                 + ": its actor ends by an exception: " + e.what());
      return to_exit_reason({close_code::internal_error, "internal error"});
    }
  });
}

bool connected_client::is_running_here() const noexcept {
  return running == this;
}

void connected_client::send_event(const client_message& what) {
  out_.event(what);
}

void connected_client::close(const close_reason& why) {
  out_.close(why);
}

void connected_client::enqueue(caf::mailbox_element_ptr what,
                               caf::execution_unit* from) {
  caf::event_based_actor::enqueue(std::move(what),
                                  home_ != nullptr ? home_ : from);
}

caf::resumable::resume_result
connected_client::resume(caf::execution_unit* unit,
                         std::size_t max_throughput) {
  running_scope scope{this};
  return caf::event_based_actor::resume(unit, max_throughput);
}

void connected_client::on_exit() {
  out_.close(from_exit_reason(fail_state()));
  // It holds the socket's end, and that holds this actor.
  out_.disconnect();
}

bool connected_client::cleanup(caf::error&& why, caf::execution_unit* host) {
  // A timeout has the id of a request or is one for receiving; streams set some
  // of their own.
  if (last_request_id_ != caf::make_message_id() || timeout_id_ != 0
      || !stream_managers_.empty() || !pending_stream_managers_.empty())
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
  return caf::monitorable_actor::cleanup(std::move(why), host);
}

} // namespace flamigo::detail
