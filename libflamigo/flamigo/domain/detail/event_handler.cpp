#include "flamigo/domain/detail/event_handler.hpp"

#include "flamigo/context/detail/enduring_actor.hpp"
#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/task/detail/root_task.hpp"

namespace flamigo::detail {

event_handler::~event_handler() = default;

void log_late(const root_task& of, const caf::error& why) {
  if (!why)
    return;
  auto who = enduring_actor::of(of.self);
  log::error((who != nullptr ? who->title() + ": " : std::string{})
             + trace_of(why));
}

caf::error event_handler::handle(context& ctx, const event& what,
                                 event_answer* answer) const {
  auto result = guarded([&] { return run(ctx, what, answer); },
                        [](caf::error why) { return why; });
  return result ? wrap(std::move(result), "handle event(" + name() + ")")
                : result;
}

} // namespace flamigo::detail
