#pragma once

/// What a client of a server is written with: a service, a test, a tool. Link
/// `flamigo::bridge`.

#include "flamigo/error/error.hpp"
#include "flamigo/remote/remote_server.hpp"
