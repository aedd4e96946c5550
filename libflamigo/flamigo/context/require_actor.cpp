#include "flamigo/context/require_actor.hpp"

#include "flamigo/error/error.hpp"

namespace flamigo {

caf::expected<acting_actor> require_actor(const context& ctx,
                                          const validator& guard) {
  if (auto err = guard(ctx.claims()))
    return wrap(std::move(err), "require_actor");
  return ctx.actor();
}

} // namespace flamigo
