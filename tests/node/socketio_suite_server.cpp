// A server for the public suite of Socket.IO, with the times and sizes that it
// wants: sends what it is sent back, as `message-back` or as the arguments of
// the acknowledgement, and what a client has connected with as `auth`. Prints
// its port.

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>

#include <flamigo/application/application.hpp>
#include <flamigo/client/websocket_client.hpp>
#include <flamigo/context/require_user.hpp>
#include <flamigo/socketio/detail/socket_io_core.hpp>

namespace {

using namespace flamigo;
using namespace std::chrono_literals;

std::string shown_by(const claims& who) {
  auto shown = who.extras.find("auth");
  return shown == who.extras.end() ? "{}" : shown->second;
}

caf::error show(context& ctx, client who) {
  who.send("auth", raw_json{shown_by(*ctx.actor().claims)});
  return {};
}

} // namespace

int main() {
  auto config = std::make_unique<configuration>();
  config->server.port = 0;
  config->server.allowed_origins = {"*"};
  config->server.max_message_bytes = 1'000'000;
  config->log_level = log::level::off;
  application app{std::move(config)};
  app.strategies().add("app::suite:message",
                       [](context& ctx, const raw_json& in) {
                         auto who = require_actor<websocket_client>(ctx);
                         if (who)
                           who->send("message-back", in);
                       });
  app.strategies().add("app::suite:ack", [](const raw_json& in) { return in; });
  app.on_open(show);
  socket_io_options options;
  options.engine.ping_interval = 300ms;
  options.engine.ping_timeout = 200ms;
  options.connect_timeout = 1s;
  options.keep_auth = true;
  options.namespaces["/custom"] = show;
  app.socket_io(std::move(options));
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  app.start();
  std::cout << app.port() << std::endl;
  int which = 0;
  sigwait(&ends, &which);
}
