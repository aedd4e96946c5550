#include "flamigo/task/detail/send_answer.hpp"

#include <utility>

#include <caf/event_based_actor.hpp>
#include <caf/mailbox_element.hpp>

#include "flamigo/context/strategy_reply.hpp"
#include "flamigo/task/detail/root_task.hpp"

namespace flamigo::detail {

namespace {

/// In the actor, so that its execution unit may be used.
template <class T>
void send(root_task& of, T what) {
  auto to = std::move(of.answer_to.target);
  of.answer_to.target = nullptr;
  if (to)
    to->enqueue(caf::make_mailbox_element(nullptr, of.answer_to.id, {},
                                          std::move(what)),
                of.self->context());
}

} // namespace

void send_answer(root_task& of, std::string json) {
  if (of.span)
    of.span->end({});
  send(of, strategy_reply{std::move(json)});
}

void send_answer(root_task& of, caf::error why) {
  if (of.span)
    of.span->end(why);
  send(of, std::move(why));
}

} // namespace flamigo::detail
