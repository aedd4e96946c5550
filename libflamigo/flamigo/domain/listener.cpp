#include "flamigo/domain/listener.hpp"

namespace flamigo {

caf::error listener::handle(context& ctx, const event& what,
                            detail::event_answer* answer) const {
  caf::error result;
  for (auto& handler : handlers_)
    if (handler->wants(what))
      if (auto err = handler->handle(ctx, what, answer); err && !result)
        result = std::move(err);
  return result;
}

} // namespace flamigo
