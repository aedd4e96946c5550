#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flamigo/client/client_feed.hpp"
#include "flamigo/testing/actor_fixture.hpp"

namespace flamigo::testing::detail {

/// What a socket and its bridge are to a connection actor, without both. Like a
/// socket, it ends a little later than the server closes it: when the actors
/// have nothing to do.
class fake_connection : public std::enable_shared_from_this<fake_connection> {
public:
  explicit fake_connection(actor_fixture& in) : in_(&in) {
    // nop
  }

  fake_connection(const fake_connection&) = delete;

  fake_connection& operator=(const fake_connection&) = delete;

  ~fake_connection();

  /// Spawns the actor.
  void open(const client_environment& env, claims_ptr who, std::string token);

  /// Throws a failure when the connection has ended.
  void say(std::string_view text);

  /// The peer goes. Does nothing when the connection has ended.
  void end(const close_reason& why);

  /// The fixture goes, and the peer with it.
  void abandon();

  /// Lets the actors run, if they are still there.
  void run();

  const caf::actor& actor() const noexcept {
    return feed_.client();
  }

  /// Text messages of the server that nobody has looked at.
  std::vector<std::string> frames;
  /// Why the server has closed the connection, if it has.
  std::optional<close_reason> closed;
  /// What was asked, by its ackId; the first is 1.
  std::vector<std::string> requests;
  /// The id of what the server has asked and a test has looked at, until it is
  /// answered.
  std::string asked;

private:
  actor_fixture* in_;
  client_feed feed_;
};

} // namespace flamigo::testing::detail
