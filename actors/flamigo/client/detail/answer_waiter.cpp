#include "flamigo/client/detail/answer_waiter.hpp"

#include <utility>

#include <caf/mailbox_element.hpp>
#include <caf/sec.hpp>

#include "flamigo/context/strategy_reply.hpp"
#include "flamigo/error/error.hpp"

namespace flamigo::detail {

answer_waiter::answer_waiter(caf::event_based_actor& self, std::string topic,
                             caf::message_id id, time_point deadline)
  : response_(id), deadline_(deadline),
    where_("ask client(" + std::move(topic) + ")") {
  expect(self, id);
  limit(deadline);
}

caf::error answer_waiter::result() {
  if (error())
    return wrap(std::move(error()), where_);
  if (std::exchange(taken_, true))
    return internal_error("the answer of " + where_ + " was awaited twice");
  return {};
}

void answer_waiter::take(caf::mailbox_element& what) {
  auto& content = what.content();
  if (content.match_elements<strategy_reply>())
    json_ = std::move(content.get_mutable_as<strategy_reply>(0).payload);
  else if (auto why = error_in(what))
    fail(std::move(why));
  else
    fail(caf::sec::unexpected_response);
}

} // namespace flamigo::detail
