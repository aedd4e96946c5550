#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "flamigo/channel/channel.hpp"
#include "flamigo/client/detail/subscribe_channel.hpp"
#include "flamigo/client/detail/wished_channel.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/history/detail/channel_epoch.hpp"

namespace flamigo::detail {

inline caf::error ended_meanwhile() {
  return make_error(errc::cancelled, "the subscription has ended meanwhile");
}

/// A client that subscribes to a channel: what every step of that knows, in the
/// frame of the coroutine.
struct subscribing {
  websocket_client& self;
  topic what;
  /// What the topic is to a client of now.
  const channel* declared;
  const subscribe_input& in;
  subscribe_output& out;
  wished_channel wish;

  bool asks_for_others() const noexcept {
    return declared->presence() != nullptr && in.presence.value_or(false);
  }

  /// The position that the client has given.
  history_position since() const noexcept {
    return {epoch_of(in.since->epoch), in.since->offset};
  }

  /// In subscriptions.
  std::size_t price() const noexcept {
    return asks_for_others() ? 2 : 1;
  }

  /// Has others see the client.
  caf::error show(channel_subscription& to) {
    auto input = in.input.value_or(raw_json{});
    return self.show_in(to, std::move(input.text));
  }

  /// The client has it.
  void wanted_by_client(channel_subscription& mine) const {
    mine.by_client = true;
    if (self.environment().keeps_clients && !mine.input && in.input)
      mine.input = std::make_unique<const std::string>(in.input->text);
  }

  /// Whether the client still may and wants to, after something has waited.
  caf::error check() {
    auto now = self.may_subscribe(what);
    if (!now)
      return std::move(now.error());
    declared = *now;
    if (!wish.is_wanted())
      return ended_meanwhile();
    return {};
  }
};

} // namespace flamigo::detail
