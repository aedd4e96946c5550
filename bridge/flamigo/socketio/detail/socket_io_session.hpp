#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "flamigo/engineio/detail/engine_session.hpp"
#include "flamigo/socketio/detail/socket_io_client.hpp"
#include "flamigo/socketio/detail/socket_io_core.hpp"
#include "flamigo/socketio/detail/socket_io_packet.hpp"

namespace flamigo::detail {

/// What a client of Socket.IO says over its session of Engine.IO: it connects
/// to namespaces, each of which is a connection actor, and each packet goes to
/// that of its namespace. Everything happens on the session's thread.
class socket_io_session final : public engine_session::owner,
                                public socket_io_client::owner {
public:
  socket_io_session(socket_io_core& core, std::shared_ptr<engine_session> out);

  ~socket_io_session() override;

  // -- engine_session::owner --------------------------------------------------

  void text(std::string_view message) override;

  void binary(std::string_view bytes) override;

  void upgraded() override;

  void relieved() override;

  void waits(std::size_t bytes) noexcept override;

  void draining() override;

  void tick(resident::time_point now) override;

  void ended(const close_reason& why) override;

  // -- socket_io_client::owner ------------------------------------------------

  void left(socket_io_client& who) override;

  void end(const close_reason& why) override;

private:
  void connect(std::string_view where, std::string_view auth);

  void disconnect(std::string_view where);

  void receive(const socket_io_packet& what, std::string_view text);

  /// A packet whose attachments have come.
  void receive_laden();

  std::shared_ptr<socket_io_client> find(std::string_view where) const;

  void remove(socket_io_client& who);

  /// What came is for a namespace that the client is not connected to.
  void fail_lost(std::string_view where);

  /// What came is none of Socket.IO's.
  void fail(const char* why);

  socket_io_core& core_;
  std::shared_ptr<engine_session> out_;
  std::vector<std::shared_ptr<socket_io_client>> clients_;
  /// Namespaces that it was put out of, and has not connected to again. It may
  /// not have heard of it yet.
  std::vector<std::string> put_out_;
  /// A packet that waits for its attachments.
  std::string laden_;
  std::vector<std::string> attachments_;
  std::size_t missing_ = 0;
  /// Of the packet and its attachments so far.
  std::size_t laden_bytes_ = 0;
  /// Whether it ends with the last of its clients, none of which is cut short.
  bool draining_ = false;
  /// Since when it is connected to no namespace.
  resident::time_point lonely_since_;
};

} // namespace flamigo::detail
