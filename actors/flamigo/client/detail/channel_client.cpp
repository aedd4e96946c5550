#include "flamigo/client/detail/channel_client.hpp"

#include <utility>
#include <vector>

#include <boost/describe/class.hpp>

#include "flamigo/bus/bus.hpp"
#include "flamigo/channel/channel_registry.hpp"
#include "flamigo/client/detail/client_input.hpp"
#include "flamigo/client/detail/engine_answer.hpp"
#include "flamigo/client/detail/history_hold.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/wire/client_message.hpp"

namespace flamigo::detail {

namespace {

/// What a client is told that may not have a channel any more.
struct unsubscribed_note {
  std::string topic;
  std::string code;
};

BOOST_DESCRIBE_STRUCT(unsubscribed_note, (), (topic, code))

using phase = channel_subscription::phase;

} // namespace

// -- beginning and end --------------------------------------------------------

void channel_client::begin_wish(channel_wish& what) {
  channels().begin_wish(what);
}

void channel_client::end_wish(channel_wish& what) noexcept {
  if (channels_)
    channels_->end_wish(what);
}

channel_subscription& channel_client::begin_channel(topic what,
                                                    const channel& declared,
                                                    bool by_program) {
  auto& result = channels().add(std::move(what), declared);
  meter().add(metric::channel_subscriptions, 0, 1);
  changed();
  // First, so that whatever history does not have yet comes from there. What
  // the program has subscribed comes already, and twice would be looked for.
  if (!by_program)
    env_.application.bus.subscribe_exactly(
      caf::actor_cast<caf::strong_actor_ptr>(this), result.what);
  result.by_program = by_program;
  if (!result.has_history())
    result.now = phase::live;
  if (auto* options = declared.presence())
    result.presence = std::make_unique<channel_presence>(
      *env_.application.presence, result.what.text(), *options);
  return result;
}

void channel_client::abandon(channel_subscription& what) {
  if (what.now != phase::starting && (what.by_client || what.by_program)) {
    if (what.others() != nullptr && what.others()->is_missed())
      end_view(what);
    return;
  }
  auto goes_on = what.by_program && !out_.closed();
  topic_pattern pattern{what.what.text()};
  auto since = what.since;
  end_channel(what);
  // The client has to be told where it is, which nobody has asked for yet.
  if (goes_on)
    program_subscribed(pattern, since);
}

void channel_client::end_channel(channel_subscription& what) {
  if (what.others() != nullptr)
    end_view(what);
  env_.application.bus.unsubscribe_exactly(ctrl(), what.what);
  channels_->drop(what);
  meter().subtract(metric::channel_subscriptions, 1);
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
  channels().leave_all();
  while (!channels_->all().empty())
    end_channel(*channels_->all().back());
}

std::optional<kept_client> channel_client::kept_channels() const {
  kept_client result;
  if (!channels_)
    return result;
  for (auto& x : channels_->all()) {
    if (!x->has_history() && x->by_client)
      return std::nullopt;
    if (!x->has_history() || !(x->by_client || x->by_program))
      continue;
    auto went_back = x->sent_from < x->sent_to;
    result.channels.push_back({x->what.text(), x->by_client, x->at, x->began,
                               went_back ? x->sent_to : 0,
                               x->others() != nullptr,
                               x->input ? *x->input : std::string{}});
  }
  return result;
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
    if (!std::exchange(known->by_program, true))
      known->since = since;
    return;
  }
  auto& mine = begin_channel(std::move(*what), *declared, true);
  mine.since = since;
  if (mine.presence)
    show_as_now(mine);
  if (!mine.has_history())
    return;
  auto asked = std::make_shared<engine_answer<followed_history>>(ctrl(),
                                                                 mine.serial);
  follow_history(*env_.history, mine.what.text(), *declared->history(),
                 asked->receiver());
  if (auto answer = asked->end_of_call())
    go_on(mine.serial, std::move(*answer));
}

void channel_client::go_on(std::uint32_t serial,
                           caf::expected<followed_history> where) {
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
  mine->hold = std::move(where->hold);
  mine->note(where->newest);
  mine->begin_at(where->newest);
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

void channel_client::program_released(std::string_view pattern) {
  auto* mine = channel_at(pattern);
  if (mine == nullptr || !mine->by_client)
    return program_unsubscribed(pattern);
  mine->by_program = false;
  env_.application.bus.subscribe_exactly(
    caf::actor_cast<caf::strong_actor_ptr>(this), mine->what);
}

// -- turns and rights ---------------------------------------------------------

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

void channel_client::go_on(std::uint32_t serial) {
  auto* mine = channel_of(serial);
  if (mine == nullptr)
    return;
  mine->has_turn = false;
  // The answer of a coroutine is sent behind its last words, of which this turn
  // may be one.
  if (!std::exchange(mine->is_told, true))
    return take_turn(*mine);
  if (mine->others() != nullptr && !holds())
    tell_of_others(*mine);
  if (!mine->has_history())
    return;
  mine->now = phase::replaying;
  for (auto& tell : std::exchange(mine->waiting, {}))
    tell();
  replay(*mine);
}

void channel_client::tell_unsubscribed(const channel_subscription& what) {
  unsubscribed_note note{what.what.text(), "forbidden"};
  send_event({"unsubscribed", {to_json(note)}});
}

} // namespace flamigo::detail
