#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <caf/error.hpp>

namespace flamigo::detail {

/// One packet of Socket.IO 5, as text: the type, how many binary attachments
/// follow, the namespace, an id and JSON. Its views belong to who has the text.
struct socket_io_packet {
  enum class kind : std::uint8_t {
    connect,
    disconnect,
    event,
    ack,
    connect_error,
    binary_event,
    binary_ack,
  };

  /// Longest namespace, in bytes.
  static constexpr std::size_t max_namespace = 256;

  /// Longest id: what no number of JavaScript can be mistaken for.
  static constexpr std::size_t max_id = 15;

  kind type = kind::event;
  /// Messages that follow, which are bytes; of the binary kinds only.
  std::uint32_t attachments = 0;
  /// Begins with a slash.
  std::string_view name_space = "/";
  /// Digits; empty if there is none.
  std::string_view id = {};
  /// What the packet carries; empty if it carries nothing. It begins as its
  /// type demands, but nobody has checked that it is JSON.
  std::string_view data = {};

  friend bool operator==(const socket_io_packet&, const socket_io_packet&)
    = default;
};

/// Takes a packet apart. Fails with `errc::malformed` and a public message.
caf::error parse_packet(std::string_view text, socket_io_packet& out);

/// Appends a packet.
void append_packet(std::string& out, const socket_io_packet& what);

} // namespace flamigo::detail
