#pragma once

#include <string>

#include <flamigo/http/http_routes.hpp>

namespace chat {

/// Serves the files of `web/`, which the build has put into the program, or
/// those of a directory. Throws std::invalid_argument if that is none.
void mount_page(flamigo::http_routes& http, const std::string& directory);

/// Serves the same page on the stock client of Socket.IO as `/socketio`, with
/// this module as its client. If there is none, it says how to get one.
void mount_socket_io_page(flamigo::http_routes& http, std::string client);

} // namespace chat
