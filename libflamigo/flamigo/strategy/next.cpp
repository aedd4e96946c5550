#include "flamigo/strategy/next.hpp"

namespace flamigo {

pending_rest::pending_rest(const context& ctx, const strategy_handlers& rest,
                           detail::surrounded_stream* to)
  : detail::call_waiter(ctx, detail::begin_rest(ctx, rest, to)) {
}

caf::expected<raw_json> pending_rest::await_resume() {
  if (auto why = result())
    return why;
  return raw_json{std::move(call_.reply)};
}

} // namespace flamigo
