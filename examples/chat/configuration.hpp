#pragma once

#include <string>
#include <vector>

#include <flamigo/config/configuration.hpp>
#ifdef CHAT_HAS_CLUSTER
#  include <flamigo/cluster.hpp>
#endif

namespace chat {

/// The options of the framework and the chat's own.
class configuration : public flamigo::configuration {
public:
  configuration() {
    opt_group{custom_options_, "?chat"}
      .add(moderators, "moderators",
           "names of those who may delete messages and enter the room staff; "
           "for a "
           "demo only, because anybody can log in under any name")
      .add(web, "web",
           "directory whose files are the page, as they are when the browser "
           "asks, instead of those in the program; for who changes them")
      .add(socket_io_client, "socket-io-client",
           "file with the client of Socket.IO for the page /socketio: "
           "dist/socket.io.esm.min.js of the npm package socket.io-client")
      .add(token_secret_file, "token-secret-file",
           "file with the key of the tokens, 32 bytes or more, so that they "
           "outlive the program and are good for others that share it");
#ifdef CHAT_HAS_CLUSTER
    cluster.add_to(custom_options_);
#endif
  }

  std::vector<std::string> moderators{"moderator"};
  std::string web;
  std::string socket_io_client;
  std::string token_secret_file;
#ifdef CHAT_HAS_CLUSTER
  flamigo::cluster_options cluster;
#endif
};

} // namespace chat
