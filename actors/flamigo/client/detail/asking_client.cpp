#include "flamigo/client/detail/asking_client.hpp"

#include <charconv>
#include <string>
#include <utility>

#include <caf/behavior.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"
#include "flamigo/strategy/detail/check_bytes.hpp"

namespace flamigo::detail {

struct asking_client::asked {
  open_questions open;
  /// One timer serves all questions, for the earliest of their deadlines.
  caf::message_id timer;
  caf::actor_clock::time_point timer_at;
};

namespace {

/// What ids are made of; anything else is no id of ours.
std::uint64_t id_of(std::string_view text) {
  std::uint64_t result = 0;
  auto end = text.data() + text.size();
  auto [last, failure] = std::from_chars(text.data(), end, result);
  auto canonical = last == end && failure == std::errc{} && text[0] != '0';
  return canonical ? result : 0;
}

} // namespace

asking_client::asking_client(caf::actor_config& cfg,
                             const client_environment& env, home_unit* home,
                             std::shared_ptr<transport> out, claims_ptr who)
  : answering_client(cfg, env, home, std::move(out), std::move(who)) {
}

asking_client::~asking_client() = default;

// -- asking -------------------------------------------------------------------

void asking_client::ask(const client_question& what, reply_address asker) {
  auto asker_id = asker.target ? asker.target->id() : caf::invalid_actor_id;
  auto reply = std::make_unique<late_reply>(std::move(asker));
  if (out_.closed())
    return reply->deliver(make_error(errc::unavailable, "this client is gone"));
  if (silent_)
    return reply->deliver(
      make_error(errc::unavailable, "the server is shutting down"));
  if (!what.user.empty() && !(claims_->user && claims_->user->id == what.user))
    return reply->deliver(
      make_error(errc::unavailable, "this client is somebody else"));
  if (!asked_)
    asked_ = std::make_unique<asked>();
  auto& open = asked_->open;
  if (open.size() >= max_questions)
    return reply->deliver(make_error(errc::too_many_requests,
                                     "this client has too many questions to "
                                     "answer"));
  if (what.deadline <= clock().now())
    return reply->deliver(make_error(errc::timeout));
  // That may have overtaken the question.
  if (what.call && what.call->why() != errc::none)
    return reply->deliver(make_error(what.call->why()));
  auto& added = open.add(what.deadline, asker_id, std::move(reply));
  auto id = added.id;
  added.bytes = what.bytes_back;
  if (what.call)
    added.part = std::make_unique<question_part>(what.call, [this, id] {
      guarded_or_logged([&] { withdraw(asked_->open.take(id)); },
                        [] { return std::string{"a question withdrawn"}; });
    });
  std::string frame;
  out_.format().append_question(frame, what.topic, what.payload,
                                std::to_string(id));
  if (what.bytes != nullptr)
    out_.format().lift_bytes(frame, what.bytes);
  keep_order();
  out_.send(frame);
  if (!asked_->timer.is_response() || what.deadline < asked_->timer_at)
    arm(what.deadline);
}

void asking_client::withdraw_questions(caf::actor_id asker) {
  if (!asked_)
    return;
  while (withdraw(asked_->open.take_from(asker)))
    ;
}

bool asking_client::withdraw(std::optional<open_questions::question> what) {
  if (!what)
    return false;
  what->asker->deliver(make_error(errc::unavailable, "", "withdrawn"));
  end_question(*what);
  return true;
}

void asking_client::end_question(const open_questions::question& what) {
  std::string frame;
  out_.format().append_event(frame, "request:ended",
                             R"({"requestId":")" + std::to_string(what.id)
                               + "\"}");
  out_.send(frame);
}

void asking_client::answered(client_answer what) {
  auto question = asked_ ? asked_->open.take(id_of(what.request_id))
                         : std::nullopt;
  // Too late, or never asked.
  if (!question)
    return;
  if (!what.failure && !what.bytes_at.empty())
    if (auto fits = check_bytes({question->bytes}, what.payload, what.bytes_at);
        !fits)
      what.failure = std::move(fits.error());
  if (what.failure)
    question->asker->deliver(what.failure);
  else
    question->asker->deliver(std::move(what.payload));
}

void asking_client::on_exit() {
  give_up();
  answering_client::on_exit();
}

bool asking_client::has_to_finish(const close_reason& why) {
  give_up();
  return answering_client::has_to_finish(why);
}

void asking_client::give_up() {
  if (!asked_)
    return;
  for (auto& x : asked_->open.take_all())
    x.asker->deliver(make_error(errc::unavailable, "this client is gone"));
}

// -- time ---------------------------------------------------------------------

void asking_client::arm(caf::actor_clock::time_point deadline) {
  if (asked_->timer.is_response()) {
    clock().cancel_request_timeout(this, asked_->timer);
    multiplexed_responses_.erase(asked_->timer);
    asked_->timer = {};
  }
  if (deadline == caf::actor_clock::time_point::max())
    return;
  asked_->timer = new_request_id(caf::message_priority::normal).response_id();
  asked_->timer_at = deadline;
  add_multiplexed_response_handler(
    asked_->timer,
    caf::behavior{[this](const caf::error&) { expire_questions(); }});
  clock().set_request_timeout(deadline, this, asked_->timer);
}

void asking_client::expire_questions() {
  asked_->timer = {};
  auto now = clock().now();
  while (auto question = asked_->open.take_expired(now)) {
    question->asker->deliver(
      make_error(errc::timeout, "the client did not answer in time"));
    end_question(*question);
  }
  if (!asked_->open.empty())
    arm(asked_->open.next_deadline());
}

} // namespace flamigo::detail
