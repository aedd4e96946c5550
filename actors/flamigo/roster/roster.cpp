#include "flamigo/roster/roster.hpp"

#include <functional>
#include <utility>

#include <caf/actor_system.hpp>
#include <caf/send.hpp>

#include "flamigo/bus/bus.hpp"
#include "flamigo/claims/user.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/roster/detail/framework_event.hpp"
#include "flamigo/roster/detail/roster_actor.hpp"
#include "flamigo/roster/detail/roster_state.hpp"

namespace flamigo {

roster::roster(const bus& events)
  : state_(std::make_shared<state>()),
    actor_(
      events.system().spawn<detail::roster_actor>(state_, std::cref(events))) {
}

std::size_t roster::open() const noexcept {
  return state_->open;
}

std::size_t roster::total() const noexcept {
  return state_->total;
}

void roster::count_in(metric_registry& where) const noexcept {
  state_->metrics = &where;
}

// -- disconnecting ------------------------------------------------------------

void roster::kick_user(std::string id) const {
  // Nobody can be such a user.
  if (id.size() > max_user_id)
    return;
  if (state_->kicks.add_user(std::move(id)))
    caf::anon_send(actor_, detail::kick_atom::value);
}

void roster::kick_connection(std::string id) const {
  if (id.size() > max_user_id)
    return;
  if (state_->kicks.add_connection(std::move(id)))
    caf::anon_send(actor_, detail::kick_atom::value);
}

// -- telling ------------------------------------------------------------------

void roster::tell(client_message what) const {
  if (is_own_topic(what.topic))
    return log::error(own_topic_refused(what.topic));
  caf::anon_send(actor_, detail::framework_event{std::move(what)});
}

// -- looking ------------------------------------------------------------------

void roster::look(roster_query which,
                  detail::roster_look::receiver then) const {
  caf::anon_send(actor_,
                 detail::roster_look{std::move(which), std::move(then)});
}

// -- where it runs, and until when --------------------------------------------

void roster::run_on(caf::execution_unit* home) const noexcept {
  state_->home = home;
}

void roster::finish() const {
  caf::anon_send(actor_, detail::finish_atom::value);
}

} // namespace flamigo
