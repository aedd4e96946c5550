#pragma once

/// What a program is put together and served with, and all that its strategies
/// need. Link `flamigo::bridge`.

#include "flamigo/api/published_message.hpp"
#include "flamigo/application/application.hpp"
#include "flamigo/config/configuration.hpp"
#include "flamigo/flamigo.hpp"
#include "flamigo/http/http_routes.hpp"
#include "flamigo/http/http_stream.hpp"
#include "flamigo/jwt/jwt_issuer.hpp"
#include "flamigo/jwt/jwt_verifier.hpp"
#include "flamigo/wire/envelope.hpp"
