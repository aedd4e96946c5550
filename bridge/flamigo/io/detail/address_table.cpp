#include "flamigo/io/detail/address_table.hpp"

namespace flamigo::detail {

namespace {

/// Of neighbours the last bits differ, of networks those in the middle.
std::size_t index_of(std::uint64_t which) noexcept {
  return (which * 0x9E37'79B9'7F4A'7C15) >> 60;
}

} // namespace

address_ticket address_table::enter(const net::ip::address& which) {
  if (!is_bounded())
    return {};
  auto where = key_of(which);
  auto& part = shard_of(where);
  std::scoped_lock lock{part.mtx};
  auto& count = part.counts[where];
  if (count >= most_)
    return {};
  ++count;
  return address_ticket{*this, where};
}

std::size_t address_table::size() const {
  std::size_t result = 0;
  for (auto& part : shards_) {
    std::scoped_lock lock{part.mtx};
    result += part.counts.size();
  }
  return result;
}

address_table::key
address_table::key_of(const net::ip::address& which) noexcept {
  // No source has an address that begins with ff (RFC 4291, 2.7).
  constexpr key v4 = 0xFFFF'FFFF'0000'0000;
  if (which.is_v4())
    return v4 | which.to_v4().to_uint();
  auto bytes = which.to_v6().to_bytes();
  auto mapped = which.to_v6().is_v4_mapped();
  key result = mapped ? 0xFFFF'FFFF : 0;
  for (auto i = mapped ? 12 : 0; i < (mapped ? 16 : 8); ++i)
    result = result << 8 | bytes[static_cast<std::size_t>(i)];
  return result;
}

address_table::shard& address_table::shard_of(key which) noexcept {
  return shards_[index_of(which)];
}

void address_table::leave(key which) noexcept {
  auto& part = shard_of(which);
  std::scoped_lock lock{part.mtx};
  auto i = part.counts.find(which);
  if (--i->second == 0)
    part.counts.erase(i);
}

} // namespace flamigo::detail
