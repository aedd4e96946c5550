#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "flamigo/context/context.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/strategy/detail/shard_hash.hpp"

namespace flamigo::detail {

/// One member of an object, which is all that is read of it.
template <class K>
struct shard_probe {
  std::string_view member;
  K* key = nullptr;
  bool found = false;
};

template <class K>
struct json_codec<shard_probe<K>> {
  static void read(json_binder& in, const json_token& token,
                   shard_probe<K>& x) {
    found_member found;
    if (!find_members(in, token, &x.member, &found, 1)
        || found.value == nullptr)
      return;
    json_codec<K>::read(in, *found.value, *x.key);
    x.found = true;
  }
};

/// What a shard_table asks. A payload that has been taken apart already is not
/// read again.
template <class K>
std::optional<std::uint64_t>
hash_of_key(const context& ctx, std::string_view member) {
  // Texts that fit into one that was there before cost no memory.
  thread_local K key;
  shard_probe<K> probe{member, &key};
  if (ctx.read_payload(probe) || !probe.found)
    return std::nullopt;
  return shard_hash(key);
}

} // namespace flamigo::detail
