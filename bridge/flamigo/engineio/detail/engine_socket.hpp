#pragma once

#include <memory>
#include <string_view>

#include "flamigo/websocket/detail/message_socket.hpp"

namespace flamigo::detail {

/// A WebSocket over which packets of Engine.IO go. Everything happens on its
/// thread.
class engine_socket final : public message_socket {
public:
  /// Whose it is.
  class user {
  public:
    /// What came: a packet, or the bytes of a message.
    virtual void came(engine_socket& from, std::string_view what, bool binary)
      = 0;

    /// There is room again, after a no.
    virtual void relieved(engine_socket& which) = 0;

    /// So many bytes wait because it does not take them.
    virtual void waits(engine_socket& which, std::size_t bytes) noexcept = 0;

    /// It has ended; the last call.
    virtual void gone(engine_socket& which, const close_reason& why) = 0;

  protected:
    ~user() = default;
  };

  engine_socket(server_core& core, io_thread& thread, stream_socket socket);

  ~engine_socket() override;

  /// Takes over the socket's place in the poller, or enters it there, and
  /// answers the upgrade. False where that fails.
  bool start(const parsed_request& req);

  /// Begins to read for whoever that is. `early` is what the client sent behind
  /// its request.
  void read_for(std::shared_ptr<user> who, std::string_view early);

  /// Queues a message packet, of parts that are copied.
  void send_message(std::string_view head, std::string_view rest,
                    std::string_view tail);

  /// Reads once what can be, before somebody is found to be silent.
  void look();

  // -- resident ---------------------------------------------------------------

  /// Does nothing: its user is told.
  void drain() override;

private:
  void on_message(std::string_view what, bool binary) override;

  void on_relieved() override;

  void on_waiting(std::size_t bytes) override;

  void on_ended(const close_reason& why) override;

  std::shared_ptr<user> user_;
};

} // namespace flamigo::detail
