#include "flamigo/cluster/detail/peer_questions.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "flamigo/bus/detail/sync_delivery.hpp"
#include "flamigo/claims/claims.hpp"
#include "flamigo/context/strategy_reply.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/wire/client_message.hpp"

namespace flamigo::detail {

namespace {

caf::error to_error(failure_note&& what) {
  auto code = errc_of(what.code);
  return code == errc::application || code == errc::none
           ? public_error(std::move(what.message), what.status,
                          std::move(what.code))
           : make_error(code, std::move(what.message));
}

} // namespace

// -- to that node -------------------------------------------------------------

std::optional<std::uint64_t> peer_questions::open(reply_address asker,
                                                  time_point deadline) {
  auto id = asker.target ? asker.target->id() : caf::invalid_actor_id;
  auto answer = std::make_unique<late_reply>(std::move(asker));
  if (mine_.size() == max_open) {
    answer->deliver(make_error(errc::too_many_requests,
                               "too many questions to another node are open"));
    return std::nullopt;
  }
  if (deadline <= self_.clock().now()) {
    answer->deliver(make_error(errc::timeout));
    return std::nullopt;
  }
  mine_.emplace(++last_, open_question{id, std::move(answer), deadline});
  return last_;
}

void peer_questions::ask(const client_question& what, reply_address asker) {
  auto number = open(std::move(asker), what.deadline);
  if (!number)
    return;
  node_frame frame;
  auto& note = frame.question.emplace();
  note.number = *number;
  note.user = what.user;
  note.topic = what.topic;
  note.payload = {what.payload};
  if (what.deadline != time_point::max()) {
    using std::chrono::milliseconds;
    auto left
      = std::chrono::ceil<milliseconds>(what.deadline - self_.clock().now());
    note.timeout = static_cast<std::uint64_t>(left.count());
  }
  send_(std::move(frame));
}

void peer_questions::ask(const event_ptr& what, reply_address asker) {
  auto number = open(std::move(asker), self_.clock().now() + max_handling);
  if (!number)
    return;
  node_frame frame;
  frame.event = note_of(*what);
  frame.handled = number;
  send_(std::move(frame));
}

void peer_questions::answered(answer_note&& what) {
  auto open = mine_.extract(what.number);
  // Too late, or never asked.
  if (!open)
    return;
  auto& answer = *open.mapped().answer;
  if (what.failure)
    answer.deliver(to_error(std::move(*what.failure)));
  else
    answer.deliver(what.payload ? std::move(what.payload->text) : "null");
}

void peer_questions::withdraw(caf::actor_id asker) {
  std::erase_if(mine_, [&](auto& x) {
    if (x.second.asker != asker)
      return false;
    node_frame frame;
    frame.withdrawn = x.first;
    send_(std::move(frame));
    x.second.answer->deliver(make_error(errc::unavailable, "", "withdrawn"));
    return true;
  });
}

void peer_questions::expire(time_point now) {
  std::erase_if(mine_, [now](auto& x) {
    if (x.second.deadline > now)
      return false;
    x.second.answer->deliver(
      make_error(errc::timeout, "there was no answer in time"));
    return true;
  });
}

void peer_questions::fail_all() {
  for (auto& [number, x] : std::exchange(mine_, {}))
    x.answer->deliver(make_error(errc::unavailable, "the other node is gone"));
  for (auto& [number, call] : std::exchange(theirs_, {}))
    call_state::cancel(call, errc::cancelled, self_.context());
}

// -- from that node -----------------------------------------------------------

void peer_questions::asked(question_note&& what) {
  auto number = what.number;
  if (theirs_.size() == max_open)
    return fail(number, make_error(errc::too_many_requests));
  if (is_own_topic(what.topic))
    return fail(number, internal_error(own_topic_refused(what.topic)));
  auto call = std::make_shared<call_state>(acting_actor{{}, backend_claims()},
                                           what.topic, std::string{});
  if (!theirs_.emplace(number, call).second)
    return;
  auto deadline = time_point::max();
  if (what.timeout) {
    constexpr std::uint64_t longest = 24 * 60 * 60 * 1'000;
    deadline = self_.clock().now()
               + std::chrono::milliseconds{std::min(*what.timeout, longest)};
  }
  auto id = self_.new_request_id(caf::message_priority::normal).response_id();
  self_.add_multiplexed_response_handler(
    id, caf::behavior{
          [this, number](strategy_reply& reply) {
            if (theirs_.erase(number) == 1)
              answer({number, raw_json{std::move(reply.payload)}, {}});
          },
          [this, number](const caf::error& why) {
            if (theirs_.erase(number) == 1)
              fail(number, why);
          },
        });
  ask_({std::move(what.topic), std::move(what.payload.text), deadline,
        std::move(what.user), std::move(call)},
       {caf::strong_actor_ptr{self_.ctrl()}, id});
}

void peer_questions::handle(std::uint64_t number,
                            const caf::expected<event_ptr>& what,
                            const bus& events) {
  if (!what)
    return fail(number, what.error());
  if (theirs_.size() == max_open)
    return fail(number, make_error(errc::too_many_requests));
  if (!theirs_.emplace(number, nullptr).second)
    return;
  auto delivery = events.deliver_and_ask(*what, nullptr);
  delivery.then(self_, max_handling, [this, number](publish_report report) {
    if (theirs_.erase(number) == 0)
      return;
    if (report.complete())
      answer({number, {}, {}});
    else
      fail(number, report.failures.front().why);
  });
}

void peer_questions::withdrawn(std::uint64_t number) {
  if (auto call = theirs_.extract(number))
    call_state::cancel(call.mapped(), errc::cancelled, self_.context());
}

void peer_questions::answer(answer_note what) {
  node_frame frame;
  frame.answer = std::move(what);
  send_(std::move(frame));
}

void peer_questions::fail(std::uint64_t number, const caf::error& why) {
  answer({number,
          {},
          failure_note{code_of(why), status_of(why), public_message(why)}});
}

} // namespace flamigo::detail
