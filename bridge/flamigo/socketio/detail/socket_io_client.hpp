#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flamigo/client/client_feed.hpp"
#include "flamigo/client/transport.hpp"
#include "flamigo/engineio/detail/engine_session.hpp"
#include "flamigo/socketio/detail/client_recovery.hpp"

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

  /// It may be recovered, by what it has shown. Before it starts.
  void recover_by(kept_clients& all, std::string pid, std::string position);

  /// Spawns the connection actor.
  void start(const client_environment& env, claims_ptr who, std::string token);

  /// A packet of the client, without its namespace.
  void receive(std::string_view frame);

  /// What carries it is another one now.
  void moved();

  void relieved();

  /// So many bytes wait for the socket of all namespaces.
  void waits(std::size_t bytes) noexcept;

  void drain();

  /// Ends it from the other side; the owner is not told. If it comes again it
  /// may be recovered.
  void disconnected(const close_reason& why, bool comes_again);

  /// The same of one whose session has ended like that.
  void lost(const close_reason& why);

  /// The client has come again, so this is none any more.
  void supersede();

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

  /// `offsets` as of a `position_log`.
  void send_arguments(std::string_view arguments, std::string_view offsets);

  void write_event(std::string_view arguments, std::string_view offsets);

  /// The same of a `laden_text`, which may also be a whole packet.
  void write_laden(std::string_view text, std::string_view offsets);

  /// What waits until the client is let in.
  struct early_packet {
    /// All of it; or of an event its arguments. Either may be a `laden_text`.
    std::string text;
    /// Of an event.
    std::optional<std::string> offsets = std::nullopt;
  };

  void keep_early(early_packet packet);

  /// Tells the client that it is connected.
  void let_in();

  /// Looks for what it had. What is not kept may be of a client that was
  /// thought to live; where that has been looked at, it is not again.
  void look_for_kept(bool again);

  void recovered(bool all);

  /// Decides whether what it has is kept.
  void settle(bool comes_again);

  /// Says that it is over.
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
  /// Null if nobody is recovered.
  std::unique_ptr<client_recovery> recovery_;
  state state_ = state::connecting;
  std::vector<early_packet> early_;
  std::size_t early_bytes_ = 0;
  std::size_t max_early_bytes_;
  /// Whether something waits until the client is let in.
  bool wants_room_ = false;
};

} // namespace flamigo::detail
