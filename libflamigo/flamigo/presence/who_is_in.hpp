#pragma once

#include <string_view>
#include <utility>

#include "flamigo/context/context.hpp"
#include "flamigo/context/services.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/presence/presence_engine.hpp"
#include "flamigo/task/callback.hpp"

namespace flamigo {

/// Who is in a channel now, as its subscribers see it:
///
///   auto there = co_await flamigo::who_is_in(ctx, "rooms/42");
///   if (there && there->entries.size() < 8) ...
///
/// Nobody is in one that is not there, or has no presence.
inline pending_callback<presence_list> who_is_in(const context& ctx,
                                                 std::string_view channel) {
  auto* engine = ctx.services().presence;
  return callback<presence_list>(ctx, [&](auto done) {
    if (engine == nullptr)
      return done.fail(internal_error("this program has no presence engine"));
    engine->list(channel, [done](caf::expected<presence_list> what) {
      if (what)
        done(std::move(*what));
      else
        done.fail(std::move(what.error()));
    });
  });
}

} // namespace flamigo
