#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include <caf/expected.hpp>

#include "flamigo/client/channel_position.hpp"
#include "flamigo/client/detail/channel_list.hpp"
#include "flamigo/client/detail/connected_client.hpp"
#include "flamigo/history/history_slice.hpp"

namespace flamigo::detail {

/// A layer of a connection actor: what its client gets of the channels
/// it is subscribed to, and of their histories. A client without any costs a
/// pointer.
class history_client : public connected_client {
public:
  using connected_client::connected_client;

  /// What of a history is read at once, and sent in one turn of the actor:
  /// others on its thread want to get on, too.
  static constexpr std::size_t max_batch_bytes = 65'536;

  // -- in this actor; for the strategies of channels --------------------------

  /// Null if there is none.
  channel_subscription* channel_at(std::string_view topic) noexcept {
    return channels_ ? channels_->find(topic) : nullptr;
  }

  channel_subscription* channel_of(std::uint32_t serial) noexcept {
    return channels_ ? channels_->find(serial) : nullptr;
  }

  /// The client has been told, or will be by what is said next: it gets what
  /// comes behind its position.
  void begin_replay(channel_subscription& what);

  /// How far the client has got in each of its channels that keep a history and
  /// that it is told of.
  std::vector<channel_position> positions() const;

  /// Whether the client gets nothing of channels with a history for the time
  /// being, nor of who is there; it comes later. No to begin with.
  void hold_channels(bool value);

  /// An answer of its history.
  void go_on(std::uint32_t serial, caf::expected<history_slice> what);

protected:
  /// Whether it has any.
  bool has_channels() const noexcept {
    return channels_ != nullptr;
  }

  channel_list& channels() {
    if (!channels_)
      channels_ = std::make_unique<channel_list>();
    return *channels_;
  }

  channel_list::verdict hear_in_channels(const event& what);

  /// As of a `channel_list`.
  std::string_view take_next(const event& what) noexcept {
    return channels_->take_next(what, deaf_);
  }

  /// Asks for a turn, in which it goes on.
  void take_turn(channel_subscription& what);

  /// Sends what there is, as much as may be sent at once.
  void replay(channel_subscription& what);

  /// There may be room again for what waits for the socket.
  void make_room_for_channels();

  /// The client hears where it is, and whether it has `lost` something.
  void tell_subscribed(const channel_subscription& what, bool lost);

  /// Whether the client gets no events for the time being, but of channels that
  /// it has subscribed to itself.
  void deaf(bool value) noexcept {
    deaf_ = value;
  }

  bool is_deaf() const noexcept {
    return deaf_;
  }

  /// As of `hold_channels`.
  bool holds() const noexcept {
    return holds_;
  }

  /// Null as long as there have been none.
  std::unique_ptr<channel_list> channels_;

private:
  /// Sends what was read. False if the rest of it waits for a turn or for room.
  bool send_batch(channel_subscription& what);

  /// Asks for what comes behind the client's position.
  void read(channel_subscription& what);

  /// History does not reach back to what the client has.
  void give_up(channel_subscription& what, const history_position& newest);

  void take(channel_subscription& to, caf::expected<history_slice> what);

  bool deaf_ = false;
  bool holds_ = false;
};

} // namespace flamigo::detail
