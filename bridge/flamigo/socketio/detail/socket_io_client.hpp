#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "flamigo/client/client_feed.hpp"
#include "flamigo/client/transport.hpp"
#include "flamigo/engineio/detail/engine_session.hpp"

namespace flamigo::detail {

/// A client in one namespace of Socket.IO, between its session of Engine.IO and
/// its connection actor. Everything happens on the session's thread.
///
/// What the actor says before the client has been let in waits for the packet
/// that says so.
class socket_io_client final
  : public transport,
    public std::enable_shared_from_this<socket_io_client> {
public:
  /// Whose namespace it is.
  class owner {
  public:
    /// It has been closed, or was refused: the last call, not from within one
    /// of its own.
    virtual void left(socket_io_client& who) = 0;

    /// It has been closed, so that its client comes again: the session is to
    /// end. Perhaps from within a call of the client, which is left later.
    virtual void end(const close_reason& why) = 0;

  protected:
    ~owner() = default;
  };

  /// `where` is the namespace.
  socket_io_client(owner& of, std::shared_ptr<engine_session> out,
                   std::string where, const wire_format& spelling,
                   std::size_t max_early_bytes);

  ~socket_io_client() override;

  const std::string& where() const noexcept {
    return where_;
  }

  /// Spawns the connection actor.
  void start(const client_environment& env, claims_ptr who, std::string token);

  /// A packet of the client, without its namespace.
  void receive(std::string_view frame);

  /// What carries it is another one now.
  void moved();

  void relieved();

  void drain();

  /// Ends it from the other side; the owner is not told.
  void disconnected(const close_reason& why);

  // -- transport --------------------------------------------------------------

  const wire_format& format() const noexcept override;

  void opened() override;

  bool refused(const caf::error& why) override;

  void send(std::string_view frame) override;

  void send_event(const event& what, std::uint64_t places) override;

  void send_kept(std::string_view frame, std::size_t base,
                 bytes_finder bytes) override;

  void hurry() override;

  bool has_room(std::size_t bytes) override;

  void close(const close_reason& why) override;

  bool has_input() const override;

private:
  enum class state {
    connecting,
    connected,
    closed
  };

  /// Sends a packet of this kind, a digit, and what stands behind its
  /// namespace.
  void write(char kind, std::string_view rest);

  void send_arguments(std::string_view arguments);

  /// A packet of this kind, or what has none in its `laden_text`.
  void send_laden(std::string_view text, char kind = '\0');

  void keep_early(std::string packet, bool is_bytes = false);

  /// Says that it is over, as the code says whether to come again.
  void say_end(const close_reason& why);

  /// Tells the actor and the owner, soon.
  void leave(const close_reason& why);

  owner* owner_;
  std::shared_ptr<engine_session> out_;
  std::string where_;
  const wire_format& format_;
  /// What stands before the arguments of an event.
  std::string event_head_;
  client_feed feed_;
  std::string connection_id_;
  state state_ = state::connecting;
  /// What waits until the client is let in: a packet, or one of its
  /// attachments.
  struct waiting {
    std::string text;
    bool is_bytes;
  };

  std::vector<waiting> early_;
  std::size_t early_bytes_ = 0;
  std::size_t max_early_bytes_;
};

} // namespace flamigo::detail
