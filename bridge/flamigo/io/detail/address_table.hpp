#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "flamigo/io/detail/address_ticket.hpp"
#include "flamigo/io/detail/asio.hpp"

namespace flamigo::detail {

/// How many of something each address has, by tickets. Of IPv6, where anybody
/// has as many addresses as he likes, a network of 64 bits counts as one. From
/// any thread; must outlive its tickets.
class address_table {
public:
  address_table() = default;

  address_table(const address_table&) = delete;

  address_table& operator=(const address_table&) = delete;

  /// Says how many an address may have, while nobody has any; 0 for any number,
  /// as at first, and then nothing is counted.
  void set_bound(std::size_t most) noexcept {
    most_ = most;
  }

  /// Whether there is a bound.
  bool is_bounded() const noexcept {
    return most_ > 0;
  }

  /// Counts one more, for as long as the ticket is there; an empty ticket if
  /// that is too many, or nothing is counted.
  address_ticket enter(const net::ip::address& which);

  /// What counts as one address, as a text.
  static std::string name_of(const net::ip::address& which) {
    return std::to_string(key_of(which));
  }

  /// Addresses that have something.
  std::size_t size() const;

private:
  friend class address_ticket;

  using key = address_ticket::key;

  /// Threads that come for different addresses seldom meet.
  struct shard {
    mutable std::mutex mtx;
    std::unordered_map<key, std::size_t> counts;
  };

  static key key_of(const net::ip::address& which) noexcept;

  shard& shard_of(key which) noexcept;

  void leave(key which) noexcept;

  std::size_t most_ = 0;
  std::array<shard, 16> shards_;
};

} // namespace flamigo::detail
