// The chat example: a hosted domain actor, an inline strategy and a web page.
// Run it with scripts/demo; docs/getting-started.md walks through it.

#include <flamigo/bridge/application.hpp>

#include "domain.hpp"
#include "page.hpp"

int main(int argc, char** argv) {
  flamigo::application app{argc, argv};
  // Inline: runs in the actor of the connection that asks.
  app.strategies().add(
    "app::chat:whoami", flamigo::is_websocket(), [](flamigo::context& ctx) {
      auto& who = ctx.claims();
      return chat::identity{who.connection_id, who.remote_address};
    });
  // Hosted: runs in a domain actor of its own, which is restarted if it fails.
  app.host(flamigo::hosting_options{.restart = true}, chat::domain);
  chat::mount_page(app.http());
  return app.run();
}
