#include "flamigo/cluster/detail/domain_gate.hpp"

#include <utility>

#include "flamigo/cluster/detail/node_call.hpp"
#include "flamigo/cluster/detail/remote_invocation.hpp"
#include "flamigo/context/detail/call_notice.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/task/detail/await_response.hpp"

namespace flamigo::detail {

domain_gate::domain_gate(caf::actor_config& cfg, const flamigo::services& what,
                         const placed_domain& domain,
                         std::shared_ptr<const held_lease> lease,
                         node_finder find)
  : enduring_actor(cfg), services_(what), domain_(domain.name),
    strategies_(domain.strategies), home_(domain.home),
    lease_(std::move(lease)), find_(std::move(find)) {
}

std::string domain_gate::title() const {
  return "the gate of " + domain_;
}

caf::behavior domain_gate::make_behavior() {
  return {
    [this](invocation& what) { return run(what, comes_from::here); },
    [this](remote_invocation& what) {
      return run(what.what, comes_from::another_node);
    },
    [](const call_notice& what) { what.apply(); },
  };
}

caf::result<strategy_reply> domain_gate::run(invocation& what,
                                             comes_from whom) {
  what.place = queue_ticket{};
  if (what.ctx.deadline() <= clock().now())
    return make_error(errc::timeout);
  if (what.ctx.cancelled())
    return make_error(what.ctx.ends_by());
  auto ctx = what.ctx.enter(*this, *this);
  auto token = lease_->token();
  auto sent = token != 0 ? send_here(what.index, ctx.inside(*this))
              : whom == comes_from::here
                ? send_there(what.index, ctx.inside(*this))
                : unavailable("lives on this node no more");
  if (!sent)
    return std::move(sent.error());
  follow(std::move(*sent), ctx, token);
  return caf::delegated<strategy_reply>{};
}

caf::expected<sent_call> domain_gate::send_here(std::size_t index,
                                                const flamigo::context& ctx) {
  return send_invocation(*this, {home_, index}, ctx);
}

caf::expected<sent_call> domain_gate::send_there(std::size_t index,
                                                 const flamigo::context& ctx) {
  auto holder = lease_->holder();
  if (holder.empty())
    return unavailable("lives on no node now");
  auto to = find_(holder);
  if (!to)
    return unavailable("lives on a node that is not heard");
  auto id = new_request_id(caf::message_priority::normal);
  auto state = ctx.state();
  state->callee = to;
  to->enqueue(caf::make_mailbox_element(ctrl(), id, {},
                                        node_call{strategies_.at(index), ctx}),
              context());
  return sent_call{id.response_id(), std::move(state)};
}

void domain_gate::follow(sent_call what, const flamigo::context& of,
                         std::uint64_t token) {
  auto answer = std::make_shared<late_reply>(defer());
  auto call = of.state();
  await_response<strategy_reply>(
    *this, {what.id, of.deadline(), call, std::move(what.state)},
    [this] { return title(); },
    [this, answer, call, token](strategy_reply& reply) {
      call->close();
      if (token == 0 || token == lease_->token())
        answer->deliver(std::move(reply.payload));
      else
        answer->deliver(
          unavailable("has left this node meanwhile; it has done it"));
    },
    [answer, call](caf::error& why) {
      call->close();
      answer->deliver(std::move(why));
    });
}

caf::error domain_gate::unavailable(const std::string& why) const {
  return make_error(errc::unavailable, "this service is not available now",
                    domain_ + " " + why);
}

reply_address domain_gate::defer() {
  // Taking the promise keeps CAF from answering when the handler returns.
  auto promise = make_response_promise();
  return {promise.source(), promise.id().response_id()};
}

} // namespace flamigo::detail
