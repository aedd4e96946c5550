#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <caf/send.hpp>

#include "flamigo/auth/authenticator.hpp"
#include "flamigo/client/auth_strategy.hpp"
#include "flamigo/client/client.hpp"
#include "flamigo/client/websocket_client.hpp"
#include "flamigo/context/require_user.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/roster/client_events.hpp"
#include "flamigo/roster/roster.hpp"
#include "flamigo/testing/fake_client.hpp"
#include "support/events.hpp"
#include "support/wire.hpp"

namespace flamigo::test {

inline const std::string auth_name = "app::websocket:auth";

inline std::string auth_call(std::string_view token, int ack_id = 1) {
  return call(auth_name, R"({"token":")" + std::string{token} + R"("})",
              ack_id);
}

inline std::string welcome(int ack_id = 1) {
  return replied(auth_name, R"({"success":true})", ack_id);
}

/// Authentication is switched on, and tokens are what `users` says.
struct auth_fixture : testing::actor_fixture {
  auth_fixture() {
    users["ada"] = {"1", "Ada", {}, {}, {}};
    users["moderator ada"] = {"1", "Ada", {"moderate"}, {}, {}};
    users["bob"] = {"2", "Bob", {}, {}, {}};
    strategies.add("app::test:name",
                   [](context& ctx) -> caf::expected<std::string> {
                     auto who = require_user(ctx);
                     if (!who)
                       return std::move(who.error());
                     return who->name;
                   });
    strategies.add("app::test:open", open_to_guests(), [] { return 1; });
    strategies.add("app::test:moderate", has_permission("moderate"),
                   [] { return 1; });
    strategies.add("app::test:follow", open_to_guests(),
                   [](context& ctx, const std::string& what) {
                     return require_actor<websocket_client>(ctx)->subscribe(
                       what);
                   });
    adopt(system.spawn([this](caf::event_based_actor* self) {
      self->join(bus.group("websocket"));
      self->join(bus.group("auth"));
      return caf::behavior{[this](const event_ptr& what) { note(*what); }};
    }));
    adopt(watch.handle());
    env.auth
      = authentication{{}, auth_name, [this] { return now() + set_forward; }};
    run();
  }

  ~auth_fixture() {
    end();
  }

  /// With a verifier that answers at once.
  void verify_at_once() {
    add_auth_strategy(strategies,
                      [this](std::string_view token,
                             const claims&) -> caf::expected<user> {
                        auto i = users.find(token);
                        if (i == users.end())
                          return make_error(errc::unauthorized, "who are you?");
                        return i->second;
                      });
  }

  /// With an actor that answers when `answer` is called.
  void verify_later() {
    service = system.spawn([this](caf::event_based_actor* self) {
      return caf::behavior{[this, self](credentials& what) {
        auto promise = self->make_response_promise<user>();
        asked.emplace_back(what.token, promise);
        return promise;
      }};
    });
    adopt(service);
    add_auth_strategy(strategies, service);
    run();
  }

  void answer() {
    auto [token, promise] = std::move(asked.front());
    asked.erase(asked.begin());
    if (auto i = users.find(token); i != users.end())
      promise.deliver(i->second);
    else
      promise.deliver(make_error(errc::unauthorized, "who are you?"));
    run();
  }

  void note(const event& what) {
    if (auto x = what.get_if<client_connected>())
      lifecycle.push_back("connected " + x->connection_id);
    else if (auto y = what.get_if<user_authenticated>())
      lifecycle.push_back("authenticated " + y->connection_id + " " + y->user);
    else if (auto z = what.get_if<client_disconnected>())
      lifecycle.push_back("disconnected " + z->connection_id + " "
                          + z->user.value_or("nobody"));
  }

  std::map<std::string, user, std::less<>> users;
  /// By how much somebody has set the wall clock forward.
  caf::timespan set_forward{0};
  strings lifecycle;
  std::vector<std::pair<std::string, caf::typed_response_promise<user>>> asked;
  caf::actor service;
  roster watch{bus};
  client_environment env{services, {}, watch.handle()};
};

} // namespace flamigo::test
