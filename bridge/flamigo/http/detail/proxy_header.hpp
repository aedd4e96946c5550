#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "flamigo/io/detail/asio.hpp"

namespace flamigo::detail {

/// What a proxy says of a connection before it passes it on, as it comes in:
/// the header of HAProxy's PROXY protocol, of version 1 (text) or 2 (bytes).
class proxy_header {
public:
  enum class state : std::uint8_t {
    wants_more,
    whole,
    /// It is none.
    broken
  };

  /// Takes what belongs to it from what has come and returns how many bytes
  /// that are; what is behind it is not looked at.
  std::size_t take(std::string_view bytes);

  state where() const noexcept {
    return state_;
  }

  /// Of a whole one, who has connected to the proxy; nothing where the proxy
  /// has connected by itself, or cannot tell.
  const std::optional<net::ip::tcp::endpoint>& source() const noexcept {
    return source_;
  }

private:
  /// Bytes that are to come before something can be said.
  std::size_t wanted() const noexcept;

  void judge();

  void judge_text();

  void judge_bytes();

  /// Reads the addresses of a whole header of version 2.
  void read_addresses();

  state state_ = state::wants_more;
  /// What has come, without what stands behind the addresses.
  std::string text_;
  /// Bytes of version 2 that are to come, when its fixed part is there.
  std::size_t rest_ = 0;
  std::optional<net::ip::tcp::endpoint> source_;
};

} // namespace flamigo::detail
