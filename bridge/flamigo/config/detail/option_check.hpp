#pragma once

#include <caf/error.hpp>
#include <caf/settings.hpp>

#include "flamigo/auth/auth_options.hpp"
#include "flamigo/blocking/blocking_options.hpp"
#include "flamigo/client/client_options.hpp"
#include "flamigo/history/memory_history_options.hpp"
#include "flamigo/http/server_options.hpp"
#include "flamigo/monitoring/metrics_options.hpp"
#include "flamigo/presence/memory_presence_options.hpp"
#include "flamigo/tracing/tracing_options.hpp"

namespace flamigo::detail {

/// Tells whether the values make sense. The public message of an error is one
/// sentence that names the option, its value and what is allowed.
caf::error check(const server_options& options);

caf::error check(const tls_options& options);

caf::error check(const client_options& options);

caf::error check(const auth_options& options);

caf::error check(const blocking_options& options);

caf::error check(const memory_history_options& options);

caf::error check(const memory_presence_options& options);

caf::error check(const metrics_options& options);

caf::error check(const tracing_options& options);

/// Tells whether what CAF's scheduler and its streams are told makes sense:
/// they do not ask.
caf::error check_scheduler(const caf::settings& content);

} // namespace flamigo::detail
