#include "flamigo/roster/roster.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <string>
#include <unordered_map>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include "flamigo/bus/bus.hpp"
#include "flamigo/claims/user.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/log/detail/log_connection.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/metrics/metric_registry.hpp"
#include "flamigo/roster/client_events.hpp"
#include "flamigo/roster/detail/client_changed.hpp"
#include "flamigo/roster/detail/client_left.hpp"
#include "flamigo/roster/detail/framework_event.hpp"
#include "flamigo/roster/detail/kick_memory.hpp"
#include "flamigo/roster/detail/kick_orders.hpp"
#include "flamigo/wire/close_reason.hpp"

namespace flamigo {

struct roster::state {
  std::atomic<std::size_t> open = 0;
  std::atomic<std::size_t> total = 0;
  std::atomic<caf::execution_unit*> home = nullptr;
  std::atomic<metric_registry*> metrics = nullptr;
  detail::kick_orders kicks;
};

namespace {

using kick_atom = caf::atom_constant<caf::atom("kick")>;

using look_atom = caf::atom_constant<caf::atom("look")>;

/// Who looks at the same time.
constexpr std::size_t max_looks = 16;

/// Places of the table that are looked at in one go.
constexpr std::size_t look_slice = 1'024;

using finish_atom = caf::atom_constant<caf::atom("finish")>;

/// The place of what carries a client among `transport_labels`.
std::size_t transport_place(const claims& who) noexcept {
  auto is_own = who.protocol == client_protocol::flamigo;
  switch (who.transport) {
    case client_transport::websocket:
      return is_own ? 0 : 2;
    case client_transport::sse:
      return 1;
    case client_transport::polling:
      return 3;
    default:
      return detail::transport_labels.size() - 1;
  }
}

class roster_actor : public caf::event_based_actor {
public:
  roster_actor(caf::actor_config& cfg, std::shared_ptr<roster::state> state,
               const bus& events)
    : caf::event_based_actor(cfg), state_(std::move(state)), bus_(events) {
  }

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
  caf::behavior make_behavior() override {
    set_down_handler([this](const caf::down_msg& msg) { ended(msg); });
    return {
      [this](const client_opened& what) { opened(what); },
      [this](const client_changed& what) { changed(what); },
      [this](const client_left& what) { left(what); },
      [this](kick_atom) { kick(); },
      [this](const client_message& what) { tell_clients(what); },
      [this](detail::roster_look& what) { look(std::move(what)); },
      [this](look_atom) { look_on(); },
      [this](finish_atom) {
        finishing_ = true;
        for (auto& [id, client] : leaving_)
          end(client);
        finish_if_alone();
      },
    };
  }

private:
  struct entry {
    caf::actor_addr client;
    claims_ptr who;
    caf::actor_clock::time_point since;
  };

  /// Null where nobody wants to know.
  detail::metric_block* meter() const noexcept {
    auto* to = state_->metrics.load(std::memory_order_acquire);
    return to != nullptr ? &to->here() : nullptr;
  }

  /// What cannot be published is in the log, and nobody else's business.
  template <class T>
  void tell(T what, acting_actor cause) {
    (void) bus_.publish(std::move(what), std::move(cause));
  }

  void opened(const client_opened& what) {
    clients_.emplace(what.client->id(),
                     entry{what.client.address(), what.claims, clock().now()});
    ++state_->open;
    ++state_->total;
    if (auto* meter = this->meter()) {
      auto place = transport_place(*what.claims);
      meter->add(detail::metric::connections_opened, place, 1);
      meter->add(detail::metric::connections_open, place, 1);
    }
    if (log::enabled(log::level::info))
      detail::log_connection(log::level::info, what.claims->connection_id,
                             " opened, peer " + what.claims->remote_address);
    tell(client_connected{what.claims->connection_id,
                          what.claims->remote_address},
         {what.client, what.claims});
    // Answers at once when the client is gone already.
    monitor(what.client);
  }

  void changed(const client_changed& what) {
    auto i = clients_.find(what.client);
    if (i == clients_.end())
      return;
    auto before = std::exchange(i->second.who, what.claims);
    if (auto* meter = this->meter()) {
      meter->subtract(detail::metric::connections_open,
                      transport_place(*before), 1);
      meter->add(detail::metric::connections_open,
                 transport_place(*what.claims), 1);
    }
    // Its proof was on the way when the user was kicked.
    if (what.claims->user)
      if (auto why = kicked_.verdict(what.claims->user->id, i->second.since,
                                     clock().now()))
        close(i->second, *why);
    if (before->user || !what.claims->user)
      return;
    auto& who = *what.claims;
    if (log::enabled(log::level::info))
      detail::log_connection(log::level::info, who.connection_id,
                             " is user \"" + log::escape(who.user->id) + "\"");
    tell(user_authenticated{who.connection_id, who.user->id},
         {caf::actor_cast<caf::actor>(i->second.client), what.claims});
  }

