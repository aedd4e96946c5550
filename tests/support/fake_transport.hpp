#pragma once

#include <optional>
#include <string>
#include <vector>

#include "flamigo/actors/transport.hpp"

namespace flamigo::test {

/// Records what a connection actor sends.
class fake_transport : public transport {
public:
  void send(std::string_view text) override {
    if (!closed)
      sent.emplace_back(text);
  }

  void close(const close_reason& why) override {
    if (!closed)
      closed = why;
  }

  std::vector<std::string> sent;
  std::optional<close_reason> closed;
};

} // namespace flamigo::test
