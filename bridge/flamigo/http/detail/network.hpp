#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flamigo/io/detail/asio.hpp"

namespace flamigo::detail {

/// A range of addresses, such as `10.0.0.0/8`, or a single one. An address of
/// IPv4 is the same as the one of IPv6 that it is mapped to.
class network {
public:
  /// Reads an address, or one with the length of its prefix (RFC 4632, 3.1; RFC
  /// 4291, 2.3). Nothing for any other text, also where a bit is set behind the
  /// prefix: what was meant is anybody's guess.
  static std::optional<network> parse(std::string_view text);

  bool contains(const net::ip::address& which) const noexcept;

private:
  using bytes = std::array<unsigned char, 16>;

  network(bytes first, std::size_t length) : first_(first), length_(length) {
  }

  static bytes bytes_of(const net::ip::address& which) noexcept;

  /// Whether two have the same beginning of so many bits.
  static bool agree(const bytes& x, const bytes& y, std::size_t bits) noexcept;

  bytes first_;
  /// In bits.
  std::size_t length_;
};

/// Whether a text names a network.
bool is_network(std::string_view text);

/// The networks of these texts, each of which names one.
std::vector<network> parse_networks(const std::vector<std::string>& texts);

/// Whether one of them has this address.
bool contains(const std::vector<network>& networks,
              const net::ip::address& which) noexcept;

/// An address without a port, as it is written, and without the name of an
/// interface; nothing for any other text.
std::optional<net::ip::address> parse_address(std::string_view text);

} // namespace flamigo::detail
