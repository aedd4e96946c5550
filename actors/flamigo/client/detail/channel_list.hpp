#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "flamigo/bus/event.hpp"
#include "flamigo/client/detail/channel_subscription.hpp"

namespace flamigo::detail {

/// A client that subscribes and has not been answered.
struct channel_wish {
  std::string topic;
  /// False when it has changed its mind.
  bool is_wanted = true;
};

/// The channels of one connection, and which events its client gets of them:
/// each once, in the order of each channel.
class channel_list {
public:
  channel_subscription& add(topic what, const channel& declared);

  /// The client's view of it has ended before.
  void drop(const channel_subscription& what);

  /// Null if there is none.
  channel_subscription* find(std::string_view topic) noexcept;

  channel_subscription* find(std::uint32_t serial) noexcept;

  void begin_wish(channel_wish& what) {
    what.is_wanted = !is_left_;
    wishes_.push_back(&what);
  }

  void end_wish(const channel_wish& what) noexcept {
    std::erase(wishes_, &what);
  }

  /// The client no longer wishes this one.
  void leave(std::string_view topic) noexcept {
    for (auto* x : wishes_)
      if (x->topic == topic)
        x->is_wanted = false;
  }

  /// The client has gone, and wishes nothing any more.
  void leave_all() noexcept {
    is_left_ = true;
    for (auto* x : wishes_)
      x->is_wanted = false;
  }

  bool is_left() const noexcept {
    return is_left_;
  }

  const std::vector<std::unique_ptr<channel_subscription>>&
  all() const noexcept {
    return all_;
  }

  /// What nearly all events are to nearly all clients: the next one of a
  /// channel, which the client gets. Returns its frame and moves the channel
  /// behind it; else an empty text, and `hear` has to say. Looks at as little
  /// memory as can be, since a fan-out finds none of it in the cache.
  std::string_view take_next(const event& what, bool deaf) noexcept {
    auto places = what.places();
    if (places.size() != 1)
      return {};
    auto& here = places.front();
    if (recent_ == nullptr || !recent_->is_next(here.at))
      recent_ = find_next(here.at);
    if (recent_ == nullptr || (deaf && !recent_->by_client))
      return {};
    recent_->note(here.at);
    recent_->at.offset = here.at.offset;
    return here.kept.frame;
  }

  /// What becomes of an event that was published.
  struct verdict {
    /// Whether one of the channels decides.
    bool is_mine = false;
    /// Whether one of them may be why the bus has it for the client, and none
    /// decides: it came before that one began, or is what the program says
    /// where others are told of. The client may get it by a pattern of the
    /// program's.
    bool is_doubtful = false;
    /// Whether the client gets it now.
    bool is_sent = false;
    /// In which of its places: for `event::client_frame_in`.
    std::uint64_t set = 0;
  };

  /// A client that is deaf gets only what it has subscribed to itself.
  /// `missed(channel_subscription&)` is called for those that have to go on
  /// with what history has.
  template <class F>
  verdict hear(const event& what, bool deaf, F missed) {
    verdict result;
    if (views_ > 0 && hear_of_others(what, result))
      return result;
    result.is_doubtful = views_ > 0;
    auto places = what.places();
    auto sent = false;
    for (std::size_t i = 0; i < places.size(); ++i) {
      auto* mine = find(places[i].topic);
      if (mine == nullptr)
        continue;
      auto& where = places[i].at;
      mine->note(where);
      if (mine->began_behind(where) && !is_late(*mine, what, where)) {
        result.is_doubtful = true;
        continue;
      }
      result.is_mine = true;
      if (deaf && !mine->by_client)
        continue;
      if (mine->has_sent(where))
        sent = true;
      else if (is_late(*mine, what, where))
        // In no place: its own is behind the client.
        result.is_sent = true;
      else if (mine->now == channel_subscription::phase::live) {
        if (mine->expects(where))
          result.set |= std::uint64_t{1} << i;
        else if (!mine->is_caught_up())
          missed(*mine);
      }
    }
    for (std::size_t i = 0; i < places.size(); ++i)
      if ((result.set >> i & 1) != 0)
        ++find(places[i].topic)->at.offset;
    result.is_sent = !sent && (result.is_sent || result.set != 0);
    if (!result.is_mine)
      result.is_mine = result.is_sent = wants(what, deaf);
    return result;
  }

  /// The client wants to know who is in this channel.
  void begin_view(channel_subscription& what);

  void end_view(channel_subscription& what) noexcept;

  /// Moves a channel behind an event of its history. Returns the frame for the
  /// client, which is valid until the next call, or an empty text if it was
  /// sent this event before.
  std::string_view replay(channel_subscription& where, const kept_event& what);

private:
  /// The live channel in which that is the next event; null if there is none.
  /// No other topic has its epoch.
  channel_subscription* find_next(const history_position& where) noexcept;

  /// Published before the client was told of its channel, but after the program
  /// had subscribed it.
  static bool is_late(const channel_subscription& mine, const event& what,
                      const history_position& where) noexcept {
    return mine.by_program && mine.now != channel_subscription::phase::starting
           && where.epoch == mine.at.epoch && where.offset <= mine.began
           && mine.since != 0 && what.stamp() > mine.since;
  }

  /// Whether it is of a channel without a history.
  bool wants(const event& what, bool deaf) noexcept;

  /// Whether it tells of others in a channel where the client wants to know.
  bool hear_of_others(const event& what, verdict& out);

  std::vector<std::unique_ptr<channel_subscription>> all_;
  /// The one that got the last event, or null.
  channel_subscription* recent_ = nullptr;
  std::vector<channel_wish*> wishes_;
  bool is_left_ = false;
  std::uint32_t serials_ = 0;
  /// Channels in which the client wants to know who is there.
  std::size_t views_ = 0;
  std::string frame_;
};

} // namespace flamigo::detail
