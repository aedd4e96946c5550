#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <caf/expected.hpp>
#include <caf/timespan.hpp>

#include "flamigo/remote/detail/remote_timers.hpp"
#include "flamigo/remote/remote_options.hpp"

namespace flamigo::detail {

/// The token that the next connection shows, and until when it is good.
class remote_credentials {
public:
  /// No token is taken for good longer than that.
  static constexpr std::chrono::milliseconds longest = std::chrono::hours{8760};

  remote_credentials(const remote_options& options, const remote_timers& clock)
    : options_(options), clock_(clock) {
  }

  /// Whether there is one.
  bool has_token() const noexcept {
    return token_.has_value();
  }

  /// Asks for one where there is none; empty for a guest.
  caf::expected<std::string> get();

  /// The server has taken it, and may know for how long it is good.
  void taken(std::chrono::milliseconds expires_in);

  /// How long it is good, if that is known.
  std::optional<caf::timespan> rest() const;

  void forget();

private:
  const remote_options& options_;
  const remote_timers& clock_;
  std::optional<std::string> token_;
  /// By the clock.
  std::optional<caf::timespan> end_;
};

} // namespace flamigo::detail
