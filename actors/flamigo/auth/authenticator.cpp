#include "flamigo/auth/authenticator.hpp"

#include <algorithm>
#include <string>

#include <boost/describe/class.hpp>

#include <caf/event_based_actor.hpp>

#include "flamigo/client/client.hpp"
#include "flamigo/context/detail/await_response.hpp"
#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/strategy/strategy_registry.hpp"

namespace flamigo {

namespace {

struct auth_input {
  std::string token;
};

BOOST_DESCRIBE_STRUCT(auth_input, (), (token))

struct auth_output {
  bool success;
};

BOOST_DESCRIBE_STRUCT(auth_output, (), (success))

/// Whether a text quotes a token, or one of the parts of a JSON Web Token.
bool quotes(const std::string& text, std::string_view token) {
  constexpr std::size_t min_part = 12;
  if (!token.empty() && text.find(token) != text.npos)
    return true;
  for (auto rest = token; !rest.empty();) {
    auto part = rest.substr(0, rest.find('.'));
    if (part.size() >= min_part && text.find(part) != text.npos)
      return true;
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  }
  return false;
}

/// An application's error may say more than it should.
caf::error without_token(caf::error why, std::string_view token) {
  if (!quotes(trace_of(why), token) && !quotes(public_message(why), token)
      && !quotes(code_of(why), token))
    return why;
  auto refused = status_of(why) < 500;
  return make_error(refused ? errc::unauthorized : errc::internal, {},
                    "why is not told, because the token is part of it");
}

caf::expected<user> ask(const authenticator::function& verify,
                        const auth_input& in, const claims& handshake) {
  auto who = detail::guarded([&] { return verify(in.token, handshake); },
                             [](caf::error why) -> caf::expected<user> {
                               return why;
                             });
  if (!who)
    return without_token(std::move(who.error()), in.token);
  return who;
}

caf::expected<auth_output> make_user(client whom, user who) {
  if (auto err = whom.set_user(std::move(who)))
    return err;
  return auth_output{true};
}

void deliver(response_promise<auth_output>& to,
             caf::expected<auth_output> what) {
  if (what)
    to.deliver(*what);
  else
    to.deliver(std::move(what.error()));
}

auto handler_of(authenticator::function verify) {
  return [verify = std::move(verify)](
           context& ctx, const auth_input& in) -> caf::expected<auth_output> {
    auto self = require_actor<websocket_client>(ctx);
    if (!self)
      return std::move(self.error());
    auto who = ask(verify, in, ctx.claims());
    if (!who)
      return std::move(who.error());
    return make_user(*self, std::move(*who));
  };
}

auto handler_of(caf::actor service) {
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
      runner, asked.id(), ctx.deadline(), "what follows the authentication",
      [answer, weak](user& who) mutable {
        if (auto whom = caf::actor_cast<caf::actor>(weak))
          deliver(answer, make_user(client{whom}, std::move(who)));
      },
      [answer, token = in.token](caf::error& why) mutable {
        answer.deliver(without_token(std::move(why), token));
      });
    return answer;
  };
}

} // namespace

authenticator::authenticator(caf::actor service)
  : service_(std::move(service)) {
}

authenticator::authenticator(jwt_verifier verifier)
  : service_(function{
    [verifier = std::move(verifier)](std::string_view token, const claims&) {
      return verifier.verify(token);
    }}) {
}

caf::actor authenticator::service() const {
  auto actor = std::get_if<caf::actor>(&service_);
  return actor != nullptr ? *actor : caf::actor{};
}

void authenticator::add_strategy(strategy_registry& to) const {
  std::visit(
    [&to](auto& service) {
      to.add(auth_strategy_name(to), validator{is_websocket()},
             handler_of(service));
    },
    service_);
}

std::string auth_strategy_name(const strategy_registry& registry) {
  return registry.name_of("websocket:auth");
}

} // namespace flamigo
