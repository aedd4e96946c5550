#pragma once

#include <cstddef>
#include <functional>
#include <string_view>
#include <typeinfo>
#include <vector>

#include <caf/actor.hpp>

#include "flamigo/context/services.hpp"
#include "flamigo/domain/domain_handle.hpp"
#include "flamigo/domain/hosting_options.hpp"
#include "flamigo/strategy/detail/shard_table.hpp"

namespace flamigo::detail {

/// Spawns one incarnation of a domain actor; its type is a `domain_host`.
using domain_factory = std::function<caf::actor(const hosting_options&)>;

/// Spawns the first incarnation, registers its strategies and its name, and
/// sets the supervisor over it. If something of it is refused, it throws and
/// leaves nothing behind.
domain_handle supervise(const services& what, const hosting_options& options,
                        const domain_factory& spawn);

/// By what, and how, calls are given to shards.
struct sharding {
  std::size_t count;
  std::string_view member;
  const std::type_info& type;
  shard_table::hash_function hash;
};

/// The same with several, of which each gets the calls of some keys.
std::vector<domain_handle>
supervise_shards(const services& what, const hosting_options& options,
                 const sharding& how, const domain_factory& spawn);

} // namespace flamigo::detail
