#include "flamigo/roster/detail/roster_actor.hpp"

#include <algorithm>
#include <chrono>
#include <string>

#include "flamigo/error/error.hpp"
#include "flamigo/log/detail/log_connection.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/metrics/metric_registry.hpp"
#include "flamigo/roster/client_events.hpp"
#include "flamigo/roster/detail/kick_order.hpp"

namespace flamigo::detail {

namespace {

using look_atom = caf::atom_constant<caf::atom("look")>;

/// Who looks at the same time.
constexpr std::size_t max_looks = 16;

/// Places of the table that are looked at in one go.
constexpr std::size_t look_slice = 1'024;

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
      return transport_labels.size() - 1;
  }
}

} // namespace

roster_actor::roster_actor(caf::actor_config& cfg,
                           std::shared_ptr<roster::state> state,
                           const bus& events)
  : caf::event_based_actor(cfg), state_(std::move(state)), bus_(events) {
}

caf::behavior roster_actor::make_behavior() {
  set_down_handler([this](const caf::down_msg& msg) { ended(msg); });
  return {
    [this](const client_opened& what) { opened(what); },
    [this](const client_changed& what) { changed(what); },
    [this](const client_left& what) { left(what); },
    [this](kick_atom) { kick(); },
    [this](const event_ptr& what) { heard(*what); },
    [this](const framework_event& what) { tell_clients(what); },
    [this](roster_look& what) { look(std::move(what)); },
    [this](look_atom) { look_on(); },
    [this](finish_atom) {
      finishing_ = true;
      for (auto& [id, client] : leaving_)
        end(client);
      finish_if_alone();
    },
  };
}

metric_block* roster_actor::meter() const noexcept {
  auto* to = state_->metrics.load(std::memory_order_acquire);
  return to != nullptr ? &to->here() : nullptr;
}

// -- connections --------------------------------------------------------------

void roster_actor::opened(const client_opened& what) {
  clients_.emplace(what.client->id(),
                   entry{what.client.address(), what.claims, clock().now()});
  ++state_->open;
  ++state_->total;
  if (auto* meter = this->meter()) {
    auto place = transport_place(*what.claims);
    meter->add(metric::connections_opened, place, 1);
    meter->add(metric::connections_open, place, 1);
  }
  if (log::enabled(log::level::info))
    log_connection(log::level::info, what.claims->connection_id,
                   " opened, peer " + what.claims->remote_address);
  tell(client_connected{what.claims->connection_id,
                        what.claims->remote_address},
       {what.client, what.claims});
  // Answers at once when the client is gone already.
  monitor(what.client);
}

void roster_actor::changed(const client_changed& what) {
  auto i = clients_.find(what.client);
  if (i == clients_.end())
    return;
  auto before = std::exchange(i->second.who, what.claims);
  if (auto* meter = this->meter()) {
    meter->subtract(metric::connections_open, transport_place(*before), 1);
    meter->add(metric::connections_open, transport_place(*what.claims), 1);
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
    log_connection(log::level::info, who.connection_id,
                   " is user \"" + log::escape(who.user->id) + "\"");
  tell(user_authenticated{who.connection_id, who.user->id},
       {caf::actor_cast<caf::actor>(i->second.client), what.claims});
}

void roster_actor::left(const client_left& what) {
  auto i = clients_.find(what.client);
  if (i == clients_.end())
    return;
  leaving_.emplace(what.client, i->second.client);
  closed(what.client, what.why);
  if (finishing_)
    end(leaving_.at(what.client));
}

void roster_actor::ended(const caf::down_msg& msg) {
  auto id = msg.source.id();
  if (leaving_.erase(id) == 0)
    closed(id, from_exit_reason(msg.reason));
  finish_if_alone();
}

void roster_actor::closed(caf::actor_id id, const close_reason& why) {
  auto i = clients_.find(id);
  if (i == clients_.end())
    return;
  auto& who = *i->second.who;
  auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(
    clock().now() - i->second.since);
  if (log::enabled(log::level::info))
    log_connection(log::level::info, who.connection_id,
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
    meter->add(metric::connections_closed, close_code_place(why.code), 1);
    meter->subtract(metric::connections_open, transport_place(who), 1);
  }
  clients_.erase(i);
  --state_->open;
  tell(std::move(what), std::move(cause));
}

void roster_actor::end(const caf::actor_addr& whom) {
  if (auto client = caf::actor_cast<caf::actor>(whom))
    send_exit(client, caf::exit_reason::user_shutdown);
}

void roster_actor::finish_if_alone() {
  if (finishing_ && clients_.empty() && leaving_.empty())
    quit();
}

// -- disconnecting, telling, looking ------------------------------------------

void roster_actor::kick() {
  auto [what, more] = state_->kicks.take();
  if (more)
    send(this, kick_atom::value);
  kick(what);
  pass_on(what);
}

void roster_actor::kick(const kick_orders::batch& what) {
  kicked_.add(what.users, clock().now());
  for (auto& [id, x] : clients_)
    if (what.concerns(*x.who))
      close(x, {close_code::kicked, "disconnected by the server"});
}

void roster_actor::pass_on(const kick_orders::batch& what) {
  kick_order order;
  auto send_off = [&] {
    tell(std::exchange(order, {}), {this, backend_claims()});
  };
  auto add = [&](auto& ids, auto& to) {
    for (auto& id : ids) {
      to.push_back(id);
      if (order.users.size() + order.connections.size() == kick_order::max_ids)
        send_off();
    }
  };
  add(what.users, order.users);
  add(what.connections, order.connections);
  if (!order.users.empty() || !order.connections.empty())
    send_off();
}

void roster_actor::heard(const event& what) {
  auto* order = what.get_if<kick_order>();
  // Its own has been carried out.
  if (order == nullptr || what.cause().handle)
    return;
  kick({{order->users.begin(), order->users.end()},
        {order->connections.begin(), order->connections.end()}});
}

void roster_actor::close(const entry& whom, const close_reason& why) {
  if (auto client = caf::actor_cast<caf::actor>(whom.client))
    send(client, why);
}

void roster_actor::tell_clients(const framework_event& what) {
  // One message for all of them.
  auto content = caf::make_message(what);
  for (auto& [id, x] : clients_)
    if (auto client = caf::actor_cast<caf::strong_actor_ptr>(x.client))
      client->enqueue(ctrl(), caf::make_message_id(), content, context());
}

void roster_actor::look(roster_look what) {
  if (looks_.size() == max_looks)
    return what.then(
      make_error(errc::too_many_requests, "too many look at the connections"));
  looks_.push_back(std::move(what));
  if (looks_.size() == 1)
    look_on();
}

void roster_actor::look_on() {
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

} // namespace flamigo::detail
