#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "flamigo/io/detail/asio.hpp"
#include "flamigo/io/detail/io_thread.hpp"
#include "flamigo/websocket/detail/stream_options.hpp"

namespace flamigo::detail {

class frame_input;

/// Beast's stream where it reads: whole frames in, messages out. It knows
/// nothing of a connection, has no socket and writes nothing, and between two
/// messages it is as new: so whoever has a frame borrows one (`reader_pool`).
///
/// Everything happens on its thread.
class message_reader : public std::enable_shared_from_this<message_reader> {
public:
  /// What came of a message, in memory that is lent for the call.
  struct piece {
    std::string_view bytes;
    /// Whether the message ends with it.
    bool last;
    bool binary;
  };

  explicit message_reader(io_thread& thread);

  /// To be called once, before anything else.
  void open();

  /// Whose messages it reads; null when it is given back or let go of, which
  /// may be while it tells what it has read.
  void lend(frame_input* who) noexcept {
    user_ = who;
  }

  bool is_waiting() const noexcept {
    return stream_.next_layer().is_read();
  }

  /// Reads bytes, when it waits for some: of one frame only. Returns how many
  /// it has taken.
  std::size_t read(std::string_view bytes) {
    return stream_.next_layer().give(bytes);
  }

private:
  void read_on();

  void on_read(error_code ec, std::size_t size);

  io_thread& thread_;
  websocket_stream stream_;
  frame_input* user_ = nullptr;
};

} // namespace flamigo::detail
