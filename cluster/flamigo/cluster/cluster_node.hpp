#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <set>
#include <string>

#include "flamigo/cluster/cluster_lease.hpp"
#include "flamigo/cluster/cluster_options.hpp"
#include "flamigo/cluster/cluster_status.hpp"
#include "flamigo/domain/hosting_options.hpp"

namespace flamigo {

class application;

/// Makes a program one node of several, that share their bus by NATS: what is
/// published on one reaches the subscribers on all. Make it after the
/// application and before that serves; it has to go first.
///
///   flamigo::application app{std::move(config)};
///   flamigo::cluster_node node{app, options};
///   ...
///   return app.run();
///
/// Nothing waits for NATS: without a server the program serves as if it were
/// alone, and joins the others when there is one.
class cluster_node {
public:
  /// With an empty `nats_url` it does nothing. Throws std::invalid_argument,
  /// with the name of the option, for what cannot be.
  cluster_node(application& app, cluster_options options);

  cluster_node(const cluster_node&) = delete;

  cluster_node& operator=(const cluster_node&) = delete;

  /// Takes leave of the other nodes. The program is alone from then on.
  ~cluster_node();

  /// How it stands among the others, a quarter of a second old at most. Any
  /// thread.
  cluster_status status() const;

  /// Clients that are connected to this node and to the others, as far as those
  /// have said: with each heartbeat. 0 without NATS's URL.
  std::size_t connections() const;

  /// Calls a function, on the node's own thread, once every node that is there
  /// knows what is wanted here now. Whatever is published on any of them
  /// afterwards reaches who has subscribed here before, or is seen to be
  /// missing (`bus:gap`). Alone, at once or soon. Not called any more once the
  /// node has ended. Any thread.
  void confirm(std::function<void()> then) const;

  /// Competes for the lease of this name, which at most one of all nodes holds
  /// at a time, until what this returns has ended or the node has. The NATS
  /// server needs JetStream (`-js`): without it nobody holds anything, which
  /// the log says. Without NATS's URL it is held at once and always. Any
  /// thread.
  ///
  /// Throws std::invalid_argument for a name that is empty or has more than 128
  /// bytes, and for times that cannot be.
  cluster_lease lease(const std::string& name, lease_options options = {});

  /// The options of a domain that lives on one node of all that host it under
  /// this name; its shards, if it has some, are spread over them:
  ///
  ///   app.host(node.clustered("orders"), orders);
  ///   app.host_sharded(node.clustered("carts"), 16, by(&order::customer),
  ///                    carts);
  ///
  /// Its strategies are called on every node as if it were there. Each life
  /// begins with a new state, under a lease whose token
  /// `context::fencing_token` tells. Until somebody has the lease, and while it
  /// moves, calls are answered 503. Without NATS's URL it always lives here.
  ///
  /// Its function is called once on each node to see its strategies, of which
  /// none may answer in parts. Throws std::invalid_argument for a name that is
  /// empty, has more than 100 bytes, or was taken, and for times that cannot
  /// be. Before the program serves.
  hosting_options clustered(std::string name, hosting_options with = {},
                            lease_options lease = {});

private:
  struct impl;
  class placement;

  std::shared_ptr<impl> impl_;
  /// The names of domains.
  std::set<std::string> clustered_;
};

} // namespace flamigo
