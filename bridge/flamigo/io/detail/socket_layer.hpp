#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "flamigo/io/detail/asio.hpp"

namespace flamigo::detail {

/// What stands between a socket and its bytes, as TLS does. For one thread at a
/// time.
class socket_layer {
public:
  virtual ~socket_layer() = default;

  /// As `stream_socket::read_some`. Hands out all that came, so that whoever
  /// waits for the socket misses nothing: for that, `to` has to be larger than
  /// `max_unit`.
  virtual std::size_t read_some(int fd, std::span<char> to,
                                error_code& ec) noexcept = 0;

  /// As `stream_socket::write_some`. Of what it does not say to have sent, the
  /// beginning may be on its way: the next call must begin with the same bytes.
  virtual std::size_t write_some(int fd, std::string_view first,
                                 std::string_view second, bool more,
                                 error_code& ec) noexcept = 0;

  /// Says in the layer's own words that nothing more comes, if that can be
  /// sent.
  virtual void shut_down(int fd) noexcept = 0;

  /// Bytes that may have to come before the first of them can be handed out.
  static constexpr std::size_t max_unit = 17'408;
};

} // namespace flamigo::detail
