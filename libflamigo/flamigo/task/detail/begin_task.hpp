#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include <caf/error.hpp>
#include <caf/fwd.hpp>

#include "flamigo/task/detail/root_task.hpp"
#include "flamigo/task/task.hpp"

namespace flamigo::detail {

class context_loan;

/// Runs a task that nobody waits for, in this actor, which owns it if it waits.
/// Returns what it has ended with if it has ended at once; else `finish` is
/// told, in the actor, and `held` outlives the frame. What was lent to the task
/// becomes its own. Throws std::bad_alloc.
std::optional<caf::error>
begin_task(task<void> what, caf::event_based_actor& self,
           root_task::time_point deadline, std::shared_ptr<const void> held,
           root_task::finish_function finish, context_loan* loan = nullptr);

/// What a task without a result, which has ended, has failed with; none if it
/// has not.
caf::error failure_of(root_task& of);

/// Says in the log that what nobody waits for has failed, if it has.
void log_failure(caf::event_based_actor* self, std::string_view what,
                 const caf::error& why) noexcept;

} // namespace flamigo::detail
