#pragma once

#include <chrono>
#include <string>

#include "deployment.hpp"

namespace flamigo::tool {

/// How a program that runs is looked at.
struct probe_options {
  deployment where{};
  /// Shown by the handshake, where clients have to authenticate; empty for
  /// none.
  std::string token{};
  /// PEM file of who has signed the certificate; empty for those that this
  /// machine trusts.
  std::string authority_file{};
  /// For a step.
  std::chrono::seconds step{10};
  /// For the server to say something by itself, its ping.
  std::chrono::seconds ping{40};
  /// For the server to be stopped; 0 not to wait for that.
  std::chrono::seconds drain{0};
};

} // namespace flamigo::tool
