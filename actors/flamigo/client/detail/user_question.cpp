#include "flamigo/client/detail/user_question.hpp"

#include <memory>
#include <utility>
#include <vector>

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include "flamigo/bus/bus.hpp"
#include "flamigo/claims/user.hpp"
#include "flamigo/client/detail/question_part.hpp"
#include "flamigo/client/detail/users_elsewhere.hpp"
#include "flamigo/client/websocket_client.hpp"
#include "flamigo/context/detail/call_notice.hpp"
#include "flamigo/context/detail/late_reply.hpp"
#include "flamigo/context/strategy_reply.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"
#include "flamigo/wire/client_message.hpp"

namespace flamigo::detail {

namespace {

/// Whether somebody else may have the answer: this client has none.
bool is_no_answer(const caf::error& why) {
  auto code = errc_of(code_of(wrap(why, "")));
  return code == errc::unknown_strategy || code == errc::unavailable
         || code == errc::timeout || code == errc::too_many_requests
         || code == errc::internal;
}

/// Lives until there is an answer, or will be none.
class user_question final : public caf::event_based_actor {
public:
  user_question(caf::actor_config& cfg, client_question what,
                std::vector<caf::actor> whom, std::unique_ptr<late_reply> asker)
    : caf::event_based_actor(cfg), what_(std::move(what)),
      whom_(std::move(whom)), left_(whom_.size()), asker_(std::move(asker)) {
  }

  void on_exit() override {
    // What these share with who has asked holds this actor.
    what_.call = nullptr;
    part_ = nullptr;
    caf::event_based_actor::on_exit();
  }

protected:
  caf::behavior make_behavior() override {
    if (auto call = std::exchange(what_.call, nullptr)) {
      // It may have been cancelled before this began.
      if (call->why() != errc::none) {
        asker_->deliver(make_error(call->why()));
        return {};
      }
      part_ = std::make_unique<question_part>(std::move(call), [this] {
        guarded_or_logged([this] { withdraw(); },
                          [] { return std::string{"a question withdrawn"}; });
      });
    }
    for (auto& each : whom_)
      request(each, caf::infinite, what_)
        .then(
          [this](strategy_reply& reply) {
            asker_->deliver(std::move(reply.payload));
            finish();
          },
          [this](caf::error& why) { failed(std::move(why)); });
    return {[](const call_notice& what) { what.apply(); }};
  }

private:
  void failed(caf::error why) {
    --left_;
    if (is_no_answer(why) && left_ > 0)
      return;
    asker_->deliver(std::move(why));
    finish();
  }

  void withdraw() {
    asker_->deliver(make_error(errc::unavailable, "", "withdrawn"));
    finish();
  }

  void finish() {
    part_ = nullptr;
    for (auto& each : whom_)
      send(each, question_over{});
    quit();
  }

  client_question what_;
  std::vector<caf::actor> whom_;
  std::size_t left_;
  std::unique_ptr<late_reply> asker_;
  std::unique_ptr<question_part> part_;
};

std::vector<caf::actor>
connections_of(const bus& events, const std::string& user, asked_where where) {
  std::vector<caf::actor> result;
  // Nobody can be such a user.
  if (user.empty() || user.size() > max_user_id)
    return result;
  for (auto& who : events.subscribers(user_topic(user))) {
    // Others may listen to what concerns this user.
    auto* actor = caf::actor_cast<caf::abstract_actor*>(who);
    if (dynamic_cast<websocket_client*>(actor) != nullptr
        || (where == asked_where::everywhere
            && dynamic_cast<users_elsewhere*>(actor) != nullptr))
      result.push_back(caf::actor_cast<caf::actor>(who));
  }
  return result;
}

} // namespace

void ask_user(const services& app, client_question what, reply_address asker,
              asked_where where) {
  check_client_topic(what.topic);
  auto reply = std::make_unique<late_reply>(std::move(asker));
  auto whom = connections_of(app.bus, what.user, where);
  if (whom.empty())
    return reply->deliver(
      make_error(errc::unavailable, "this user is not connected"));
  auto call = what.call;
  auto actor = app.system.spawn<user_question, caf::hidden>(
    std::move(what), std::move(whom), std::move(reply));
  if (call)
    call->callee = caf::actor_cast<caf::strong_actor_ptr>(std::move(actor));
}

} // namespace flamigo::detail
