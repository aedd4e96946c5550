#pragma once

#include <deque>
#include <memory>
#include <unordered_map>
#include <utility>

#include <caf/actor_clock.hpp>
#include <caf/event_based_actor.hpp>

#include "flamigo/bus/bus.hpp"
#include "flamigo/claims/acting_actor.hpp"
#include "flamigo/claims/claims.hpp"
#include "flamigo/metrics/detail/metric_block.hpp"
#include "flamigo/roster/detail/client_changed.hpp"
#include "flamigo/roster/detail/client_left.hpp"
#include "flamigo/roster/detail/client_opened.hpp"
#include "flamigo/roster/detail/framework_event.hpp"
#include "flamigo/roster/detail/kick_memory.hpp"
#include "flamigo/roster/detail/kick_orders.hpp"
#include "flamigo/roster/detail/roster_look.hpp"
#include "flamigo/roster/detail/roster_state.hpp"
#include "flamigo/wire/close_reason.hpp"

namespace flamigo::detail {

/// There are orders whom to disconnect.
using kick_atom = caf::atom_constant<caf::atom("kick")>;

/// It is to end when all connections have.
using finish_atom = caf::atom_constant<caf::atom("finish")>;

/// What a roster does.
class roster_actor final : public caf::event_based_actor {
public:
  /// The bus outlives it.
  roster_actor(caf::actor_config& cfg, std::shared_ptr<roster::state> state,
               const bus& events);

  const char* name() const override {
    return "roster";
  }

  /// For I/O threads, as the connections that it watches.
  subtype_t subtype() const override {
    return io_actor;
  }

  using caf::event_based_actor::enqueue;

  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit*) override {
    caf::event_based_actor::enqueue(std::move(what), state_->home);
  }

protected:
  caf::behavior make_behavior() override;

private:
  struct entry {
    caf::actor_addr client;
    claims_ptr who;
    caf::actor_clock::time_point since;
  };

  /// Null where nobody wants to know.
  metric_block* meter() const noexcept;

  /// What cannot be published is in the log, and nobody else's business.
  template <class T>
  void tell(T what, acting_actor cause) {
    (void) bus_.publish(std::move(what), std::move(cause));
  }

  // -- connections ------------------------------------------------------------

  void opened(const client_opened& what);

  void changed(const client_changed& what);

  void left(const client_left& what);

  void ended(const caf::down_msg& msg);

  void closed(caf::actor_id id, const close_reason& why);

  /// Whatever it has to finish.
  void end(const caf::actor_addr& whom);

  /// Who ends earlier owes somebody the event of his end.
  void finish_if_alone();

  // -- disconnecting, telling, looking ----------------------------------------

  /// Carries out all orders that have come together, in one go.
  void kick();

  void kick(const kick_orders::batch& what);

  /// Has the rosters of other processes do the same.
  void pass_on(const kick_orders::batch& what);

  /// What another one passes on.
  void heard(const event& what);

  void close(const entry& whom, const close_reason& why);

  void tell_clients(const framework_event& what);

  void look(roster_look what);

  void look_on();

  std::shared_ptr<roster::state> state_;
  const bus& bus_;
  std::unordered_map<caf::actor_id, entry> clients_;
  /// Whose clients have gone, and who finish what they have left behind.
  std::unordered_map<caf::actor_id, caf::actor_addr> leaving_;
  kick_memory kicked_;
  /// The first is on its way.
  std::deque<roster_look> looks_;
  bool finishing_ = false;
};

} // namespace flamigo::detail
