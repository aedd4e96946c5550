#include "flamigo/engineio/detail/engine_registry.hpp"

#include <utility>

#include "flamigo/engineio/detail/engine_session.hpp"

namespace flamigo::detail {

void engine_registry::add(std::shared_ptr<engine_session> what) {
  std::scoped_lock lock{mtx_};
  by_id_.emplace(what->id(), std::move(what));
}

std::shared_ptr<engine_session>
engine_registry::find(std::string_view sid) const {
  std::scoped_lock lock{mtx_};
  auto i = by_id_.find(std::string{sid});
  return i != by_id_.end() ? i->second : nullptr;
}

void engine_registry::remove(const engine_session& what) {
  // The last reference goes behind the lock.
  std::shared_ptr<engine_session> last;
  std::scoped_lock lock{mtx_};
  if (auto i = by_id_.find(what.id()); i != by_id_.end()) {
    last = std::move(i->second);
    by_id_.erase(i);
  }
}

std::size_t engine_registry::size() const {
  std::scoped_lock lock{mtx_};
  return by_id_.size();
}

} // namespace flamigo::detail
