#include "flamigo/detail/domain_host.hpp"

#include "flamigo/error.hpp"

namespace flamigo::detail {

domain_host::domain_host(caf::actor_config& cfg) : caf::event_based_actor(cfg) {
}

domain_host::~domain_host() = default;

void domain_host::behavior(domain_behavior what) {
  behavior_ = std::move(what);
}

caf::behavior domain_host::make_behavior() {
  caf::message_handler own{[this](invocation& what) { return run(what); }};
  return own.or_else(behavior_.messages());
}

caf::result<strategy_reply> domain_host::run(invocation& what) {
  what.place = queue_ticket{};
  // Whoever asked has been told so already; the work would be for nothing.
  if (what.ctx.deadline() <= clock().now())
    return make_error(errc::timeout);
  auto ctx = what.ctx.enter(*this, *this);
  strategy_reply reply;
  auto result
    = behavior_.strategies()[what.index].handlers->invoke(ctx, reply.payload);
  switch (result.what()) {
    case outcome::kind::done:
      return reply;
    case outcome::kind::deferred:
      return caf::delegated<strategy_reply>{};
    default:
      return std::move(result.error());
  }
}

reply_address domain_host::defer() {
  // Taking the promise keeps CAF from answering when the handler returns.
  auto promise = make_response_promise();
  return {promise.source(), promise.id().response_id()};
}

} // namespace flamigo::detail
