#include "flamigo/bus/detail/bus_state.hpp"

#include <caf/actor_system.hpp>
#include <caf/sec.hpp>

#include "flamigo/bus/detail/bus_group.hpp"

namespace flamigo::detail {

bus_state::bus_state(caf::actor_system& system)
  : caf::group_module(system, "flamigo") {
}

bus_state::~bus_state() = default;

// -- group_module -------------------------------------------------------------

void bus_state::stop() {
  table_.close();
  // Destroyed without the lock.
  decltype(groups_) groups;
  std::lock_guard guard{mtx_};
  std::swap(groups, groups_);
}

caf::expected<caf::group> bus_state::get(const std::string& name) {
  auto pattern = topic_pattern::parse(name);
  if (!pattern)
    return std::move(pattern.error());
  return group(*pattern);
}

caf::error bus_state::load(caf::deserializer&, caf::group&) {
  return caf::make_error(caf::sec::no_such_group_module,
                         "a group of the bus does not leave its process");
}

// -- groups and subscribers ---------------------------------------------------

caf::group bus_state::group(const topic_pattern& pattern) {
  std::lock_guard guard{mtx_};
  auto& result = groups_[pattern.text()];
  if (!result) {
    result.reset(new bus_group(shared_from_this(), pattern.text()), false);
    caf::group kept{result.get()};
    if (groups_.size() >= sweep_at_)
      sweep();
    return kept;
  }
  return result.get();
}

void bus_state::sweep() {
  std::erase_if(groups_, [](auto& entry) { return entry.second->unique(); });
  sweep_at_ = std::max<std::size_t>(64, 2 * groups_.size());
}

bool bus_state::subscribe(const caf::strong_actor_ptr& who,
                          std::string_view pattern) {
  using added = subscription_table::added;
  auto what = table_.add(who, pattern);
  if (what == added::first) {
    // Runs when the actor ends, or at once when it has.
    auto forget = [self = shared_from_this(), id = who->id()] {
      self->table_.forget(id);
    };
    who->get()->attach_functor(std::move(forget));
  }
  return what != added::no;
}

void bus_state::unsubscribe(const caf::actor_control_block* who,
                            std::string_view pattern) {
  table_.remove(who->aid, pattern);
}

std::size_t bus_state::count(const caf::actor_control_block* who) const {
  return table_.count(who->aid);
}

receivers_ptr bus_state::match(std::span<const topic> topics) {
  return table_.match(topics);
}

receivers_ptr bus_state::match(const event& what) {
  // First: what is later than a mark was matched after it.
  auto stamp = latest_.load();
  auto result = table_.match(what.topics());
  if (result)
    what.stamp(stamp);
  return result;
}

std::uint64_t bus_state::mark() noexcept {
  return latest_.fetch_add(1);
}

std::size_t bus_state::size() const {
  std::lock_guard guard{mtx_};
  return table_.nodes() + groups_.size();
}

} // namespace flamigo::detail
