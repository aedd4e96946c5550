#include "flamigo/client/detail/history_client.hpp"

#include <optional>
#include <utility>

#include <boost/describe/class.hpp>

#include "flamigo/client/detail/client_input.hpp"
#include "flamigo/client/detail/engine_answer.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/history/detail/channel_epoch.hpp"
#include "flamigo/log/log.hpp"
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

using phase = channel_subscription::phase;

} // namespace

void history_client::begin_replay(channel_subscription& what) {
  if (!what.has_history() && what.others() == nullptr)
    return;
  // What is published from here on comes behind that.
  what.is_told = false;
  if (what.has_history() && what.now == phase::live)
    what.now = phase::replaying;
  take_turn(what);
}

std::vector<channel_position> history_client::positions() const {
  std::vector<channel_position> result;
  if (!channels_)
    return result;
  for (auto& x : channels_->all())
    if (x->has_history() && x->at.epoch != 0 && (x->by_client || x->by_program))
      result.push_back(
        {x->what.text(), to_epoch_text(x->at.epoch), x->at.offset});
  return result;
}

channel_list::verdict history_client::hear_in_channels(const event& what) {
  return channels_->hear(what, deaf_, [this](channel_subscription& missed) {
    missed.now = phase::replaying;
    take_turn(missed);
  });
}

void history_client::take_turn(channel_subscription& what) {
  if (!std::exchange(what.has_turn, true))
    handle_later(home_, channel_turn{what.serial});
}

void history_client::hold_channels(bool value) {
  holds_ = value;
  if (!holds_ && channels_)
    for (auto& x : channels_->all())
      if (x->now != phase::starting)
        take_turn(*x);
}

void history_client::replay(channel_subscription& what) {
  if (holds_ || !what.is_told || (deaf_ && !what.by_client))
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

bool history_client::send_batch(channel_subscription& what) {
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
      out_.send_kept(frame, next.base.size(), next.bytes);
  }
  what.batch.clear();
  what.next = 0;
  return true;
}

void history_client::make_room_for_channels() {
  if (!channels_)
    return;
  for (auto& x : channels_->all())
    if (std::exchange(x->waits_for_room, false))
      replay(*x);
}

void history_client::read(channel_subscription& what) {
  what.reads = true;
  what.sought = what.newest;
  auto asked = std::make_shared<engine_answer<history_slice>>(ctrl(),
                                                              what.serial);
  env_.history->read(what.what.text(), what.at, max_batch_bytes,
                     asked->receiver());
  if (auto answer = asked->end_of_call())
    take(what, std::move(*answer));
}

void history_client::go_on(std::uint32_t serial,
                           caf::expected<history_slice> what) {
  auto* mine = channel_of(serial);
  if (mine == nullptr)
    return;
  take(*mine, std::move(what));
  replay(*mine);
}

void history_client::take(channel_subscription& to,
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

void history_client::give_up(channel_subscription& what,
                             const history_position& newest) {
  what.note(newest);
  what.begin_at(newest);
  tell_subscribed(what, true);
}

void history_client::tell_subscribed(const channel_subscription& what,
                                     bool lost) {
  subscribed_note note{what.what.text(), to_epoch_text(what.at.epoch),
                       what.at.offset, std::nullopt};
  if (lost)
    note.recovered = false;
  send_event({"subscribed", {to_json(note)}});
}

} // namespace flamigo::detail
