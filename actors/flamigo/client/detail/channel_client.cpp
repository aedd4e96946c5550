#include "flamigo/client/detail/channel_client.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <boost/describe/class.hpp>

#include "flamigo/bus/bus.hpp"
#include "flamigo/channel/channel_registry.hpp"
#include "flamigo/client/detail/channel_epoch.hpp"
#include "flamigo/client/detail/client_input.hpp"
#include "flamigo/client/detail/engine_answer.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/presence/presence_change.hpp"
#include "flamigo/wire/client_message.hpp"

namespace flamigo::detail {

namespace {

/// What a client is told that the program has subscribed, or that has missed
/// something; see docs/protocol.md.
struct subscribed_note {
  std::string topic;
  std::string epoch;
  std::uint64_t offset;
  std::optional<bool> recovered;
};

BOOST_DESCRIBE_STRUCT(subscribed_note, (), (topic, epoch, offset, recovered))

struct unsubscribed_note {
  std::string topic;
  std::string code;
};

BOOST_DESCRIBE_STRUCT(unsubscribed_note, (), (topic, code))

using phase = channel_subscription::phase;

} // namespace

// -- beginning and end --------------------------------------------------------

void channel_client::begin_wish(channel_wish& what) {
  if (!channels_)
    channels_ = std::make_unique<channel_list>();
  channels_->begin_wish(what);
}

void channel_client::end_wish(channel_wish& what) noexcept {
  if (channels_)
    channels_->end_wish(what);
}

channel_subscription& channel_client::begin_channel(topic what,
                                                    const channel& declared,
                                                    bool by_program) {
  if (!channels_)
    channels_ = std::make_unique<channel_list>();
  auto& result = channels_->add(std::move(what), declared);
  changed();
  // First, so that whatever history does not have yet comes from there. What
  // the program has subscribed comes already, and twice would be looked for.
  if (!by_program)
    env_.application.bus.subscribe_exactly(
      caf::actor_cast<caf::strong_actor_ptr>(this), result.what);
  result.by_program = by_program;
  if (result.has_history())
    result.hold = std::make_unique<history_hold>(*env_.history,
                                                 result.what.text());
  else
    result.now = phase::live;
  if (auto* options = declared.presence())
    result.presence = std::make_unique<channel_presence>(
      *env_.application.presence, result.what.text(), *options);
  return result;
}

void channel_client::begin_replay(channel_subscription& what) {
  if (!what.has_history() && what.others() == nullptr)
    return;
  // What is published from here on comes behind that.
  what.is_told = false;
  if (what.has_history() && what.now == phase::live)
    what.now = phase::replaying;
  take_turn(what);
}

void channel_client::end_channel(channel_subscription& what) {
  if (what.others() != nullptr)
    end_view(what);
  env_.application.bus.unsubscribe_exactly(ctrl(), what.what);
  channels_->drop(what);
  changed();
}

void channel_client::leave_channel(std::string_view topic) {
  if (channels_)
    channels_->leave(topic);
  auto* what = channel_at(topic);
  if (what == nullptr || !what->by_client)
    return;
  what->by_client = false;
  if (!what->by_program)
    end_channel(*what);
  else if (what->others() != nullptr)
    end_view(*what);
}

void channel_client::end_channels() {
  if (!channels_)
    channels_ = std::make_unique<channel_list>();
  channels_->leave_all();
  while (!channels_->all().empty())
    end_channel(*channels_->all().back());
}

void channel_client::on_exit() {
  connected_client::on_exit();
  channels_.reset();
}

// -- what the program does ----------------------------------------------------

void channel_client::program_subscribed(const topic_pattern& pattern,
                                        std::uint64_t since) {
  if (env_.channels == nullptr
      || !(env_.channels->keeps() || env_.channels->shows_presence())
      || (channels_ && channels_->is_left()))
    return;
  auto what = topic::parse(pattern.text());
  auto* declared = what ? env_.channels->find(*what) : nullptr;
  if (declared == nullptr
      || (declared->history() == nullptr && declared->presence() == nullptr))
    return;
  if (auto* known = channel_at(what->text())) {
    known->by_program = true;
    return;
  }
  auto& mine = begin_channel(std::move(*what), *declared, true);
  mine.since = since;
  if (mine.presence)
    show_as_now(mine);
  if (!mine.has_history())
    return;
  auto asked = std::make_shared<engine_answer<history_position>>(ctrl(),
                                                                 mine.serial);
  env_.history->follow(mine.what.text(), *declared->history(),
                       asked->receiver());
  if (auto answer = asked->end_of_call())
    go_on(mine.serial, std::move(*answer));
}

void channel_client::go_on(std::uint32_t serial,
                           caf::expected<history_position> where) {
  auto* mine = channel_of(serial);
  if (mine == nullptr)
    return;
  if (!where) {
    // The client is subscribed all the same, and would not know what it misses.
    log::error(title() + ": " + mine->what.text()
               + ": its history cannot be followed: "
               + trace_of(where.error()));
    return close({close_code::internal_error, "internal error"});
  }
  mine->note(*where);
  mine->begin_at(*where);
  tell_subscribed(*mine, false);
  begin_replay(*mine);
}

void channel_client::program_unsubscribed(std::string_view pattern) {
  auto* mine = channel_at(pattern);
  if (mine == nullptr)
    return;
  tell_unsubscribed(*mine);
  end_channel(*mine);
}

void channel_client::ask_channels_again() {
  if (!channels_)
    return;
  std::vector<std::uint32_t> lost;
  for (auto& x : channels_->all())
    if (x->by_client && !may_subscribe(x->what))
      lost.push_back(x->serial);
  for (auto serial : lost) {
    auto* mine = channel_of(serial);
    mine->by_client = false;
    if (!mine->by_program) {
      tell_unsubscribed(*mine);
      end_channel(*mine);
    } else if (mine->others() != nullptr) {
      end_view(*mine);
    }
  }
  for (auto& x : channels_->all()) {
    // The client may be somebody else, who looks otherwise.
    if (x->presence
        && (x->presence->is_seen() || x->by_client || x->by_program))
      show_as_now(*x);
    // Some may have become audible.
    if (x->now != phase::starting && x->has_history())
      take_turn(*x);
  }
}

// -- events -------------------------------------------------------------------

channel_list::verdict channel_client::hear_in_channels(const event& what) {
  return channels_->hear(what, deaf_, [this](channel_subscription& missed) {
    missed.now = phase::replaying;
    take_turn(missed);
  });
}

void channel_client::take_turn(channel_subscription& what) {
  if (!std::exchange(what.has_turn, true))
    handle_later(home_, channel_turn{what.serial});
}

void channel_client::go_on(std::uint32_t serial) {
  auto* mine = channel_of(serial);
  if (mine == nullptr)
    return;
  mine->has_turn = false;
  // The answer of a coroutine is sent behind its last words, of which this turn
  // may be one.
  if (!std::exchange(mine->is_told, true))
    return take_turn(*mine);
  if (mine->others() != nullptr)
    tell_of_others(*mine);
  if (!mine->has_history())
    return;
  mine->now = phase::replaying;
  for (auto& tell : std::exchange(mine->waiting, {}))
    tell();
  replay(*mine);
}

void channel_client::replay(channel_subscription& what) {
  if (!what.is_told || (deaf_ && !what.by_client))
    return;
  while (!what.reads && !out_.closed()) {
    if (!send_batch(what))
      return;
    if (what.is_caught_up()) {
      what.now = phase::live;
      return;
    }
    read(what);
  }
}

bool channel_client::send_batch(channel_subscription& what) {
  std::size_t bytes = 0;
  for (; what.next < what.batch.size(); ++what.next) {
    auto& next = what.batch[what.next];
    if (next.offset <= what.at.offset)
      continue;
    if (what.was_sent_before(next.offset)) {
      what.at.offset = next.offset;
      continue;
    }
    if (bytes >= max_batch_bytes) {
      take_turn(what);
      return false;
    }
    if (!out_.has_room(next.frame.size())) {
      what.waits_for_room = true;
      return false;
    }
    auto frame = channels_->replay(what, next);
    bytes += frame.size();
    if (!frame.empty())
      out_.send(frame);
  }
  what.batch.clear();
  what.next = 0;
  return true;
}

void channel_client::make_room_for_channels() {
  if (!channels_)
    return;
  for (auto& x : channels_->all())
    if (std::exchange(x->waits_for_room, false))
      replay(*x);
}

void channel_client::read(channel_subscription& what) {
  what.reads = true;
  what.sought = what.newest;
  auto asked = std::make_shared<engine_answer<history_slice>>(ctrl(),
                                                              what.serial);
  env_.history->read(what.what.text(), what.at, max_batch_bytes,
                     asked->receiver());
  if (auto answer = asked->end_of_call())
    take(what, std::move(*answer));
}

void channel_client::go_on(std::uint32_t serial,
                           caf::expected<history_slice> what) {
  auto* mine = channel_of(serial);
  if (mine == nullptr)
    return;
  take(*mine, std::move(what));
  replay(*mine);
}

void channel_client::take(channel_subscription& to,
                          caf::expected<history_slice> what) {
  to.reads = false;
  if (std::exchange(to.is_stale, false))
    return;
  if (!what) {
    log::error(title() + ": " + to.what.text()
               + ": its history cannot be read: " + trace_of(what.error()));
    return give_up(to, to.newest);
  }
  if (!what->reaches)
    return give_up(to, what->newest);
  // What was heard of and is not there is no more: another one counts now.
  if (what->events.empty() && to.newest == to.sought)
    to.newest = what->newest;
  else
    to.note(what->newest);
  to.batch = std::move(what->events);
  to.next = 0;
}

void channel_client::give_up(channel_subscription& what,
                             const history_position& newest) {
  what.note(newest);
  what.begin_at(newest);
  tell_subscribed(what, true);
}

// -- who is there -------------------------------------------------------------

caf::error channel_client::show_in(channel_subscription& what,
                                   std::string input) {
  what.presence->input(std::move(input));
  return what.presence->show(*claims_);
}

void channel_client::show_as_now(channel_subscription& what) {
  if (auto err = what.presence->show(*claims_))
    log::error(title() + ": " + what.what.text()
               + ": others do not see it: " + trace_of(err));
}

std::shared_ptr<void> channel_client::begin_list(channel_subscription& what) {
  if (what.others() == nullptr) {
    auto where = presence_change::topic_of(what.what.text());
    channels_->begin_view(what);
    changed();
    env_.application.bus.subscribe_exactly(
      caf::actor_cast<caf::strong_actor_ptr>(this), *where);
  }
  return what.others()->ask();
}

caf::error channel_client::take_list(channel_subscription& what,
                                     const presence_list& list) {
  auto err = what.others()->take(list);
  if (err)
    miss_list(what);
  return err;
}

void channel_client::miss_list(channel_subscription& what) {
  if (what.others()->is_told())
    tell_of_others(what);
  else if (what.others()->is_missed())
    end_view(what);
}

void channel_client::refuse_list(channel_subscription& what) {
  auto* others = what.others();
  if (others != nullptr && !what.by_client && !others->is_asking())
    end_view(what);
}

void channel_client::end_view(channel_subscription& what) {
  if (auto where = presence_change::topic_of(what.what.text()))
    env_.application.bus.unsubscribe_exactly(ctrl(), *where);
  channels_->end_view(what);
  changed();
}

void channel_client::tell_of_others(channel_subscription& what) {
  auto& others = *what.others();
  // It would not know what it has missed.
  if (others.is_lost())
    return close({close_code::internal_error, "internal error"});
  others.told([this](auto& frame) { out_.send(frame); });
}

// -- what the client is told --------------------------------------------------

void channel_client::tell_subscribed(const channel_subscription& what,
                                     bool lost) {
  subscribed_note note{what.what.text(), to_epoch_text(what.at.epoch),
                       what.at.offset, std::nullopt};
  if (lost)
    note.recovered = false;
  send_event({"subscribed", {to_json(note)}});
}

void channel_client::tell_unsubscribed(const channel_subscription& what) {
  unsubscribed_note note{what.what.text(), "forbidden"};
  send_event({"unsubscribed", {to_json(note)}});
}

} // namespace flamigo::detail
