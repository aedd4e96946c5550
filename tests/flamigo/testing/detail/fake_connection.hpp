#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flamigo/client/client_feed.hpp"
#include "flamigo/json/raw_json.hpp"
#include "flamigo/testing/actor_fixture.hpp"
#include "flamigo/testing/channel_place.hpp"

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

  /// The same client comes back, over another connection.
  /// @pre this one has ended
  void open_again();

  /// Throws a failure when the connection has ended.
  void say(std::string_view text);

  /// The peer goes. Does nothing when the connection has ended.
  void end(const close_reason& why);

  /// The fixture goes, and the peer with it.
  void abandon();

  /// Lets the actors run, if they are still there.
  void run();

  /// Whether the peer reads what it is sent from now on.
  void reads(bool value) noexcept {
    reads_ = value;
  }

  /// The peer reads what waits for it.
  void read();

  /// A text message of the server.
  void hear(std::string_view text);

  /// As `transport::has_room`.
  bool has_room(std::size_t bytes) noexcept;

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

  /// A channel that the client is subscribed to, over all its connections.
  struct channel {
    /// Of the last event that was expected.
    channel_place at;
    std::optional<raw_json> input;
    /// Whether it wants to know who is there.
    bool watches = false;
    /// Who is, as far as it knows.
    std::vector<presence_entry> people = {};
  };

  /// By their topics.
  std::map<std::string, channel> channels;

private:
  /// What may wait for a peer that does not read, as a server's default is.
  static constexpr std::size_t max_backlog = 1'048'576;

  bool reads_ = true;
  /// What waits for the peer.
  std::vector<std::string> unread_;
  std::size_t unread_bytes_ = 0;
  /// Whether somebody waits for room.
  bool room_wanted_ = false;
  const client_environment* env_ = nullptr;
  claims_ptr who_;
  std::string token_;
  actor_fixture* in_;
  client_feed feed_;
};

} // namespace flamigo::testing::detail
