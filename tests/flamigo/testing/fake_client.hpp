#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "flamigo/actors/client_feed.hpp"
#include "support/actor_fixture.hpp"
#include "support/fake_transport.hpp"

namespace flamigo::test {

/// A connection without a socket: frames go in, what the actor sends is kept.
class fake_client {
public:
  fake_client(actor_fixture& fix, const client_environment& env,
              std::string token = {}, std::string id = "c1")
    : out(std::make_shared<fake_transport>()),
      feed(env, &fix.unit, out, make_claims(std::move(id)), std::move(token)) {
  }

  ~fake_client() {
    if (feed)
      feed.closed({close_code::going_away, "test is over"});
  }

  void say(std::string_view text) {
    feed.message(text);
  }

  /// The frames since the last call.
  std::vector<std::string> heard() {
    return std::exchange(out->sent, {});
  }

  static std::shared_ptr<claims> make_claims(std::string id = "c1") {
    auto result = std::make_shared<claims>();
    result->type = claims_type::websocket;
    result->connection_id = std::move(id);
    result->remote_address = "127.0.0.1:4711";
    return result;
  }

  std::shared_ptr<fake_transport> out;
  client_feed feed;
};

} // namespace flamigo::test
