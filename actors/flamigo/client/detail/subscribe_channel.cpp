#include "flamigo/client/detail/subscribe_channel.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "flamigo/bus/bus.hpp"
#include "flamigo/channel/channel.hpp"
#include "flamigo/client/detail/channel_caller.hpp"
#include "flamigo/client/detail/first_answer.hpp"
#include "flamigo/client/detail/history_hold.hpp"
#include "flamigo/client/detail/subscribing.hpp"
#include "flamigo/client/websocket_client.hpp"
#include "flamigo/context/services.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/history/detail/channel_epoch.hpp"
#include "flamigo/presence/presence_change.hpp"
#include "flamigo/presence/presence_engine.hpp"
#include "flamigo/strategy/call.hpp"
#include "flamigo/task/callback.hpp"
#include "flamigo/task/ok.hpp"
#include "flamigo/task/sleep.hpp"

namespace flamigo::detail {

namespace {

using std::chrono::milliseconds;

/// How long a client that has seen more than there is waits for the rest.
constexpr milliseconds catching_up{2'000};
constexpr milliseconds catching_up_step{50};

/// Whether the client may have so many subscriptions more.
caf::error check_count(const websocket_client& self, std::size_t more) {
  auto& env = self.environment();
  if (env.application.bus.subscriptions(self.ctrl()) + more
      <= env.options.max_subscriptions)
    return {};
  return make_error(errc::too_many_requests, "too many subscriptions");
}

/// Waits until a channel that has begun for the client has a position. Null if
/// there is none.
task<channel_subscription*> settled_channel(context ctx, websocket_client& self,
                                            std::string topic) {
  for (;;) {
    auto* known = self.channel_at(topic);
    if (known == nullptr || known->now != channel_subscription::phase::starting)
      co_return known;
    auto serial = known->serial;
    auto begun = co_await callback(ctx, [known](auto done) {
      known->waiting.push_back(std::move(done));
    });
    // Else it has not come about: it is gone, and this one may, or the next of
    // those who wait.
    if (!begun
        && (ctx.cancelled() || begun.error() == errc::timeout
            || self.channel_of(serial) != nullptr))
      co_return begun.error();
  }
}

/// Whether a client has seen more of a topic than there is.
bool is_ahead(const history_position& it, const history_position& newest) {
  return it.epoch == newest.epoch && it.offset > newest.offset;
}

/// As much of a history as is read at once, behind a position. A function,
/// since g++ 12 destroys twice what a lambda has captured that stands behind
/// co_await.
task<history_slice> read_once(context ctx, websocket_client& self,
                              const std::string& topic,
                              history_position after) {
  return answer_of<history_slice>(ctx, [engine = self.environment().history,
                                        topic, after](auto then) {
    engine->read(topic, after, history_client::max_batch_bytes,
                 std::move(then));
  });
}

/// The same, for a subscription. Of several nodes this one may have read less
/// than the one where the client was: it is waited for a moment, as long as the
/// client has not wished otherwise, and in time for an answer.
task<history_slice>
read_behind(context ctx, websocket_client& self, std::uint32_t serial,
            const wished_channel* wish, const std::string& topic,
            history_position after) {
  auto left = std::min<caf::timespan>(
    catching_up, (ctx.deadline() - self.clock().now()) / 2);
  for (;; left -= catching_up_step) {
    auto got = co_await read_once(ctx, self, topic, after);
    if (!got || !is_ahead(after, got->newest) || left <= left.zero())
      co_return got;
    if (auto slept = co_await sleep(ctx, catching_up_step); !slept)
      co_return slept.error();
    if (self.channel_of(serial) == nullptr || (wish && !wish->is_wanted()))
      co_return ended_meanwhile();
  }
}

/// Where the client begins, and what it is told of that.
task<void> place(context ctx, subscribing& me, std::uint32_t serial) {
  auto& self = me.self;
  auto& out = me.out;
  auto& engine = *self.environment().history;
  auto* mine = self.channel_of(serial);
  auto topic = mine->what.text();
  auto limits = *mine->declared->history();
  auto followed = co_await answer_of<followed_history>(ctx, [&](auto then) {
    follow_history(engine, topic, limits, std::move(then));
  });
  if (!followed)
    co_return std::move(followed.error());
  mine = self.channel_of(serial);
  if (mine == nullptr)
    co_return ended_meanwhile();
  mine->hold = std::move(followed->hold);
  mine->note(followed->newest);
  mine->begin_at(followed->newest);
  if (me.in.since) {
    auto after = me.since();
    auto got = co_await read_behind(ctx, self, serial, &me.wish, topic, after);
    if (!got)
      co_return std::move(got.error());
    mine = self.channel_of(serial);
    if (mine == nullptr)
      co_return ended_meanwhile();
    mine->note(got->newest);
    mine->begin_at(got->reaches ? after : got->newest);
    mine->batch = std::move(got->events);
    out.recovered = got->reaches;
  }
  out.epoch = to_epoch_text(mine->newest.epoch);
  out.offset = mine->newest.offset;
  co_return ok;
}

/// Whether this connection gets, or has had, all that came after a position.
bool goes_on_behind(const channel_subscription& mine,
                    const history_position& after) noexcept {
  return after.epoch == mine.at.epoch && after.offset >= mine.began
         && after.offset <= mine.at.offset;
}

/// The same for one that the client has already: what it was sent over this
/// connection it is not sent again. `behind` is what was read of it, or null.
void place_again(subscribing& me, channel_subscription& mine,
                 history_slice* behind) {
  auto& out = me.out;
  if (me.in.since) {
    auto after = me.since();
    out.recovered = mine.has_history() && goes_on_behind(mine, after);
    // Once at a time: what it was sent before is known of one stretch.
    if (!*out.recovered && behind != nullptr && behind->reaches
        && mine.sent_to <= mine.at.offset) {
      out.recovered = true;
      mine.begin_again_at(after, std::move(behind->events));
    }
  }
  if (!mine.has_history())
    return;
  out.epoch = to_epoch_text(mine.at.epoch);
  out.offset = out.recovered.value_or(false) ? mine.newest.offset
                                             : mine.at.offset;
}

/// Asks who is there, for a client that is to hear of changes from then on.
task<void> list_others(context ctx, subscribing& me, std::uint32_t serial) {
  auto& self = me.self;
  auto topic = self.channel_of(serial)->what.text();
  // Others may have taken what there was.
  if (self.channel_of(serial)->others() == nullptr)
    if (auto err = check_count(self, 1))
      co_return err;
  std::shared_ptr<void> asked = self.begin_list(*self.channel_of(serial));
  auto got = co_await answer_of<presence_list>(ctx, [&](auto then) {
    self.environment().application.presence->list(topic, std::move(then));
  });
  auto* mine = self.channel_of(serial);
  auto* others = mine != nullptr ? mine->others() : nullptr;
  // The client may have left, and come again.
  if (others == nullptr || others->ask() != asked)
    co_return ended_meanwhile();
  asked.reset();
  if (!got) {
    self.miss_list(*mine);
    co_return std::move(got.error());
  }
  // Nothing is taken that the client will not be told.
  auto why = me.check();
  if (!why)
    why = self.take_list(*mine, *got);
  else
    self.miss_list(*mine);
  if (why)
    co_return why;
  me.out.presence = std::move(got->entries);
  co_return ok;
}

/// Runs what the channel wants to have run before.
task<void> join(context ctx, subscribing& me) {
  auto& name = me.declared->options().join;
  auto input = me.in.input.value_or(raw_json{});
  pending_call<raw_json> called{ctx, begin_call(ctx, name, input.text,
                                                me.out.topic)};
  auto joined = co_await std::move(called);
  if (!joined)
    co_return std::move(joined.error());
  me.out.result = std::move(*joined);
  co_return ok;
}

/// For a client that has it already, and stays as it was if that fails.
task<void> subscribe_again(context ctx, subscribing& me,
                           channel_subscription& known) {
  auto serial = known.serial;
  if (me.asks_for_others() && known.others() == nullptr)
    if (auto err = check_count(me.self, 1))
      co_return err;
  // Of what the program knew it could not be.
  if (known.presence && !known.presence->is_seen())
    if (auto err = me.show(known))
      co_return err;
  std::unique_ptr<history_slice> behind;
  if (known.has_history() && me.in.since
      && !goes_on_behind(known, me.since())) {
    auto got = co_await read_behind(ctx, me.self, serial, &me.wish,
                                    me.what.text(), me.since());
    if (!got)
      co_return std::move(got.error());
    behind = std::make_unique<history_slice>(std::move(*got));
    if (me.self.channel_of(serial) == nullptr)
      co_return ended_meanwhile();
  }
  caf::error missed;
  if (me.asks_for_others()) {
    auto listed = co_await list_others(ctx, me, serial);
    if (!listed)
      missed = listed.error();
  }
  auto* mine = me.self.channel_of(serial);
  if (mine == nullptr)
    co_return ended_meanwhile();
  auto why = me.check();
  if (!why)
    why = std::move(missed);
  if (!why) {
    me.wanted_by_client(*mine);
    // Not before: it may go on only as the program's.
    place_again(me, *mine, behind.get());
  }
  me.self.begin_replay(*mine);
  if (why)
    co_return why;
  co_return ok;
}

task<void> subscribe_anew(context ctx, subscribing& me) {
  if (auto err = check_count(me.self, me.price()))
    co_return err;
  auto serial = me.self.begin_channel(me.what, *me.declared).serial;
  me.wish.begun(serial);
  if (me.declared->history() != nullptr) {
    auto placed = co_await place(ctx, me, serial);
    if (!placed)
      co_return placed.error();
  } else if (me.in.since) {
    me.out.recovered = false;
  }
  if (me.declared->presence() != nullptr)
    if (auto err = me.show(*me.self.channel_of(serial)))
      co_return err;
  if (me.asks_for_others()) {
    auto listed = co_await list_others(ctx, me, serial);
    if (!listed)
      co_return listed.error();
  }
  if (auto err = me.check())
    co_return err;
  auto* mine = me.self.channel_of(serial);
  if (mine == nullptr)
    co_return ended_meanwhile();
  me.wanted_by_client(*mine);
  me.self.begin_replay(*mine);
  me.wish.finish();
  co_return ok;
}

} // namespace

task<void> go_back(context ctx, websocket_client& self, std::string topic,
                   history_position after) {
  auto known = co_await settled_channel(ctx, self, topic);
  if (!known)
    co_return std::move(known.error());
  if (*known == nullptr || !(*known)->has_history())
    co_return make_error(errc::unavailable, "",
                         "the program has not subscribed the client again");
  auto serial = (*known)->serial;
  auto got = co_await read_behind(ctx, self, serial, nullptr, topic, after);
  if (!got)
    co_return std::move(got.error());
  auto* mine = self.channel_of(serial);
  if (mine == nullptr)
    co_return ended_meanwhile();
  if (!got->reaches)
    co_return make_error(errc::unavailable, "", "its history has gone on");
  mine->note(got->newest);
  mine->begin_again_at(after, std::move(got->events));
  self.begin_replay(*mine);
  co_return ok;
}

task<subscribe_output> subscribe_channel(context ctx, subscribe_input in) {
  auto self = client_of(ctx);
  if (!self)
    co_return std::move(self.error());
  auto what = topic_of(in.topic);
  if (!what)
    co_return std::move(what.error());
  auto declared = (*self)->may_subscribe(*what);
  if (!declared)
    co_return std::move(declared.error());
  if ((*declared)->presence() != nullptr
      && !presence_change::topic_of(in.topic))
    co_return invalid_payload({{"topic", "is too long"}});
  subscribe_output out;
  out.topic = in.topic;
  subscribing me{**self,    std::move(*what),
                 *declared, in,
                 out,       wished_channel{**self, in.topic}};
  auto known = co_await settled_channel(ctx, me.self, in.topic);
  if (!known)
    co_return std::move(known.error());
  if (*known == nullptr && !(*declared)->options().join.empty()) {
    if (auto err = check_count(me.self, me.price()))
      co_return err;
    auto joined = co_await join(ctx, me);
    if (!joined)
      co_return joined.error();
    // The client may be somebody else by now, or have done the same twice.
    if (auto err = me.check())
      co_return err;
    known = co_await settled_channel(ctx, me.self, in.topic);
    if (!known)
      co_return std::move(known.error());
  }
  if (auto err = me.check())
    co_return err;
  auto done = caf::expected<void>{caf::unit};
  if (*known != nullptr)
    done = co_await subscribe_again(ctx, me, **known);
  else
    done = co_await subscribe_anew(ctx, me);
  if (!done)
    co_return done.error();
  co_return out;
}

} // namespace flamigo::detail
