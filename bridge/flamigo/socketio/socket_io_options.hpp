#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include <caf/timespan.hpp>

#include "flamigo/client/open_hook.hpp"
#include "flamigo/engineio/engine_options.hpp"

namespace flamigo {

class wire_format;

/// For how long, and how many, clients of Socket.IO that were lost are kept, so
/// that they are recovered when they come back.
struct socket_io_recovery {
  /// How long a client may be away.
  caf::timespan max_disconnection = std::chrono::minutes{2};

  /// Clients that are kept. The one that has gone first is forgotten for one
  /// more, and is not recovered.
  std::size_t max_clients = 10'000;

  /// What is kept of all of them together, about; as of the clients.
  std::size_t max_bytes = 67'108'864;
};

/// How clients of Socket.IO are served, see `application::socket_io`. Read
/// once, when the server starts.
struct socket_io_options {
  /// What carries their packets: path, heartbeat, cookies.
  engine_options engine = {};

  /// Namespaces besides `/`, such as `/admin`, each with what is called for a
  /// client that has connected to it, as `application::on_open` is for `/`. Who
  /// asks for another one is refused.
  std::map<std::string, open_hook, std::less<>> namespaces = {};

  /// Time for which a client may be connected to no namespace. Then its session
  /// ends.
  caf::timespan connect_timeout = std::chrono::seconds{45};

  /// Attachments of one packet, which are its arguments in bytes. A session
  /// that announces more ends.
  std::size_t max_attachments = 32;

  /// Whether a client's claims keep what it shows when it connects, as JSON, in
  /// `extras["auth"]`. Its token is among it.
  bool keep_auth = false;

  /// Recovers clients that were lost: what they have subscribed to by
  /// themselves, in channels that keep a history. Every event without an
  /// acknowledgement has two arguments more then, its offsets and a position.
  /// Without it nobody is recovered, and nothing is kept.
  std::optional<socket_io_recovery> recovery = {};

  /// How events and acknowledgements are spelt if not as usual; outlives the
  /// server.
  ///
  /// @private
  const wire_format* format = nullptr;
};

} // namespace flamigo
