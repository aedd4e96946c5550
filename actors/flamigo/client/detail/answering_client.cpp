#include "flamigo/client/detail/answering_client.hpp"

#include <memory>
#include <utility>

#include <caf/actor_clock.hpp>

#include "flamigo/context/detail/call_notice.hpp"
#include "flamigo/context/strategy_reply.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/roster/detail/client_left.hpp"
#include "flamigo/task/detail/no_sink.hpp"
#include "flamigo/task/detail/pour.hpp"

namespace flamigo::detail {

namespace {

constexpr auto no_deadline = caf::actor_clock::time_point::max();

} // namespace

void answering_client::on_exit() {
  cancel_unheard();
  // The states of the others refer to this actor.
  in_flight_.clear();
  // It holds `this`.
  response_handler_ = {};
  // Others may hold this actor for long.
  finishing_.reset();
  user_client::on_exit();
}

// -- a client that has gone ---------------------------------------------------

void answering_client::cancel_unheard() {
  pending_request req;
  while (in_flight_.take_if(req, [](auto& x) {
    return !x.ack_id.empty() && !x.what->is_detached();
  }))
    call_state::cancel(req.call, errc::cancelled, context());
}

bool answering_client::has_to_finish(const close_reason& why) {
  cancel_unheard();
  // Domain actors finish by themselves.
  pending_request req;
  while (in_flight_.take_if(req, [](auto& x) {
    return x.what->handlers() == nullptr;
  }))
    ;
  // An await of CAF's holds back the deadlines as well.
  if (in_flight_.empty() || awaiting())
    return false;
  finishing_ = finishing::begin(env_, why);
  if (!finishing_) {
    log::warn(title()
              + ": too many others finish what their clients have left "
                "behind, so it ends with its own");
    return false;
  }
  deaf(true);
  end_channels();
  send(caf::actor_cast<caf::actor>(env_.roster), client_left{id(), why});
  return true;
}

void answering_client::end_if_finished() {
  if (finishing_ && in_flight_.empty())
    quit(to_exit_reason(finishing_->why));
}

// -- answers ------------------------------------------------------------------

reply_address answering_client::defer() {
  deferred_id_ = new_request_id(caf::message_priority::normal).response_id();
  return {ctrl(), deferred_id_};
}

void answering_client::await_response(caf::message_id id,
                                      const strategy_ptr& what,
                                      std::string_view ack_id,
                                      std::shared_ptr<call_state> state,
                                      time_point since, span_ptr step) {
  meter().left();
  add_multiplexed_response_handler(id, response_handler());
  in_flight_.add({id, what, std::string{ack_id},
                  what->streams()
                    ? no_deadline
                    : clock().now() + env_.options.request_timeout,
                  std::move(state), false, since, std::move(step)});
  if (!deadline_id_.is_response())
    arm_deadline();
}

void answering_client::answer_in_parts(json_stream rows,
                                       const strategy_ptr& what,
                                       std::string_view ack_id,
                                       std::shared_ptr<call_state> state,
                                       time_point since, span_ptr step) {
  if (!out_.format().takes_parts(ack_id))
    return answer(
      {{},
       what,
       std::string{ack_id},
       no_deadline,
       nullptr,
       false,
       since,
       std::move(step)},
      nullptr,
      invalid_payload({{"stream", "ask for the items by {stream: id} as the "
                                  "last of two arguments, and for their end "
                                  "by an acknowledgement"}}));
  std::shared_ptr<item_sink> to;
  if (ack_id.empty())
    to = std::make_shared<no_sink>();
  else
    to = std::make_shared<part_sink>(out_, waiting_parts_, what, ack_id);
  auto where = defer();
  auto ended = pour(*this, std::move(rows), std::move(to),
                    env_.options.request_timeout, state, where);
  if (!ended)
    return await_response(where.id, what, ack_id, std::move(state), since,
                          std::move(step));
  std::string none{"null"};
  auto payload = *ended ? nullptr : &none;
  answer({where.id, what, std::string{ack_id}, no_deadline, nullptr, false,
          since, std::move(step)},
         payload, std::move(*ended));
}

void answering_client::make_room() {
  // None of both kinds takes all of it for ever.
  channels_first_ = !channels_first_;
  if (channels_first_)
    make_room_for_channels();
  waiting_parts_.make_room();
  if (!channels_first_)
    make_room_for_channels();
}

const caf::behavior& answering_client::response_handler() {
  if (!response_handler_)
    response_handler_ = {
      [this](strategy_reply& reply) { on_response(&reply.payload, {}); },
      [this](caf::error& why) { on_response(nullptr, std::move(why)); },
    };
  return response_handler_;
}

void answering_client::on_response(std::string* payload, caf::error why) {
  auto id = current_mailbox_element()->mid;
  if (id == deadline_id_)
    return expire_requests();
  pending_request req;
  if (!in_flight_.take(id, req))
    return;
  if (req.answered)
    place_is_free();
  else
    answer(req, payload, std::move(why));
  end_if_finished();
}

// -- what is not waited for ---------------------------------------------------

bool answering_client::take_request(std::string_view name,
                                    pending_request& result) {
  return in_flight_.take_if(result, [this, name](auto& x) {
    return !x.answered && !x.ack_id.empty()
           && out_.format().is_named(x.ack_id, name);
  });
}

void answering_client::end(pending_request what, errc why) {
  auto call = std::move(what.call);
  if (what.what->is_detached()) {
    what.answered = true;
    what.deadline = caf::actor_clock::time_point::max();
    in_flight_.add(std::move(what));
  } else {
    // Whatever answers later finds no handler and is dropped.
    multiplexed_responses_.erase(what.id);
  }
  // What an actor awaits in CAF's sense holds back all that runs here.
  if (awaiting() && call && !call->callee)
    handle_later(context(), call_notice{std::move(call), why});
  else
    call_state::cancel(call, why, context());
}

// -- time ---------------------------------------------------------------------

void answering_client::arm_deadline() {
  auto due = in_flight_.next_deadline();
  if (due == no_deadline)
    return;
  // One timer serves all requests in flight. It is a request timeout of CAF's
  // clock, since that can be cancelled and a delayed message cannot.
  deadline_id_ = new_request_id(caf::message_priority::normal).response_id();
  add_multiplexed_response_handler(deadline_id_, response_handler());
  clock().set_request_timeout(due, this, deadline_id_);
}

void answering_client::expire_requests() {
  deadline_id_ = {};
  pending_request req;
  while (in_flight_.take_expired(clock().now(), req)) {
    end(req, errc::timeout);
    answer(req, nullptr, make_error(errc::timeout));
  }
  // An answer may have started the next request, and with it the timer.
  if (in_flight_.expires() && !deadline_id_.is_response())
    arm_deadline();
  end_if_finished();
}

} // namespace flamigo::detail
