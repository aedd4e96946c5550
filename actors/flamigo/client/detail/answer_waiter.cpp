#include "flamigo/client/detail/answer_waiter.hpp"

#include <utility>

#include <caf/mailbox_element.hpp>
#include <caf/sec.hpp>

#include "flamigo/context/strategy_reply.hpp"
#include "flamigo/error/error.hpp"

namespace flamigo::detail {

std::shared_ptr<call_state>
question_in(const std::shared_ptr<call_state>& caller, std::string topic) {
  return caller ? std::make_shared<call_state>(caller->actor, std::move(topic),
                                               std::string{})
                : nullptr;
}

answer_waiter::answer_waiter(caf::event_based_actor& self, std::string topic,
                             caf::message_id id, time_point deadline,
                             std::shared_ptr<call_state> caller,
                             std::shared_ptr<call_state> asked)
  : self_(self), response_(id), deadline_(deadline), asked_(std::move(asked)),
    where_("ask client(" + std::move(topic) + ")") {
  expect(self, id);
  limit(deadline);
  join(std::move(caller));
}

answer_waiter::answer_waiter(caf::event_based_actor& self, std::string topic,
                             caf::error why)
  : self_(self), where_("ask client(" + std::move(topic) + ")") {
  fail(std::move(why));
}

caf::error answer_waiter::result() {
  if (error())
    return wrap(std::move(error()), where_);
  if (std::exchange(taken_, true))
    return internal_error("the answer of " + where_ + " was awaited twice");
  return {};
}

void answer_waiter::tell(errc why) noexcept {
  call_state::cancel(asked_, why, self_.context());
}

void answer_waiter::stop(const caf::error& why) noexcept {
  waiter::stop(why);
}

void answer_waiter::withdraw() noexcept {
  leave();
  response_waiter::withdraw();
}

void answer_waiter::take(caf::mailbox_element& what) {
  leave();
  auto& content = what.content();
  if (content.match_elements<strategy_reply>())
    json_ = std::move(content.get_mutable_as<strategy_reply>(0).payload);
  else if (auto why = error_in(what))
    fail(std::move(why));
  else
    fail(caf::sec::unexpected_response);
}

} // namespace flamigo::detail
