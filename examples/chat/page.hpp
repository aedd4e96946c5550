#pragma once

#include <flamigo/http/http_routes.hpp>

namespace chat {

/// Serves the files of `web/`, which the build has put into the program.
void mount_page(flamigo::http_routes& http);

} // namespace chat
