#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>

#include <caf/actor.hpp>

#include "flamigo/auth/authentication.hpp"
#include "flamigo/client/client_options.hpp"
#include "flamigo/client/open_hook.hpp"
#include "flamigo/context/services.hpp"
#include "flamigo/limit/caller_table.hpp"

namespace flamigo {

class channel_registry;
class history_engine;
class metric_registry;

namespace detail {

class recent_errors;

} // namespace detail

/// What all connection actors share. It outlives them and does not change, but
/// for a counter.
struct client_environment {
  /// What the strategies of the application reach.
  const services& application;
  /// The limits of each connection.
  client_options options;
  /// Is told of every connection actor and monitors it.
  caf::actor roster;
  /// Called in each connection actor before its first request, on its thread:
  /// the place to subscribe the client. It must not block. What it fails with
  /// closes the connection with 1011. What a coroutine does after it has waited
  /// may come behind the first requests, which do not wait for it.
  /// A client that shows a token when it connects has been authenticated then.
  open_hook on_open = {};
  /// Nothing where clients need not authenticate.
  std::optional<authentication> auth = {};
  /// Connection actors that finish what a client that has gone wanted no answer
  /// of.
  std::shared_ptr<std::atomic<std::size_t>> finishing
    = std::make_shared<std::atomic<std::size_t>>(0);
  /// How often users have said something, over all their connections.
  std::shared_ptr<caller_table> users = std::make_shared<caller_table>();
  /// What clients may subscribe to; null where there is nothing.
  const channel_registry* channels = nullptr;
  /// Where their events are kept; not null if one of them keeps any.
  history_engine* history = nullptr;
  /// Whether what a client has of channels may be wanted when it has gone, as
  /// `client_feed::keep` gives it.
  bool keeps_clients = false;
  /// Where requests are counted; null where nobody wants to know.
  metric_registry* metrics = nullptr;
  /// Where errors are kept that clients were told; null where nobody looks at
  /// them.
  detail::recent_errors* errors = nullptr;
};

} // namespace flamigo
