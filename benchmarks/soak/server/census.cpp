#include "census.hpp"

#include <array>

#include <flamigo/roster/client_events.hpp>

#include "events.hpp"

namespace flamigo::soak {

void census::begun(const std::string& connection) {
  std::lock_guard guard{mutex_};
  ++counts_.connected;
  if (!open_.insert(connection).second)
    ++counts_.twice;
}

void census::ended(const std::string& connection) {
  std::lock_guard guard{mutex_};
  ++counts_.disconnected;
  if (open_.erase(connection) == 0)
    ++counts_.twice;
}

void census::heard(bool next) {
  std::lock_guard guard{mutex_};
  ++counts_.heard;
  if (!next)
    ++counts_.out_of_order;
}

void census::write(server_report& out) const {
  std::lock_guard guard{mutex_};
  out = counts_;
  out.open = open_.size();
}

flamigo::domain_behavior census_taker(flamigo::domain_actor<>* self,
                                      census* all) {
  self->subscribe(flamigo::client_connected::all);
  self->subscribe(flamigo::client_disconnected::all);
  self->subscribe("soak");
  return {
    flamigo::listen(
      [=](const flamigo::client_connected& what) {
        all->begun(what.connection_id);
      },
      [=](const flamigo::client_disconnected& what) {
        all->ended(what.connection_id);
      },
      [=, next = std::array<std::uint64_t, publishers>{}](
        const numbered_event& what) mutable {
        all->heard(what.n == next[what.from]++);
      }),
  };
}

} // namespace flamigo::soak
