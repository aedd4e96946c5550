#include "flamigo/client/auth_strategy.hpp"

#include <chrono>
#include <optional>

#include <boost/describe/class.hpp>

#include <caf/event_based_actor.hpp>

#include "flamigo/auth/authenticator.hpp"
#include "flamigo/auth/detail/without_token.hpp"
#include "flamigo/client/client.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/task/detail/await_response.hpp"

namespace flamigo {

namespace {

struct auth_input {
  std::string token;
};

BOOST_DESCRIBE_STRUCT(auth_input, (), (token))

struct auth_output {
  bool success;
  std::optional<std::chrono::milliseconds> expiresInMs;
};

BOOST_DESCRIBE_STRUCT(auth_output, (), (success, expiresInMs))

caf::expected<auth_output> make_user(client whom, user who) {
  auto left = whom.time_left(who);
  if (auto err = whom.set_user(std::move(who)))
    return err;
  return auth_output{true, left};
}

void deliver(response_promise<auth_output>& to,
             caf::expected<auth_output> what) {
  if (what)
    to.deliver(*what);
  else
    to.deliver(std::move(what.error()));
}

auto asking_function(authenticator asked) {
  return [asked = std::move(asked)](
           context& ctx, const auth_input& in) -> caf::expected<auth_output> {
    auto self = require_actor<websocket_client>(ctx);
    if (!self)
      return std::move(self.error());
    auto who = asked.verify(in.token, ctx.claims());
    if (!who)
      return std::move(who.error());
    return make_user(*self, std::move(*who));
  };
}

auto asking_actor(caf::actor service) {
  return [service = std::move(service)](context& ctx, const auth_input& in) {
    auto answer = ctx.make_promise<auth_output>();
    auto self = require_actor<websocket_client>(ctx);
    if (!self) {
      answer.deliver(std::move(self.error()));
      return answer;
    }
    // What waits in an actor must not keep that actor alive.
    auto weak = caf::actor_cast<caf::weak_actor_ptr>(self->handle());
    auto& runner = *ctx.self();
    auto asked = runner.request(service, caf::infinite,
                                credentials{in.token, ctx.actor().claims});
    detail::await_response<user>(
      runner, {asked.id(), ctx.deadline(), ctx.state()},
      [] { return std::string{"what follows the authentication"}; },
      [answer, weak](user& who) mutable {
        if (auto whom = caf::actor_cast<caf::actor>(weak))
          deliver(answer, make_user(client{whom}, std::move(who)));
      },
      [answer, token = in.token](caf::error& why) mutable {
        answer.deliver(detail::without_token(std::move(why), token));
      });
    return answer;
  };
}

} // namespace

void add_auth_strategy(strategy_registry& to, const authenticator& asked) {
  auto name = auth_strategy_name(to);
  if (auto service = asked.service())
    to.add(name, validator{is_websocket()}, asking_actor(std::move(service)));
  else
    to.add(name, validator{is_websocket()}, asking_function(asked));
}

std::string auth_strategy_name(const strategy_registry& registry) {
  return registry.name_of("websocket:auth");
}

} // namespace flamigo
