#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "flamigo/io/detail/asio.hpp"

namespace flamigo::detail {

/// Reads what is there. Fails with `would_block` when there is nothing and with
/// `eof` when the peer has ended its side. Flags are those of `recv`.
std::size_t receive_some(int fd, std::span<char> to, error_code& ec,
                         int flags = 0) noexcept;

/// Sends what fits, which may be nothing. With `more`, something else is sent
/// behind it at once and may leave in the same packet.
std::size_t send_some(int fd, std::string_view what, bool more,
                      error_code& ec) noexcept;

/// The same with two texts, one after the other.
std::size_t send_some(int fd, std::string_view first, std::string_view second,
                      error_code& ec) noexcept;

} // namespace flamigo::detail
