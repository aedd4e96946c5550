#pragma once

#include <string>
#include <vector>

#include <flamigo/config/configuration.hpp>

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
           "dist/socket.io.esm.min.js of the npm package socket.io-client");
  }

  std::vector<std::string> moderators{"moderator"};
  std::string web;
  std::string socket_io_client;
};

} // namespace chat
