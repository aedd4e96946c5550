#pragma once

#include <memory>
#include <string>

#include <caf/abstract_group.hpp>

namespace flamigo::detail {

class bus_state;

/// The CAF group of one pattern. It holds no subscribers; the table of the bus
/// does.
class bus_group final : public caf::abstract_group {
public:
  bus_group(std::shared_ptr<bus_state> state, std::string pattern);

  ~bus_group() override;

  bool subscribe(caf::strong_actor_ptr who) override;

  void unsubscribe(const caf::actor_control_block* who) override;

  /// Sends to all whose patterns match this group's name as a topic. An event
  /// is published under this topic as well as its own.
  void enqueue(caf::strong_actor_ptr sender, caf::message_id id,
               caf::message content, caf::execution_unit* host) override;

  caf::error save(caf::serializer& sink) const override;

  void stop() override;

private:
  std::shared_ptr<bus_state> state_;
};

} // namespace flamigo::detail
