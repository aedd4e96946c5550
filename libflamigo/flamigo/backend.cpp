#include "flamigo/backend.hpp"

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include "flamigo/impl/begun_call.hpp"
#include "flamigo/services.hpp"
#include "flamigo/strategy_reply.hpp"

namespace flamigo {

namespace {

class backend_actor : public caf::event_based_actor {
public:
  backend_actor(caf::actor_config& cfg, const services& what)
    : caf::event_based_actor(cfg), services_(what) {
  }

  const char* name() const override {
    return "backend";
  }

protected:
  caf::behavior make_behavior() override {
    return {[this](const strategy_call& what) { return run(what); }};
  }

private:
  caf::result<strategy_reply> run(const strategy_call& what) {
    // Not a member: an actor that holds a handle to itself never goes away.
    acting_actor who{caf::actor_cast<caf::actor>(this), backend_claims()};
    flamigo::context from{
      {&who, {}, {}, clock().now() + what.timeout, this, &services_, nullptr}};
    auto call = detail::begin_call(from, what.name, what.payload);
    if (call.error)
      return std::move(call.error);
    if (!call.pending())
      return strategy_reply{std::move(call.reply)};
    auto promise = make_response_promise<strategy_reply>();
    detail::await_reply(
      *this, call,
      [promise](std::string& json) mutable {
        promise.deliver(strategy_reply{std::move(json)});
      },
      [promise](caf::error& why) mutable { promise.deliver(std::move(why)); });
    return promise;
  }

  const services& services_;
};

/// Lives for one asynchronous call.
void await(caf::event_based_actor* self, const caf::actor& callee,
           const strategy_call& what,
           const std::function<void(caf::expected<std::string>)>& then) {
  self->request(callee, caf::infinite, what)
    .then([then](strategy_reply& reply) { then(std::move(reply.payload)); },
          [then](caf::error& why) { then(std::move(why)); });
}

} // namespace

backend::backend(const services& what, caf::timespan timeout)
  : system_(&what.system), timeout_(timeout),
    actor_(what.system.spawn<backend_actor, caf::hidden>(std::cref(what))) {
}

void backend::send(strategy_call what, callback then) const {
  system_->spawn<caf::hidden>(await, actor_, std::move(what), std::move(then));
}

} // namespace flamigo
