#include "flamigo/domain/detail/client_ties.hpp"

#include <algorithm>
#include <utility>

#include <caf/actor_cast.hpp>

namespace flamigo::detail {

void client_ties::add(const caf::actor& client, release how) {
  clients_.try_emplace(client.id(), tie{client.address(), how});
  if (clients_.size() < sweep_at_)
    return;
  std::erase_if(clients_, [](auto& entry) {
    return !caf::actor_cast<caf::actor>(entry.second.client);
  });
  sweep_at_ = std::max<std::size_t>(64, 2 * clients_.size());
}

void client_ties::end(caf::actor_id domain) {
  for (auto& [id, x] : std::exchange(clients_, {}))
    if (auto client = caf::actor_cast<caf::actor>(x.client))
      x.how(client, domain);
}

} // namespace flamigo::detail
