#include "flamigo/strategy/next.hpp"

#include <caf/mailbox_element.hpp>
#include <caf/sec.hpp>

#include "flamigo/context/strategy_reply.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/strategy/detail/nested_port.hpp"
#include "flamigo/strategy/strategy.hpp"

namespace flamigo {

pending_rest::pending_rest(const context& ctx, const strategy_handlers& rest) {
  using kind = detail::outcome::kind;
  auto& self = *ctx.self();
  detail::nested_port port{self};
  auto inner = ctx.enter(self, port);
  answer_.text.clear();
  auto result = rest.invoke(inner, answer_.text);
  switch (result.what()) {
    case kind::done:
      break;
    case kind::deferred:
      expect(self, port.id);
      limit(ctx.deadline());
      break;
    default:
      fail(std::move(result.error()));
  }
}

caf::expected<raw_json> pending_rest::await_resume() {
  if (std::exchange(taken_, true))
    return internal_error("what next(ctx) returned was awaited twice");
  if (error())
    return std::move(error());
  return std::move(answer_);
}

void pending_rest::take(caf::mailbox_element& what) {
  auto& content = what.content();
  if (content.match_elements<strategy_reply>())
    answer_.text = std::move(content.get_mutable_as<strategy_reply>(0).payload);
  else if (auto why = detail::error_in(what))
    fail(std::move(why));
  else
    fail(caf::sec::unexpected_response);
}

} // namespace flamigo
