#include "flamigo/domain/detail/domain_entry.hpp"

#include <utility>

#include <caf/actor_cast.hpp>

#include "flamigo/domain/detail/domain_host.hpp"

namespace flamigo::detail {

domain_entry::domain_entry(std::string group, bool is_given,
                           const std::type_info& interface,
                           const domain_handle& what,
                           std::shared_ptr<const domain_slot> slot)
  : group_(std::move(group)), name_(what.name()), is_given_(is_given),
    interface_(&interface),
    actor_(caf::actor_cast<caf::weak_actor_ptr>(what.actor())),
    state_(what.shared_state()), slot_(std::move(slot)) {
}

domain_figures domain_entry::figures() const {
  domain_figures result{name_, state_->load(), slot_->queued(), 0,
                        slot_->restarts()};
  if (auto domain = slot_->get())
    result.queued_events = domain_host::of(domain).queued_events();
  return result;
}

domain_handle domain_entry::handle() const {
  return {caf::actor_cast<caf::actor>(actor_), name_, state_};
}

bool is_short_for(std::string_view text, std::string_view name) noexcept {
  return name.size() > text.size() + 2 && name.ends_with(text)
         && name.substr(0, name.size() - text.size()).ends_with("::");
}

} // namespace flamigo::detail
