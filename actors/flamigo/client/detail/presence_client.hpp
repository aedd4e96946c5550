#pragma once

#include <memory>
#include <string>

#include <caf/error.hpp>

#include "flamigo/client/detail/history_client.hpp"
#include "flamigo/presence/presence_list.hpp"

namespace flamigo::detail {

/// A layer of a connection actor: how others see its client in its
/// channels, and what it is told of others.
class presence_client : public history_client {
public:
  using history_client::history_client;

  // -- in this actor; for the strategies of channels --------------------------

  /// Has others see the client in a channel, of what it has subscribed with.
  caf::error show_in(channel_subscription& what, std::string input);

  /// The client wants to know who is in a channel, and will be told by a list.
  /// Whoever asks for that keeps what this returns until he has it.
  std::shared_ptr<void> begin_list(channel_subscription& what);

  /// That list has come, and is what the client is told next. Fails if too much
  /// has changed meanwhile: then none has.
  caf::error take_list(channel_subscription& what, const presence_list& list);

  /// None has come, or it is not for the client any more.
  void miss_list(channel_subscription& what);

protected:
  /// The client's subscriptions have changed.
  virtual void changed() = 0;

  /// The client's claims may have changed.
  void show_as_now(channel_subscription& what);

  void end_view(channel_subscription& what);

  /// Sends what has waited for a list.
  void tell_of_others(channel_subscription& what);
};

} // namespace flamigo::detail
