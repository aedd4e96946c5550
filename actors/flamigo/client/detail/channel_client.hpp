#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <caf/expected.hpp>

#include "flamigo/client/detail/history_hold.hpp"
#include "flamigo/client/detail/kept_client.hpp"
#include "flamigo/client/detail/presence_client.hpp"

namespace flamigo::detail {

/// A layer of a connection actor: which channels its client is
/// subscribed to, by itself or by the program.
class channel_client : public presence_client {
public:
  using presence_client::presence_client;

  // -- in this actor; for the strategies of channels --------------------------

  /// The channel of a topic that clients may subscribe to, or why this one may
  /// not.
  virtual caf::expected<const channel*> may_subscribe(const topic& what) = 0;

  /// Of a client that subscribes, as long as it waits for the answer.
  void begin_wish(channel_wish& what);

  void end_wish(channel_wish& what) noexcept;

  /// Subscribes the client, which is to be told of it: from here on nothing is
  /// missed. Its position is still to be set.
  channel_subscription& begin_channel(topic what, const channel& declared,
                                      bool by_program = false);

  /// Who has begun it does not want it any more, or cannot have it: ends it if
  /// nobody else has subscribed the client meanwhile.
  void abandon(channel_subscription& what);

  /// Ends it, whoever has subscribed the client.
  void end_channel(channel_subscription& what);

  /// The client no longer wants it.
  void leave_channel(std::string_view topic);

  using presence_client::go_on;

  /// Its turn.
  void go_on(std::uint32_t serial);

  /// Its history is followed from there.
  void go_on(std::uint32_t serial, caf::expected<followed_history> where);

  void on_exit() override;

protected:
  /// The program has subscribed the client to this, perhaps to a channel.
  void program_subscribed(const topic_pattern& pattern, std::uint64_t since);

  void program_unsubscribed(std::string_view pattern);

  /// The same, where the client keeps what it has subscribed itself. To be
  /// called before the bus knows.
  void program_released(std::string_view pattern);

  /// The client has gone.
  void end_channels();

  /// Those with a history; none if the client has subscribed to one without.
  std::optional<kept_client> kept_channels() const;

  /// The client's claims are others than before.
  void ask_channels_again();

private:
  void tell_unsubscribed(const channel_subscription& what);
};

} // namespace flamigo::detail
