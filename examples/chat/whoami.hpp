#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include <flamigo/flamigo.hpp>

namespace chat {

/// Answer of app::chat:whoami.
struct identity {
  std::string connection_id;
  std::string address;
  /// Only of a client that has logged in.
  std::optional<std::string> name;
  std::optional<std::vector<std::string>> permissions;
};

BOOST_DESCRIBE_STRUCT(identity, (), (connection_id, address, name, permissions))

/// Adds app::chat:whoami, an inline strategy: it needs no state, so it runs in
/// the actor of the connection that asks.
void add_whoami(flamigo::strategy_registry& to);

} // namespace chat
