#include "flamigo/client/client_feed.hpp"

#include <utility>

#include <caf/actor_system.hpp>
#include <caf/send.hpp>

#include "flamigo/client/detail/client_input.hpp"
#include "flamigo/client/transport.hpp"
#include "flamigo/client/websocket_client.hpp"
#include "flamigo/roster/roster.hpp"

namespace flamigo {

namespace {

websocket_client& deref(const caf::actor& client) {
  auto ptr = caf::actor_cast<caf::abstract_actor*>(client);
  return *static_cast<websocket_client*>(ptr);
}

} // namespace

client_feed::client_feed(const client_environment& env, detail::home_unit* home,
                         std::shared_ptr<transport> out, claims_ptr who,
                         std::string token, bool holds,
                         std::string_view traceparent)
  : home_(home) {
  caf::actor_config cfg{home};
  // The actor keeps it, for as long as this runs at least.
  auto& to = *out;
  // Lazy: the first frame initialises it, without a turn through the queue.
  client_ = env.application.system.spawn_impl<websocket_client, caf::lazy_init>(
    cfg, std::cref(env), home, std::move(out), who);
  caf::anon_send(env.roster, client_opened{client_, std::move(who)});
  if (env.application.tracing != nullptr) [[unlikely]]
    if (auto handshake = trace_context::parse(traceparent))
      deref(client_).link(*handshake);
  if (holds)
    deref(client_).hold_channels(true);
  if (env.on_open || env.auth)
    deref(client_).opened(home, std::move(token));
  else
    to.opened();
}

void client_feed::message(std::string_view text) {
  deref(client_).receive(home_, text);
}

void client_feed::relieved() {
  deref(client_).relieved(home_);
}

void client_feed::waits(std::size_t bytes) noexcept {
  deref(client_).waits(bytes);
}

void client_feed::moved(client_transport to) {
  deref(client_).moved(to);
}

std::vector<channel_position> client_feed::positions() const {
  return deref(client_).positions();
}

std::optional<detail::kept_client> client_feed::keep() const {
  return deref(client_).keep();
}

void client_feed::recover(detail::kept_client what,
                          std::function<void(bool)> then) {
  tell([what = std::move(what), then = std::move(then)](auto& self) mutable {
    self.recover(std::move(what), std::move(then));
  });
}

void client_feed::start_anew() {
  tell([](auto& self) { self.hold_channels(false); });
}

void client_feed::tell(std::function<void(websocket_client&)> what) {
  deref(client_).expect_task();
  caf::anon_send(client_, detail::client_task{std::move(what)});
}

void client_feed::closed(const close_reason& why) {
  deref(client_).disconnected(home_, why);
  client_ = nullptr;
}

} // namespace flamigo
