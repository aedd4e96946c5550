#pragma once

#include <string>
#include <string_view>

namespace flamigo::detail {

/// Who is told what a transport brings. On the relay's thread.
class transport_receiver {
public:
  /// A frame of another node, or one of this node's own to all.
  virtual void received(std::string_view frame) = 0;

  /// Frames come and go, again or for the first time. Others may have missed
  /// what was sent before.
  virtual void connected() = 0;

  /// They do not, for this reason.
  virtual void disconnected(std::string why) = 0;

protected:
  ~transport_receiver() = default;
};

/// What carries frames between the nodes: a seam, behind which there is NATS
/// (`nats_transport`), or nothing but memory and what can go wrong in the
/// tests. It may lose frames, and may deliver them twice or in another order.
///
/// All members are for the relay's thread. Nothing blocks.
class node_transport {
public:
  virtual ~node_transport() = default;

  /// Begins to carry, for a node with this id, and to tell the receiver, which
  /// outlives it or `stop`.
  virtual void start(const std::string& id, transport_receiver& to) = 0;

  /// Nobody is told anything any more. What was sent goes out, as far as that
  /// is possible at once.
  virtual void stop() = 0;

  /// Sends a frame to a node. False when too much waits: it is lost.
  virtual bool send(std::string_view to, std::string_view frame) = 0;

  /// Sends a frame to all nodes.
  virtual bool send_all(std::string_view frame) = 0;
};

} // namespace flamigo::detail