  /// Carries out all orders that have come together, in one go.
  void kick() {
    auto [what, more] = state_->kicks.take();
    if (more)
      send(this, kick_atom::value);
    kicked_.add(what.users, clock().now());
    for (auto& [id, x] : clients_)
      if (what.concerns(*x.who))
        close(x, {close_code::kicked, "disconnected by the server"});
  }

  void tell_clients(const client_message& what) {
    // One message for all of them.
    auto content = caf::make_message(detail::framework_event{what});
    for (auto& [id, x] : clients_)
      if (auto client = caf::actor_cast<caf::strong_actor_ptr>(x.client))
        client->enqueue(ctrl(), caf::make_message_id(), content, context());
  }

  void look(detail::roster_look what) {
    if (looks_.size() == max_looks)
      return what.then(make_error(errc::too_many_requests,
                                  "too many look at the connections"));
    looks_.push_back(std::move(what));
    if (looks_.size() == 1)
      look_on();
  }

  void look_on() {
    auto& what = looks_.front();
    // All have other places now.
    if (std::exchange(what.places, clients_.bucket_count())
        != clients_.bucket_count()) {
      what.found = {};
      what.next = 0;
    }
    auto end = std::min(what.next + look_slice, what.places);
    for (; what.next < end; ++what.next)
      for (auto i = clients_.cbegin(what.next); i != clients_.cend(what.next);
           ++i)
        what.at(i->second.client, i->second.who, i->second.since);
    if (what.next == what.places) {
      what.end();
      looks_.pop_front();
    }
    if (!looks_.empty())
      send(this, look_atom::value);
  }

  void close(const entry& whom, const close_reason& why) {
    if (auto client = caf::actor_cast<caf::actor>(whom.client))
      send(client, why);
  }

  void ended(const caf::down_msg& msg) {
    auto id = msg.source.id();
    if (leaving_.erase(id) == 0)
      closed(id, from_exit_reason(msg.reason));
    finish_if_alone();
  }

  void left(const client_left& what) {
    auto i = clients_.find(what.client);
    if (i == clients_.end())
      return;
    leaving_.emplace(what.client, i->second.client);
    closed(what.client, what.why);
    if (finishing_)
      end(leaving_.at(what.client));
  }

  /// Whatever it has to finish.
  void end(const caf::actor_addr& whom) {
    if (auto client = caf::actor_cast<caf::actor>(whom))
      send_exit(client, caf::exit_reason::user_shutdown);
  }

  void closed(caf::actor_id id, const close_reason& why) {
    auto i = clients_.find(id);
    if (i == clients_.end())
      return;
    auto& who = *i->second.who;
    auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(
      clock().now() - i->second.since);
    if (log::enabled(log::level::info))
      detail::log_connection(log::level::info, who.connection_id,
                             " closed, peer " + who.remote_address + ", code "
                               + std::to_string(why.code) + ", reason \""
                               + log::escape(why.reason) + "\", after "
                               + std::to_string(ms.count()) + " ms");
    client_disconnected what{
      who.connection_id, why.code, why.reason, ms.count(), {}};
    if (who.user)
      what.user = who.user->id;
    acting_actor cause{{}, i->second.who};
    if (auto* meter = this->meter()) {
      meter->add(detail::metric::connections_closed,
                 detail::close_code_place(why.code), 1);
      meter->subtract(detail::metric::connections_open, transport_place(who),
                      1);
    }
    clients_.erase(i);
    --state_->open;
    tell(std::move(what), std::move(cause));
  }

  /// Who ends earlier owes somebody the event of his end.
  void finish_if_alone() {
    if (finishing_ && clients_.empty() && leaving_.empty())
      quit();
  }

  std::shared_ptr<roster::state> state_;
  const bus& bus_;
  std::unordered_map<caf::actor_id, entry> clients_;
  /// Whose clients have gone, and who finish what they have left behind.
  std::unordered_map<caf::actor_id, caf::actor_addr> leaving_;
  detail::kick_memory kicked_;
  /// The first is on its way.
  std::deque<detail::roster_look> looks_;
  bool finishing_ = false;
};

} // namespace

roster::roster(const bus& events)
  : state_(std::make_shared<state>()),
    actor_(events.system().spawn<roster_actor>(state_, std::cref(events))) {
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
    caf::anon_send(actor_, kick_atom::value);
}

void roster::kick_connection(std::string id) const {
  if (id.size() > max_user_id)
    return;
  if (state_->kicks.add_connection(std::move(id)))
    caf::anon_send(actor_, kick_atom::value);
}

// -- telling ------------------------------------------------------------------

void roster::tell(client_message what) const {
  // The one that a program may have told.
  if (is_own_topic(what.topic) && what.topic != "bus:gap")
    return log::error(own_topic_refused(what.topic));
  caf::anon_send(actor_, std::move(what));
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
  caf::anon_send(actor_, finish_atom::value);
}

} // namespace flamigo
