#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "flamigo/cluster/cluster_options.hpp"
#include "flamigo/cluster/cluster_traffic.hpp"
#include "flamigo/cluster/detail/node_transport.hpp"

namespace flamigo::detail {

class io_thread;

/// Frames as messages of NATS: each node listens to a subject of its own and to
/// one that all have in common.
///
/// It has two connections, since one that carries both directions has been seen
/// to stall under load and then to lose messages. They connect by themselves,
/// at first and again, for ever.
class nats_transport final : public node_transport {
public:
  /// Throws std::invalid_argument for options that the library refuses. The
  /// receiver is called in turns of this thread.
  nats_transport(io_thread& thread, const cluster_options& options);

  ~nats_transport() override;

  void start(const std::string& id, transport_receiver& to) override;

  void stop() override;

  /// False as well when 8 MiB wait for the server.
  bool send(std::string_view to, std::string_view frame) override;

  bool send_all(std::string_view frame) override;

  /// Any thread.
  cluster_traffic traffic() const;

private:
  struct impl;

  std::shared_ptr<impl> impl_;
};

} // namespace flamigo::detail
