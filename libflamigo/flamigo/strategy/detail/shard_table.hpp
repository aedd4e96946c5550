#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "flamigo/context/context.hpp"
#include "flamigo/strategy/detail/domain_slot.hpp"

namespace flamigo::detail {

/// Where the calls of a sharded domain go: each to the shard of its key. Never
/// changes.
class shard_table {
public:
  /// The hash of the payload's member of this name; nothing if it has none, or
  /// one of another type.
  using hash_function = std::optional<std::uint64_t> (*)(const context&,
                                                         std::string_view);

  shard_table(hash_function hash, std::string_view member,
              std::vector<std::shared_ptr<domain_slot>> slots);

  ~shard_table();

  /// Where the shard of this call is found. A payload without the key fits no
  /// input, which the first one says as well as any.
  domain_slot& slot_of(const context& ctx) const;

  std::size_t size() const noexcept {
    return slots_.size();
  }

private:
  hash_function hash_;
  std::string_view member_;
  std::vector<std::shared_ptr<domain_slot>> slots_;
};

} // namespace flamigo::detail
