#include "flamigo/cluster/detail/peer_questions.hpp"

#include <memory>
#include <utility>

#include "flamigo/bus/detail/sync_delivery.hpp"
#include "flamigo/claims/claims.hpp"
#include "flamigo/context/strategy_reply.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/wire/client_message.hpp"

namespace flamigo::detail {

// -- to that node -------------------------------------------------------------

void peer_questions::ask(const client_question& what, reply_address asker) {
  auto number = answers_.open(std::move(asker), what.deadline);
  if (!number)
    return;
  node_frame frame;
  auto& note = frame.question.emplace();
  note.number = *number;
  note.user = what.user;
  note.topic = what.topic;
  note.payload = {what.payload};
  note.timeout = answers_.time_until(what.deadline);
  answers_.ask(*number, std::move(frame));
}

void peer_questions::ask(const event_ptr& what, reply_address asker) {
  auto number = answers_.open(std::move(asker),
                              self_.clock().now() + max_handling);
  if (!number)
    return;
  node_frame frame;
  frame.event = note_of(*what);
  frame.handled = number;
  answers_.ask(*number, std::move(frame));
}

// -- from that node -----------------------------------------------------------

void peer_questions::asked(question_note&& what) {
  auto number = what.number;
  if (is_own_topic(what.topic))
    return answers_.refuse(number,
                           internal_error(own_topic_refused(what.topic)));
  auto call = std::make_shared<call_state>(acting_actor{{}, backend_claims()},
                                           what.topic, std::string{});
  if (!answers_.begin(number, call))
    return;
  auto id = self_.new_request_id(caf::message_priority::normal).response_id();
  self_.add_multiplexed_response_handler(
    id, caf::behavior{
          [this, number](strategy_reply& reply) {
            answers_.succeed(number, raw_json{std::move(reply.payload)});
          },
          [this, number](const caf::error& why) { answers_.fail(number, why); },
        });
  ask_({std::move(what.topic), std::move(what.payload.text),
        answers_.time_in(what.timeout), std::move(what.user), std::move(call)},
       {caf::strong_actor_ptr{self_.ctrl()}, id});
}

void peer_questions::handle(std::uint64_t number,
                            const caf::expected<event_ptr>& what,
                            const bus& events) {
  if (!what)
    return answers_.refuse(number, what.error());
  if (!answers_.begin(number, nullptr))
    return;
  auto delivery = events.deliver_and_ask(*what, nullptr);
  delivery.then(self_, max_handling, [this, number](publish_report report) {
    if (report.complete())
      answers_.succeed(number, {});
    else
      answers_.fail(number, report.failures.front().why);
  });
}

} // namespace flamigo::detail
