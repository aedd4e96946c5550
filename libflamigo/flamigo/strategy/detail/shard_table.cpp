#include "flamigo/strategy/detail/shard_table.hpp"

#include <utility>

namespace flamigo::detail {

shard_table::shard_table(hash_function hash, std::string_view member,
                         std::vector<std::shared_ptr<domain_slot>> slots)
  : hash_(hash), member_(member), slots_(std::move(slots)) {
}

shard_table::~shard_table() = default;

domain_slot& shard_table::slot_of(const context& ctx) const {
  auto hash = hash_(ctx, member_);
  return *slots_[hash ? *hash % slots_.size() : 0];
}

} // namespace flamigo::detail
