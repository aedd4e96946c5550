#pragma once

#include <memory>

#include <caf/actor.hpp>
#include <caf/fwd.hpp>
#include <caf/timespan.hpp>

#include "flamigo/event.hpp"
#include "flamigo/impl/subscription_table.hpp"
#include "flamigo/publish_report.hpp"

namespace flamigo::detail {

/// An event on its way to listeners whose answers are waited for. A hidden
/// actor sends it to each as a CAF request, so whatever a listener is, CAF
/// answers when it has handled the event or has ended.
class sync_delivery {
public:
  sync_delivery(caf::actor_system& system, event_ptr what,
                subscription_table::receivers to);

  /// Blocks until all have answered or the time is up. It needs no other
  /// thread to come back at the deadline.
  publish_report wait(caf::timespan timeout);

  /// Calls back once, in `self`, with the report.
  void then(caf::event_based_actor& self, caf::timespan timeout,
            std::function<void(publish_report)> done);

private:
  struct progress;

  std::shared_ptr<progress> progress_;
  caf::actor courier_;
};

} // namespace flamigo::detail
