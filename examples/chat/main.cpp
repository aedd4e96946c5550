// The chat example: users, channels, a hosted domain actor, inline strategies
// and a web page. Run it with scripts/demo; the README says what is in which
// file.

#include <memory>
#include <utility>

#include <flamigo/serving.hpp>

#include "configuration.hpp"
#include "domain.hpp"
#include "entry.hpp"
#include "login.hpp"
#include "page.hpp"
#include "whoami.hpp"

int main(int argc, char** argv) {
  auto config = std::make_unique<chat::configuration>();
  if (auto status = config->load_or_report(argc, argv))
    return *status;
  auto moderators = config->moderators;
  flamigo::application app{std::move(config)};
  // Whoever has no token may call what is open to guests, and nothing else.
  auto tokens = chat::token_options();
  app.authenticate(flamigo::jwt_verifier{tokens});
  app.http().handle("POST", "/login",
                    chat::login{flamigo::jwt_issuer{tokens},
                                std::move(moderators)});
  // Inline: runs in the actor of the connection that asks.
  chat::add_whoami(app.strategies());
  // Hosted: runs in a domain actor of its own, which is restarted if it fails.
  app.host(chat::domain);
  // Channels: clients subscribe to them by themselves.
  chat::open_rooms(app);
  chat::mount_page(app.http());
  return app.run();
}
