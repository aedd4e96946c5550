#pragma once

#include <cstdint>
#include <utility>

namespace flamigo::detail {

class address_table;

/// That something of an address was counted, which it is until this ends. From
/// any thread.
class address_ticket {
public:
  /// What counts as one address.
  using key = std::uint64_t;

  /// Nothing was counted.
  address_ticket() noexcept = default;

  address_ticket(address_table& table, key which) noexcept
    : table_(&table), key_(which) {
  }

  address_ticket(address_ticket&& other) noexcept
    : table_(std::exchange(other.table_, nullptr)), key_(other.key_) {
  }

  address_ticket& operator=(address_ticket&& other) noexcept {
    auto old = std::move(*this);
    table_ = std::exchange(other.table_, nullptr);
    key_ = other.key_;
    return *this;
  }

  ~address_ticket();

  /// Whether something was.
  explicit operator bool() const noexcept {
    return table_ != nullptr;
  }

private:
  address_table* table_ = nullptr;
  key key_ = 0;
};

} // namespace flamigo::detail
