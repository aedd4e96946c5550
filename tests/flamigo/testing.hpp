#pragma once

/// What strategies and domain actors are tested with, without sockets and
/// threads. Link `flamigo::testing`.

#include "flamigo/flamigo.hpp"
#include "flamigo/testing/app.hpp"
