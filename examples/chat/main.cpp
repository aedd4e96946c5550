// The chat example: users, channels, a hosted domain actor, inline strategies
// and a web page. Run it with scripts/demo; the README says what is in which
// file.

#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>

#include <flamigo/serving.hpp>

#include "configuration.hpp"
#include "domain.hpp"
#include "entry.hpp"
#include "login.hpp"
#include "page.hpp"
#include "whoami.hpp"

namespace {

/// Several chats that are one have the same rooms.
chat::rooms rooms_of(const chat::configuration& config) {
#ifdef CHAT_HAS_CLUSTER
  if (!config.cluster.nats_url.empty())
    return chat::rooms{std::random_device{}() % (1u << chat::rooms::node_bits)};
#else
  (void) config;
#endif
  return {};
}

} // namespace

int main(int argc, char** argv) {
  auto config = std::make_unique<chat::configuration>();
  if (auto status = config->load_or_report(argc, argv))
    return *status;
  auto moderators = config->moderators;
  auto web = config->web;
  std::string socket_io_client;
  if (auto& file = config->socket_io_client; !file.empty()) {
    std::ifstream in{file, std::ios::binary};
    socket_io_client.assign(std::istreambuf_iterator<char>{in}, {});
    if (socket_io_client.empty()) {
      std::cerr << "--socket-io-client: " << file
                << " cannot be read or is empty\n";
      return 2;
    }
  }
  auto rooms = rooms_of(*config);
  if (rooms.are_shared() && config->token_secret_file.empty()) {
    std::cerr
      << "--nats-url: who has logged in at one node comes to others, so "
         "give all of them the same --token-secret-file\n";
    return 2;
  }
  auto secret_file = config->token_secret_file;
#ifdef CHAT_HAS_CLUSTER
  auto cluster = config->cluster;
#endif
  flamigo::application app{std::move(config)};
#ifdef CHAT_HAS_CLUSTER
  // One of several, where there is a --nats-url.
  flamigo::cluster_node node{app, std::move(cluster)};
#endif
  // Whoever has no token may call what is open to guests, and nothing else.
  auto tokens = chat::token_options(secret_file);
  app.authenticate(flamigo::jwt_verifier{tokens});
  app.http().handle("POST", "/login",
                    chat::login{flamigo::jwt_issuer{tokens},
                                std::move(moderators)});
  // Inline: runs in the actor of the connection that asks.
  chat::add_whoami(app.strategies());
  // Hosted: runs in a domain actor of its own, which is restarted if it fails.
  app.host(chat::domain, std::move(rooms));
  // So that others may read along who have no WebSocket:
  // curl 127.0.0.1:8080/rooms/lobby/history
  app.http().strategy("GET", "/rooms/{room}/history", "app::chat:history");
  // Channels: clients subscribe to them by themselves.
  chat::open_rooms(app);
  try {
    chat::mount_page(app.http(), web);
  } catch (const std::invalid_argument& e) {
    std::cerr << "--web: " << e.what() << '\n';
    return 2;
  }
  // Clients of Socket.IO are as good, and have a page of their own. One that
  // was lost goes on where it was.
  app.socket_io({.recovery = flamigo::socket_io_recovery{}});
  chat::mount_socket_io_page(app.http(), std::move(socket_io_client));
  return app.run();
}
