#include "flamigo/client/client.hpp"

#include <stdexcept>

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include "flamigo/bus/bus.hpp"
#include "flamigo/client/detail/client_input.hpp"
#include "flamigo/client/websocket_client.hpp"
#include "flamigo/context/require_actor.hpp"
#include "flamigo/domain/detail/domain_host.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/strategy/strategy_registry.hpp"

namespace flamigo {

client::client(caf::actor handle) : handle_(std::move(handle)) {
}

websocket_client& client::actor() const {
  return *static_cast<websocket_client*>(
    caf::actor_cast<caf::abstract_actor*>(handle_));
}

websocket_client* client::here() const {
  auto& self = actor();
  return self.is_running_here() ? &self : nullptr;
}

const bus& client::events() const {
  return actor().environment().application.bus;
}

void client::perform(task what) {
  if (auto self = here())
    return what(*self);
  actor().expect_task();
  caf::anon_send(handle_, detail::client_task{std::move(what)});
}

client::task client::tied(std::string_view what, task remember) {
  auto release = [](const caf::actor& who, caf::actor_id domain) {
    client{who}.perform(
      [domain](websocket_client& self) { self.release(domain); });
  };
  auto domain = detail::domain_host::tie(handle_, release);
  if (domain == 0)
    return remember;
  return [what = std::string{what}, remember = std::move(remember),
          domain](websocket_client& self) {
    remember(self);
    self.tie(what, domain);
  };
}

// -- subscriptions ------------------------------------------------------------

caf::error client::subscribe(std::string_view pattern) {
  auto parsed = topic_pattern::parse(std::string{pattern});
  if (!parsed)
    return std::move(parsed.error());
  return subscribe(*parsed);
}

caf::error client::subscribe(const topic_pattern& pattern) {
  auto since = events().mark();
  return add(pattern, [pattern, since](websocket_client& self) {
    self.forward(pattern, since);
  });
}

caf::error client::subscribe_listener(std::string_view pattern, listener what) {
  auto parsed = topic_pattern::parse(std::string{pattern});
  if (!parsed)
    return std::move(parsed.error());
  return add(*parsed, [pattern = *parsed, what = std::move(what),
                       since = events().mark()](websocket_client& self) {
    self.listen(pattern, what, since);
  });
}

caf::error client::add(const topic_pattern& pattern, task remember) {
  auto who = caf::actor_cast<caf::strong_actor_ptr>(handle_);
  if (events().subscriptions(who.get())
      >= actor().environment().options.max_subscriptions)
    return make_error(errc::too_many_requests, "too many subscriptions");
  auto learn = tied(pattern.text(), std::move(remember));
  auto self = here();
  if (self == nullptr)
    actor().expect_task();
  // Before the actor asks a history how far it is: what comes behind that it
  // has to hear.
  events().subscribe(who, pattern);
  if (self != nullptr)
    learn(*self);
  else
    caf::anon_send(handle_, detail::client_task{std::move(learn)});
  return {};
}

caf::error client::subscribe_strategy(named_strategy what) {
  if (auto err = strategy_registry::check_form(what.name))
    return err;
  if (what.guard.is_internal())
    return internal_error("strategy \"" + what.name
                          + "\": nobody but the client could call a strategy "
                            "of its own, so it cannot be internal()");
  auto& arounds = actor().environment().application.strategies.arounds();
  what.handlers = arounds.wrap(what.name, std::move(what.handlers));
  perform(tied(what.name,
               [what](websocket_client& self) { self.add_strategy(what); }));
  return {};
}

void client::unsubscribe(std::string_view what) {
  if (auto pattern = topic_pattern::parse(std::string{what}))
    events().unsubscribe(caf::actor_cast<caf::strong_actor_ptr>(handle_).get(),
                         *pattern);
  perform([what = std::string{what}](websocket_client& self) {
    self.drop_subscription(what);
  });
}

// -- the other end ------------------------------------------------------------

void client::send(client_message what) {
  detail::check_client_topic(what.topic);
  if (auto self = here())
    self->send_event(what);
  else
    caf::anon_send(handle_, std::move(what));
}

caf::message_id client::ask(caf::event_based_actor& self,
                            detail::client_question what) {
  detail::check_client_topic(what.topic);
  auto id = self.new_request_id(caf::message_priority::normal);
  if (auto it = here()) {
    it->ask(what, {self.ctrl(), id.response_id()});
  } else {
    if (what.call)
      what.call->callee = caf::actor_cast<caf::strong_actor_ptr>(handle_);
    caf::actor_cast<caf::abstract_actor*>(handle_)->enqueue(
      caf::make_mailbox_element(self.ctrl(), id, {}, std::move(what)),
      self.context());
  }
  return id.response_id();
}

void client::close(close_reason why) {
  if (auto self = here())
    self->close(why);
  else
    caf::anon_send(handle_, std::move(why));
}

caf::error client::set_user(std::optional<user> who) {
  if (auto self = here())
    return self->set_user(std::move(who));
  perform([who = std::move(who)](websocket_client& self) {
    if (auto err = self.set_user(who))
      self.user_refused(std::move(err));
  });
  return {};
}

std::optional<std::chrono::milliseconds>
client::time_left(const user& who) const {
  using std::chrono::milliseconds;
  if (!who.expiry)
    return std::nullopt;
  auto& auth = actor().environment().auth;
  auto now = auth ? auth->now() : std::chrono::system_clock::now();
  // First, since the difference to the first of all days is none that fits.
  if (*who.expiry <= now)
    return milliseconds{0};
  return std::chrono::floor<milliseconds>(*who.expiry - now);
}

// -- a closer look ------------------------------------------------------------

std::size_t client::backlog() const noexcept {
  return actor().backlog();
}

void client::look(std::function<void(const client_figures&)> then) {
  perform(
    [then = std::move(then)](websocket_client& self) { then(self.figures()); });
}

void client::log_from(log::level least) {
  perform([least](websocket_client& self) { self.log_from(least); });
}

// -- state --------------------------------------------------------------------

std::any& client::any_state() {
  auto self = here();
  if (self == nullptr)
    throw std::logic_error{"client::state is only for code that runs in the "
                           "connection's actor: on_open, inline strategies and "
                           "handlers of this client"};
  return self->state();
}

// -- require_actor ------------------------------------------------------------

caf::expected<client> detail::require_client(const context& ctx,
                                             const validator& guard) {
  auto who = require_actor(ctx, guard);
  if (!who)
    return std::move(who.error());
  // Of the program itself there may be no actor.
  auto ptr = who->handle ? caf::actor_cast<caf::abstract_actor*>(who->handle)
                         : nullptr;
  if (dynamic_cast<websocket_client*>(ptr) == nullptr)
    return make_error(errc::forbidden, "only for WebSocket clients");
  return client{std::move(who->handle)};
}

} // namespace flamigo
