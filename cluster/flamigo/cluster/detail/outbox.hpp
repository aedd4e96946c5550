#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "flamigo/bus/event.hpp"
#include "flamigo/cluster/detail/node_frame.hpp"
#include "flamigo/cluster/detail/node_transport.hpp"

namespace flamigo::detail {

/// Writes what this node sends. An event for several nodes is written once.
class outbox {
public:
  outbox(node_transport& transport, std::string id)
    : transport_(transport), id_(std::move(id)) {
  }

  const std::string& id() const noexcept {
    return id_;
  }

  /// False when it is lost.
  bool send(const std::string& to, node_frame what);

  /// The same for an event, with the numbers of its frame.
  bool send(const std::string& to, std::uint64_t stream, std::uint64_t seq,
            const event_ptr& what);

  void send_all(node_frame what);

private:
  node_transport& transport_;
  const std::string id_;
  std::string frame_;
  /// What was written last, as long as it may be asked for again.
  std::weak_ptr<const event> last_;
  std::string last_text_;
};

} // namespace flamigo::detail
