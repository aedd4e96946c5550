#include "flamigo/task/detail/begin_task.hpp"

#include <string>
#include <utility>

#include "flamigo/context/detail/context_loan.hpp"
#include "flamigo/context/detail/enduring_actor.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo::detail {

std::optional<caf::error>
begin_task(task<void> what, caf::event_based_actor& self,
           root_task::time_point deadline, std::shared_ptr<const void> held,
           root_task::finish_function finish, context_loan* loan) {
  if (!what)
    return internal_error("a function returned a task that was moved "
                          "elsewhere");
  auto& promise = what.promise();
  if (promise.begin_as_root(&self, deadline))
    return failure_of(promise.own_root());
  if (loan != nullptr)
    loan->settle();
  auto& root = promise.own_root();
  if (root.is_orphaned())
    return make_error(errc::unavailable, "", "the actor that ran it has ended");
  root.handler = std::move(held);
  promise.keep(finish);
  what.release();
  return std::nullopt;
}

caf::error failure_of(root_task& of) {
  auto result = static_cast<task_promise<void>&>(of.task).result();
  return result ? caf::error{} : result.error();
}

void log_failure(caf::event_based_actor* self, std::string_view what,
                 const caf::error& why) noexcept {
  if (!why)
    return;
  auto name = [what] { return std::string{what}; };
  guarded_or_logged(
    [&] {
      auto who = enduring_actor::of(self);
      log::error((who != nullptr ? who->title() + ": " : std::string{}) + name()
                 + ": " + trace_of(why));
    },
    name);
}

} // namespace flamigo::detail
