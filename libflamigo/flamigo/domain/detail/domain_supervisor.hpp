#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>

#include <caf/event_based_actor.hpp>

#include "flamigo/domain/hosting_options.hpp"
#include "flamigo/strategy/detail/domain_slot.hpp"

namespace flamigo {

class strategy_registry;

} // namespace flamigo

namespace flamigo::detail {

/// Spawns one incarnation of a domain actor; its type is a `domain_host`.
using domain_factory = std::function<caf::actor()>;

/// Watches a domain actor, restarts it if it may, and tells the callers through
/// the slot where it is now.
class domain_supervisor : public caf::event_based_actor {
public:
  domain_supervisor(caf::actor_config& cfg, std::shared_ptr<domain_slot> slot,
                    hosting_options options, domain_factory spawn);

  ~domain_supervisor() override;

  const char* name() const override;

protected:
  caf::behavior make_behavior() override;

private:
  void went_down(const caf::error& reason);

  /// Counts this restart; false when there were too many.
  bool may_restart();

  void restart();

  std::shared_ptr<domain_slot> slot_;
  hosting_options options_;
  domain_factory spawn_;
  /// How the log names the domain.
  std::string title_;
  caf::actor domain_;
  /// Whether it was told to end.
  bool ending_ = false;
  std::deque<caf::actor_clock::time_point> restarts_;
};

/// Spawns the first incarnation, registers its strategies and sets the
/// supervisor over it.
caf::actor supervise(caf::actor_system& system, strategy_registry& strategies,
                     hosting_options options, domain_factory spawn);

} // namespace flamigo::detail
