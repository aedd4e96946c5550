#include "flamigo/client/open_hook.hpp"

#include <string>

#include <caf/event_based_actor.hpp>

#include "flamigo/log/detail/guarded_or_logged.hpp"
#include "flamigo/task/detail/begin_task.hpp"

namespace flamigo {

namespace {

/// The connection that was to be prepared cannot be used.
void open_failed(caf::event_based_actor* self, const caf::error& why) noexcept {
  detail::log_failure(self, "on_open", why);
  detail::guarded_or_logged(
    [&] {
      client{caf::actor_cast<caf::actor>(self)}.close(
        {close_code::internal_error, "internal error"});
    },
    [] { return std::string{"on_open"}; });
}

void finish_open(detail::root_task& of) noexcept {
  auto why = detail::guarded([&] { return detail::failure_of(of); },
                             [](caf::error thrown) { return thrown; });
  if (why)
    open_failed(of.self, why);
}

} // namespace

void open_hook::operator()(context& ctx) const {
  client who{ctx.actor().handle};
  auto why = detail::guarded([&] { return run_(ctx, who); },
                             [](caf::error thrown) { return thrown; });
  if (why)
    open_failed(ctx.self(), why);
}

caf::error open_hook::begin(task<void> what, std::shared_ptr<const void> held,
                            const context& ctx, detail::context_loan& loan) {
  auto ended = detail::begin_task(std::move(what), *ctx.self(), ctx.deadline(),
                                  std::move(held), finish_open, &loan);
  return ended ? std::move(*ended) : caf::error{};
}

} // namespace flamigo
