#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include <caf/expected.hpp>

#include "flamigo/client/detail/channel_list.hpp"
#include "flamigo/client/detail/connected_client.hpp"
#include "flamigo/history/history_slice.hpp"
#include "flamigo/presence/presence_list.hpp"

namespace flamigo::detail {

/// The second layer of a connection actor: the channels that its client is
/// subscribed to, and what it gets of their histories. A client without any
/// costs a pointer.
class channel_client : public connected_client {
public:
  using connected_client::connected_client;

  /// What of a history is read at once, and sent in one turn of the actor:
  /// others on its thread want to get on, too.
  static constexpr std::size_t max_batch_bytes = 65'536;

  // -- in this actor; for the strategies of channels --------------------------

  /// The channel of a topic that clients may subscribe to, or why this one may
  /// not.
  virtual caf::expected<const channel*> may_subscribe(const topic& what) = 0;

  /// Null if there is none.
  channel_subscription* channel_at(std::string_view topic) noexcept {
    return channels_ ? channels_->find(topic) : nullptr;
  }

  channel_subscription* channel_of(std::uint32_t serial) noexcept {
    return channels_ ? channels_->find(serial) : nullptr;
  }

  /// Of a client that subscribes, as long as it waits for the answer.
  void begin_wish(channel_wish& what);

  void end_wish(channel_wish& what) noexcept;

  /// Subscribes the client, which is to be told of it: from here on nothing is
  /// missed. Its position is still to be set.
  channel_subscription& begin_channel(topic what, const channel& declared,
                                      bool by_program = false);

  /// The client has been told, or will be by what is said next: it gets what
  /// comes behind its position.
  void begin_replay(channel_subscription& what);

  /// Has others see the client in a channel, of what it has subscribed with.
  caf::error show_in(channel_subscription& what, std::string input);

  /// The client wants to know who is in a channel, and will be told by a list.
  /// Whoever asks for that keeps what this returns until he has it.
  std::shared_ptr<void> begin_list(channel_subscription& what);

  /// That list has come, and is what the client is told next. Fails if too much
  /// has changed meanwhile: then none has.
  caf::error take_list(channel_subscription& what, const presence_list& list);

  /// None has come.
  void miss_list(channel_subscription& what);

  /// The client does not want what it has asked for, or may not have it.
  void refuse_list(channel_subscription& what);

  /// Ends it, whoever has subscribed the client.
  void end_channel(channel_subscription& what);

  /// The client no longer wants it.
  void leave_channel(std::string_view topic);

  /// Its turn, or an answer of its history.
  void go_on(std::uint32_t serial);

  void go_on(std::uint32_t serial, caf::expected<history_slice> what);

  void go_on(std::uint32_t serial, caf::expected<history_position> where);

  void on_exit() override;

protected:
  /// Whether it has any.
  bool has_channels() const noexcept {
    return channels_ != nullptr;
  }

  channel_list::verdict hear_in_channels(const event& what);

  /// As of a `channel_list`.
  std::string_view take_next(const event& what) noexcept {
    return channels_->take_next(what, deaf_);
  }

  /// The program has subscribed the client to this, perhaps to a channel.
  void program_subscribed(const topic_pattern& pattern, std::uint64_t since);

  void program_unsubscribed(std::string_view pattern);

  /// There may be room again for what waits for the socket.
  void make_room_for_channels();

  /// The client has gone.
  void end_channels();

  /// The client's claims are others than before.
  void ask_channels_again();

  /// Whether the client gets no events for the time being, but of channels that
  /// it has subscribed to itself.
  void deaf(bool value) noexcept {
    deaf_ = value;
  }

  bool is_deaf() const noexcept {
    return deaf_;
  }

private:
  /// The client's subscriptions have changed.
  virtual void changed() = 0;

  void take_turn(channel_subscription& what);

  /// Sends what there is, as much as may be sent at once.
  void replay(channel_subscription& what);

  /// Sends what was read. False if the rest of it waits for a turn or for room.
  bool send_batch(channel_subscription& what);

  /// Asks for what comes behind the client's position.
  void read(channel_subscription& what);

  /// History does not reach back to what the client has.
  void give_up(channel_subscription& what, const history_position& newest);

  void take(channel_subscription& to, caf::expected<history_slice> what);

  void show_as_now(channel_subscription& what);

  void end_view(channel_subscription& what);

  /// Sends what has waited for a list.
  void tell_of_others(channel_subscription& what);

  void tell_subscribed(const channel_subscription& what, bool lost);

  void tell_unsubscribed(const channel_subscription& what);

  std::unique_ptr<channel_list> channels_;
  bool deaf_ = false;
};

} // namespace flamigo::detail
