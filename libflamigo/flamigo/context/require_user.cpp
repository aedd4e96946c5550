#include "flamigo/context/require_user.hpp"

#include "flamigo/error/error.hpp"

namespace flamigo {

caf::expected<user> require_user(const context& ctx, const validator& guard) {
  auto& who = ctx.claims();
  if (!who.user)
    return wrap(make_error(errc::unauthorized), "require_user");
  if (auto err = guard(who))
    return wrap(std::move(err), "require_user");
  return *who.user;
}

} // namespace flamigo
