#include "flamigo/client/detail/channel_presence.hpp"

#include <utility>

#include <caf/expected.hpp>

#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"

namespace flamigo::detail {

namespace {

std::string key_of(const claims& who) {
  return who.user ? "u:" + who.user->id : "c:" + who.connection_id;
}

caf::expected<std::string> state_of(const presence_options& options,
                                    const claims& who, std::string_view input) {
  if (!options.show)
    return std::string{"{}"};
  return guarded([&] { return options.show(who, input); },
                 [](caf::error why) -> caf::expected<std::string> {
                   return why;
                 });
}

} // namespace

caf::error channel_presence::show(const claims& who) {
  auto state = state_of(options_, who, input_);
  if (!state) {
    hide();
    return std::move(state.error());
  }
  presence_member me{who.connection_id, key_of(who), std::move(*state)};
  engine_.set(channel_, me, key_ == me.key ? std::string_view{} : key_,
              options_.max_bytes);
  key_ = std::move(me.key);
  connection_id_ = std::move(me.connection_id);
  return {};
}

void channel_presence::hide() noexcept {
  if (key_.empty())
    return;
  auto key = std::exchange(key_, {});
  // Not every engine has what it needs at hand.
  guarded_or_logged([&] { engine_.remove(channel_, key, connection_id_); },
                    [&] { return channel_ + ": " + key + " is seen still"; });
}

} // namespace flamigo::detail
