// A server for the authentication tests: tokens are HS256 with the secret of
// the environment variable AUTH_SECRET. With --verifier=actor they are verified
// by an actor that takes --delay for it.

#include <cstdlib>
#include <deque>

#include <boost/describe/class.hpp>

#include <caf/stateful_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <flamigo/application/application.hpp>
#include <flamigo/client/websocket_client.hpp>
#include <flamigo/context/require_user.hpp>
#include <flamigo/error/error.hpp>
#include <flamigo/log/log.hpp>
#include <flamigo/roster/roster.hpp>

namespace {

using namespace flamigo;

struct options : configuration {
  options() {
    opt_group{custom_options_, "?test"}
      .add(verifier, "verifier", "function or actor")
      .add(delay, "delay", "of the actor");
  }

  std::string verifier = "function";
  caf::timespan delay{0};
};

struct identity {
  std::string id;
  std::string name;
  std::vector<std::string> permissions;
};

BOOST_DESCRIBE_STRUCT(identity, (), (id, name, permissions))

/// An event for one user.
struct note {
  std::string to;
  std::string text;

  topic topics() const {
    return user_topic(to);
  }

  client_message to_client() const {
    return make_client_message("note", text);
  }
};

BOOST_DESCRIBE_STRUCT(note, (), (to, text))

/// An event for all.
struct news {
  std::string text;

  topic topics() const {
    return topic{"news"};
  }

  client_message to_client() const {
    return make_client_message("news", text);
  }
};

BOOST_DESCRIBE_STRUCT(news, (), (text))

/// What a verifying actor has been asked and has not answered.
struct questions {
  std::deque<std::pair<credentials, caf::typed_response_promise<user>>> waiting;
};

caf::behavior verify(caf::stateful_actor<questions>* self,
                     const jwt_verifier& verifier, caf::timespan delay) {
  return {
    [=](const credentials& what) {
      auto answer = self->make_response_promise<user>();
      self->state.waiting.emplace_back(what, answer);
      self->delayed_send(self, delay, caf::tick_atom::value);
      return answer;
    },
    [=](caf::tick_atom) {
      auto [what, answer] = std::move(self->state.waiting.front());
      self->state.waiting.pop_front();
      if (auto who = verifier.verify(what.token))
        answer.deliver(*who);
      else
        answer.deliver(who.error());
    },
  };
}

jwt_options tokens() {
  auto secret = std::getenv("AUTH_SECRET");
  jwt_options result;
  result.key = secret != nullptr ? secret : "";
  result.audience = "test";
  return result;
}

void add_strategies(application& app) {
  auto& s = app.strategies();
  s.add("app::test:open", open_to_guests(), [] { return std::string{"open"}; });
  s.add("app::test:me", [](context& ctx) -> caf::expected<identity> {
    auto who = require_user(ctx);
    if (!who)
      return std::move(who.error());
    return identity{who->id, who->name, who->permissions};
  });
  s.add("app::test:moderate", has_permission("moderate"), [] {});
  s.add("app::test:note",
        [](context& ctx, const note& what) { return ctx.publish(what); });
  s.add("app::test:news", open_to_guests(),
        [](context& ctx, const std::string& text) {
          return ctx.publish(news{text});
        });
  auto connections = app.connections();
  s.add("app::test:kick",
        [connections](const std::string& id) { connections.kick_user(id); });
  s.add("app::test:connections", open_to_guests(),
        [connections] { return connections.open(); });
  app.on_open([](client& who) { who.subscribe("news"); });
}

} // namespace

int main(int argc, char** argv) {
  auto config = std::make_unique<options>();
  if (auto status = config->load_or_report(argc, argv))
    return *status;
  auto verifier = config->verifier;
  auto delay = config->delay;
  application app{std::move(config)};
  add_strategies(app);
  if (verifier == "actor")
    app.authenticate(app.system().spawn(verify, jwt_verifier{tokens()}, delay));
  else
    app.authenticate(jwt_verifier{tokens()});
  return app.run();
}
