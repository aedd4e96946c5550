#pragma once

#include <cstddef>
#include <exception>
#include <system_error>

#include "flamigo/http/server_options.hpp"
#include "flamigo/monitoring/metrics_options.hpp"

namespace flamigo::detail {

/// A port that a server is told to listen on.
struct listening_port {
  /// Of the command line.
  const char* option = "--port";
  std::uint16_t port = 0;
};

/// The code of what was thrown while a server started. Needs no memory, which
/// there may be none of.
std::error_code thrown_code(const std::exception& why) noexcept;

/// What a server of so many I/O threads throws for that, with a sentence that
/// says what to do about it. `last` is the port that it came to.
std::system_error start_failure(const server_options& options,
                                listening_port last, std::size_t threads,
                                const std::error_code& code);

/// The same of the port for metrics.
std::system_error metrics_failure(const metrics_options& options,
                                  const std::error_code& code);

} // namespace flamigo::detail
