#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "flamigo/channel/channel.hpp"
#include "flamigo/client/detail/channel_presence.hpp"
#include "flamigo/client/detail/history_hold.hpp"
#include "flamigo/history/history_position.hpp"
#include "flamigo/history/kept_event.hpp"
#include "flamigo/task/callback.hpp"
#include "flamigo/topic/topic.hpp"

namespace flamigo::detail {

/// One channel of a connection: how far its client has got, and what it gets
/// next.
struct channel_subscription {
  enum class phase : std::uint8_t {
    /// The client does not know of it yet.
    starting,
    /// It gets what history has; what is published meanwhile is in there.
    replaying,
    /// It gets what is published.
    live,
  };

  /// Whether it has a history, and with it a position.
  bool has_history() const noexcept {
    return declared->history() != nullptr;
  }

  /// What the client knows of who is there; null if it does not want to.
  presence_view* others() const noexcept {
    return presence && presence->others ? &*presence->others : nullptr;
  }

  /// That something was published with this position.
  void note(const history_position& where) noexcept {
    if (where.epoch != newest.epoch || where.offset > newest.offset)
      newest = where;
  }

  /// Whether the client has all that is known of.
  bool is_caught_up() const noexcept {
    return newest.epoch == at.epoch && newest.offset <= at.offset;
  }

  /// The client begins there.
  void begin_at(const history_position& where) noexcept {
    at = where;
    is_stale = reads;
    began = where.offset;
    sent_from = sent_to = 0;
    batch.clear();
    next = 0;
  }

  /// It wants what came before as well, from there on. What it was sent since
  /// it began it has.
  void begin_again_at(const history_position& where,
                      std::vector<kept_event> events) noexcept {
    auto same = where.epoch == at.epoch && where.offset < began;
    auto from = began;
    auto to = at.offset;
    begin_at(where);
    if (same) {
      sent_from = from;
      sent_to = to;
    }
    batch = std::move(events);
    now = phase::replaying;
  }

  /// Whether that was there when it began, and is not to be sent.
  bool began_behind(const history_position& where) const noexcept {
    return where.epoch == at.epoch && where.offset <= began
           && !was_sent_before(where.offset);
  }

  /// Whether this connection was sent the event that stands there.
  bool has_sent(const history_position& where) const noexcept {
    return now != phase::starting && where.epoch == at.epoch
           && ((where.offset > began && where.offset <= at.offset)
               || was_sent_before(where.offset));
  }

  /// Whether it was sent that before it began again.
  bool was_sent_before(std::uint64_t offset) const noexcept {
    return offset > sent_from && offset <= sent_to;
  }

  /// Whether that is the next event which the client is to get.
  bool expects(const history_position& where) const noexcept {
    return now != phase::starting && where.epoch == at.epoch
           && where.offset == at.offset + 1;
  }

  /// The same, of one that is live.
  bool is_next(const history_position& where) const noexcept {
    return where.offset == at.offset + 1 && where.epoch == at.epoch
           && now == phase::live && where.offset > sent_to;
  }

  // Those that each event looks at, side by side.

  /// The last event that the client was sent.
  history_position at;
  /// The newest event that is known of.
  history_position newest;
  /// What it was sent before it began again: behind `sent_from`, up to this.
  std::uint64_t sent_to = 0;
  phase now = phase::starting;
  bool by_client = false;
  bool by_program = false;
  /// Whether history was asked and has not answered.
  bool reads = false;
  /// Whether that answer is of a place where the client no longer is.
  bool is_stale = false;
  /// Whether it goes on when the socket has taken what it was given.
  bool waits_for_room = false;
  /// Whether its turn is on its way.
  bool has_turn = false;
  /// Whether the client has been told where it is, and may get what follows.
  bool is_told = false;
  /// By which it is known to those who answer later.
  std::uint32_t serial;
  topic what;
  const channel* declared;
  /// What is published before this has been there when the program subscribed.
  std::uint64_t since = 0;
  /// Where it began.
  std::uint64_t began = 0;
  std::uint64_t sent_from = 0;
  /// The newest event that was known of when history was asked.
  history_position sought;
  /// What was read and not sent, from `next` on.
  std::vector<kept_event> batch;
  std::size_t next = 0;
  /// Who wants to know when it has begun.
  std::vector<resolver<void>> waiting;
  /// Null without a history, and until that has said how far it is.
  std::shared_ptr<history_hold> hold;
  /// Null where nobody is to be seen.
  std::unique_ptr<channel_presence> presence;
  /// What the client has given when it subscribed; null where nobody wants to
  /// know that later.
  std::unique_ptr<const std::string> input;
};

} // namespace flamigo::detail
