#pragma once

#include <flamigo/bridge/http_routes.hpp>

namespace chat {

/// Serves the files of `web/`, which the build has put into the program.
void mount_page(flamigo::http_routes& http);

} // namespace chat
