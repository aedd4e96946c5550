#include "flamigo/actors/roster.hpp"

#include <chrono>
#include <string>
#include <unordered_map>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include "flamigo/actors/client_changed.hpp"
#include "flamigo/actors/client_events.hpp"
#include "flamigo/actors/close_reason.hpp"
#include "flamigo/actors/detail/kick_order.hpp"
#include "flamigo/bus.hpp"
#include "flamigo/log.hpp"

namespace flamigo {

namespace {

/// How long a connection may have been about to authenticate.
constexpr std::chrono::minutes kick_memory{1};

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
    set_down_handler([this](const caf::down_msg& msg) { closed(msg); });
    return {
      [this](const client_opened& what) { opened(what); },
      [this](const client_changed& what) { changed(what); },
      [this](const detail::kick_order& what) { kick(what); },
    };
  }

private:
  struct entry {
    caf::actor_addr client;
    claims_ptr who;
    caf::actor_clock::time_point since;
  };

  void opened(const client_opened& what) {
    clients_.emplace(what.client->id(),
                     entry{what.client.address(), what.claims, clock().now()});
    ++state_->open;
    ++state_->total;
    if (log::enabled(log::level::info))
      log::info("connection " + what.claims->connection_id + " opened, peer "
                + what.claims->remote_address);
    bus_.publish(client_connected{what.claims->connection_id,
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
    // Its proof was on the way when the user was kicked.
    if (what.claims->user && was_kicked(what.claims->user->id, i->second.since))
      kick({what.claims->connection_id, false});
    if (before->user || !what.claims->user)
      return;
    auto& who = *what.claims;
    if (log::enabled(log::level::info))
      log::info("connection " + who.connection_id + " is user \""
                + log::escape(who.user->id) + "\"");
    bus_.publish(user_authenticated{who.connection_id, who.user->id},
                 {caf::actor_cast<caf::actor>(i->second.client), what.claims});
  }

  /// Whether a user was kicked since then, and not long ago.
  bool was_kicked(const std::string& user, caf::actor_clock::time_point since) {
    std::erase_if(kicked_, [now = clock().now()](auto& x) {
      return now - x.second > kick_memory;
    });
    auto i = kicked_.find(user);
    return i != kicked_.end() && i->second >= since;
  }

  void kick(const detail::kick_order& what) {
    if (what.is_user)
      kicked_[what.id] = clock().now();
    for (auto& [id, x] : clients_)
      if (what.concerns(*x.who))
        if (auto client = caf::actor_cast<caf::actor>(x.client))
          send(client,
               close_reason{close_code::kicked, "disconnected by the server"});
  }

  void closed(const caf::down_msg& msg) {
    auto i = clients_.find(msg.source.id());
    if (i == clients_.end())
      return;
    auto& who = *i->second.who;
    auto why = from_exit_reason(msg.reason);
    auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(
      clock().now() - i->second.since);
    if (log::enabled(log::level::info))
      log::info("connection " + who.connection_id + " closed, peer "
                + who.remote_address + ", code " + std::to_string(why.code)
                + ", reason \"" + log::escape(why.reason) + "\", after "
                + std::to_string(ms.count()) + " ms");
    client_disconnected what{
      who.connection_id, why.code, why.reason, ms.count(), {}};
    if (who.user)
      what.user = who.user->id;
    acting_actor cause{{}, i->second.who};
    clients_.erase(i);
    --state_->open;
    bus_.publish(std::move(what), std::move(cause));
  }

  std::shared_ptr<roster::state> state_;
  const bus& bus_;
  std::unordered_map<caf::actor_id, entry> clients_;
  std::unordered_map<std::string, caf::actor_clock::time_point> kicked_;
};

} // namespace

roster::roster(const bus& events)
  : state_(std::make_shared<state>()),
    actor_(events.system().spawn<roster_actor>(state_, std::cref(events))) {
}

void roster::kick_user(std::string id) const {
  caf::anon_send(actor_, detail::kick_order{std::move(id), true});
}

void roster::kick_connection(std::string id) const {
  caf::anon_send(actor_, detail::kick_order{std::move(id), false});
}

} // namespace flamigo
