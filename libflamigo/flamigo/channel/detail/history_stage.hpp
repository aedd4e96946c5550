#pragma once

#include "flamigo/bus/event_stage.hpp"
#include "flamigo/channel/channel_registry.hpp"
#include "flamigo/history/history_engine.hpp"

namespace flamigo::detail {

/// Has what is published for clients in channels with a history kept there, and
/// only then delivered: what a subscriber gets and what history has cannot
/// disagree. What cannot be kept is not delivered to anybody.
class history_stage final : public event_stage {
public:
  /// Both outlive it.
  history_stage(const channel_registry& channels, history_engine& engine)
    : channels_(channels), engine_(engine) {
  }

  bool takes(const event& what) const override;

  caf::error pass(const event_ptr& what, caf::execution_unit* unit,
                  delivery then) override;

private:
  const channel_registry& channels_;
  history_engine& engine_;
};

} // namespace flamigo::detail
