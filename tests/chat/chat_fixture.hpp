#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <catch2/catch_test_macros.hpp>

#include <caf/send.hpp>

#include <flamigo/host.hpp>
#include <flamigo/json/json.hpp>

#include "domain.hpp"
#include "login.hpp"
#include "support/auth_fixture.hpp"
#include "whoami.hpp"

namespace chat {

/// All of the chat that main registers, without sockets. Tokens are read by the
/// real clock, and good for minutes.
struct fixture : flamigo::test::actor_fixture {
  fixture() {
    flamigo::authenticator{flamigo::jwt_verifier{tokens}}.add_strategy(
      strategies);
    add_whoami(strategies);
    supervisor = flamigo::host(services, {}, chat::domain);
    env.auth = flamigo::authentication{{}, flamigo::test::auth_name};
    run();
  }

  ~fixture() {
    caf::anon_send_exit(supervisor, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(watch.handle(), caf::exit_reason::user_shutdown);
    run();
  }

  /// What the login says to this name.
  flamigo::http_response log_in(std::string_view name) const {
    flamigo::http_request request;
    request.body = R"({"name":)" + flamigo::to_json(std::string{name}) + "}";
    return door(request);
  }

  std::string token(std::string_view name) const {
    auto answer = flamigo::from_json<session>(log_in(name).body);
    REQUIRE(answer);
    return answer->token;
  }

  flamigo::jwt_options tokens = token_options();
  login door{flamigo::jwt_issuer{tokens}, {"moderator"}};
  caf::actor supervisor;
  flamigo::roster watch{bus};
  flamigo::client_environment env{services, {}, watch.handle()};
};

/// A connection with an id of its own, which logs in if it has a name.
struct visitor : flamigo::test::fake_client {
  visitor(fixture& f, std::string id, std::string_view name = {})
    : fake_client(f, f.env, {}, std::move(id)), fix(f) {
    fix.run();
    if (!name.empty())
      REQUIRE(ask(flamigo::test::auth_call(f.token(name)))
              == flamigo::test::strings{flamigo::test::welcome()});
  }

  ~visitor() {
    feed.closed({flamigo::close_code::going_away, "window closed"});
    feed = {};
    fix.run();
  }

  /// Says something and returns all that was heard since.
  flamigo::test::strings ask(std::string_view text) {
    say(text);
    fix.run();
    return heard();
  }

  fixture& fix;
};

} // namespace chat
