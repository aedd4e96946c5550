#include "flamigo/client/channel_strategies.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <boost/describe/class.hpp>

#include <caf/event_based_actor.hpp>

#include "flamigo/bus/bus.hpp"
#include "flamigo/channel/channel.hpp"
#include "flamigo/client/detail/channel_epoch.hpp"
#include "flamigo/client/detail/first_answer.hpp"
#include "flamigo/client/websocket_client.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/json/raw_json.hpp"
#include "flamigo/strategy/call.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/task/callback.hpp"
#include "flamigo/task/ok.hpp"

namespace flamigo {

namespace {

struct since_input {
  std::string epoch;
  std::uint64_t offset;
};

BOOST_DESCRIBE_STRUCT(since_input, (), (epoch, offset))

struct subscribe_input {
  std::string topic;
  std::optional<since_input> since;
  std::optional<raw_json> input;
  std::optional<bool> presence;
};

BOOST_DESCRIBE_STRUCT(subscribe_input, (), (topic, since, input, presence))

struct subscribe_output {
  std::string topic;
  std::optional<std::string> epoch;
  std::optional<std::uint64_t> offset;
  std::optional<bool> recovered;
  std::optional<raw_json> result;
};

BOOST_DESCRIBE_STRUCT(subscribe_output, (),
                      (topic, epoch, offset, recovered, result))

struct unsubscribe_input {
  std::string topic;
};

BOOST_DESCRIBE_STRUCT(unsubscribe_input, (), (topic))

caf::expected<topic> topic_of(const std::string& text) {
  auto result = topic::parse(text);
  if (!result)
    return invalid_payload({{"topic", public_message(result.error())}});
  return result;
}

caf::expected<websocket_client*> client_of(const context& ctx) {
  auto who = caf::actor_cast<caf::abstract_actor*>(ctx.actor().handle);
  if (who != ctx.self())
    return internal_error("a client subscribes in its own actor: by itself, or "
                          "by an inline strategy that it has called");
  return static_cast<websocket_client*>(ctx.self());
}

/// What a client waits for. Ends a subscription that does not come about.
class wished_channel {
public:
  wished_channel(websocket_client& self, std::string topic)
    : self_(self), what_{std::move(topic)} {
    self.begin_wish(what_);
  }

  wished_channel(const wished_channel&) = delete;

  wished_channel& operator=(const wished_channel&) = delete;

  ~wished_channel() {
    self_.end_wish(what_);
    // There is no such serial when nothing has begun.
    if (auto* what = self_.channel_of(serial_))
      self_.end_channel(*what);
  }

  bool is_wanted() const noexcept {
    return what_.is_wanted;
  }

  void begun(std::uint32_t serial) noexcept {
    serial_ = serial;
  }

  void finish() noexcept {
    serial_ = 0;
  }

private:
  websocket_client& self_;
  detail::channel_wish what_;
  std::uint32_t serial_ = 0;
};

caf::error check_count(const websocket_client& self) {
  auto& env = self.environment();
  if (env.application.bus.subscriptions(self.ctrl())
      < env.options.max_subscriptions)
    return {};
  return make_error(errc::too_many_requests, "too many subscriptions");
}

caf::error ended_meanwhile() {
  return make_error(errc::cancelled, "the subscription has ended meanwhile");
}

/// Waits until a channel that has begun for the client has a position. Null if
/// there is none.
task<detail::channel_subscription*>
settled_channel(context ctx, websocket_client& self, std::string topic) {
  for (;;) {
    auto* known = self.channel_at(topic);
    if (known == nullptr
        || known->now != detail::channel_subscription::phase::starting)
      co_return known;
    auto begun = co_await callback(ctx, [known](auto done) {
      known->waiting.push_back(std::move(done));
    });
    // Else it has not come about: it is gone, and this one may.
    if (!begun
        && (ctx.cancelled() || begun.error() == errc::timeout
            || self.channel_at(topic) != nullptr))
      co_return begun.error();
  }
}

/// Runs what is to run before a subscription, which may take its time.
task<raw_json> join(context ctx, std::string name, std::string topic,
                    std::string input) {
  co_return co_await pending_call<raw_json>{
    ctx, detail::begin_call(ctx, name, input, topic)};
}

/// Where the client begins, and what it is told of that.
task<void> place(context ctx, websocket_client& self, std::uint32_t serial,
                 std::optional<since_input> since, subscribe_output& out) {
  auto& engine = *self.environment().history;
  auto* mine = self.channel_of(serial);
  auto topic = mine->what.text();
  auto limits = *mine->declared->history();
  auto newest = co_await detail::answer_of<history_position>(
    ctx, [&](auto then) { engine.follow(topic, limits, std::move(then)); });
  if (!newest)
    co_return std::move(newest.error());
  mine = self.channel_of(serial);
  if (mine == nullptr)
    co_return ended_meanwhile();
  mine->note(*newest);
  mine->begin_at(*newest);
  if (since) {
    history_position after{detail::epoch_of(since->epoch), since->offset};
    auto got = co_await detail::answer_of<history_slice>(ctx, [&](auto then) {
      engine.read(topic, after, detail::channel_client::max_batch_bytes,
                  std::move(then));
    });
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
  out.epoch = detail::to_epoch_text(mine->newest.epoch);
  out.offset = mine->newest.offset;
  co_return ok;
}

/// The same for one that the client has already: what it was sent over this
/// connection it is not sent again.
task<void> place_again(context ctx, websocket_client& self,
                       std::uint32_t serial, std::optional<since_input> since,
                       subscribe_output& out) {
  auto* mine = self.channel_of(serial);
  if (since) {
    history_position after{detail::epoch_of(since->epoch), since->offset};
    if (after.epoch == mine->at.epoch && after.offset >= mine->began
        && after.offset <= mine->at.offset) {
      out.recovered = true;
    } else {
      auto topic = mine->what.text();
      auto got = co_await detail::answer_of<history_slice>(ctx, [&](auto then) {
        self.environment().history->read(
          topic, after, detail::channel_client::max_batch_bytes,
          std::move(then));
      });
      if (!got)
        co_return std::move(got.error());
      mine = self.channel_of(serial);
      if (mine == nullptr)
        co_return ended_meanwhile();
      // Once at a time: what it was sent before is known of one stretch.
      out.recovered = got->reaches && mine->sent_to <= mine->at.offset;
      if (*out.recovered)
        mine->begin_again_at(after, std::move(got->events));
    }
  }
  out.epoch = detail::to_epoch_text(mine->at.epoch);
  out.offset = out.recovered.value_or(false) ? mine->newest.offset
                                             : mine->at.offset;
  co_return ok;
}

task<subscribe_output> subscribe(context ctx, subscribe_input in) {
  auto self = client_of(ctx);
  if (!self)
    co_return std::move(self.error());
  auto& me = **self;
  auto what = topic_of(in.topic);
  if (!what)
    co_return std::move(what.error());
  auto declared = me.may_subscribe(*what);
  if (!declared)
    co_return std::move(declared.error());
  subscribe_output out;
  out.topic = what->text();
  wished_channel mine{me, out.topic};
  auto known = co_await settled_channel(ctx, me, out.topic);
  if (!known)
    co_return std::move(known.error());
  if (*known == nullptr) {
    if (auto err = check_count(me))
      co_return err;
    if (auto& name = (*declared)->options().join; !name.empty()) {
      auto input = in.input.value_or(raw_json{});
      auto joined = co_await join(ctx, name, out.topic, input.text);
      if (!joined)
        co_return std::move(joined.error());
      out.result = std::move(*joined);
      // The client may be somebody else by now, or have done the same twice.
      declared = me.may_subscribe(*what);
      if (!declared)
        co_return std::move(declared.error());
      known = co_await settled_channel(ctx, me, out.topic);
      if (!known)
        co_return std::move(known.error());
    }
  }
  if (*known != nullptr) {
    if ((*known)->has_history()) {
      auto serial = (*known)->serial;
      auto placed = co_await place_again(ctx, me, serial, in.since, out);
      if (!placed)
        co_return placed.error();
      known = me.channel_of(serial);
    } else if (in.since) {
      out.recovered = false;
    }
    // While it waited; else it stays as it was.
    auto still = me.may_subscribe(*what);
    if (still && mine.is_wanted())
      (*known)->by_client = true;
    me.begin_replay(**known);
    if (!still)
      co_return std::move(still.error());
    if (!mine.is_wanted())
      co_return ended_meanwhile();
    co_return out;
  }
  if (!mine.is_wanted())
    co_return ended_meanwhile();
  if (auto err = check_count(me))
    co_return err;
  auto serial = me.begin_channel(*what, **declared).serial;
  mine.begun(serial);
  if (me.channel_of(serial)->has_history()) {
    auto placed = co_await place(ctx, me, serial, in.since, out);
    if (!placed)
      co_return placed.error();
    // While it waited.
    if (auto still = me.may_subscribe(*what); !still)
      co_return std::move(still.error());
    if (!mine.is_wanted())
      co_return ended_meanwhile();
  } else if (in.since) {
    out.recovered = false;
  }
  auto* begun = me.channel_of(serial);
  begun->by_client = true;
  me.begin_replay(*begun);
  mine.finish();
  co_return out;
}

caf::error unsubscribe(context& ctx, const unsubscribe_input& in) {
  auto self = client_of(ctx);
  if (!self)
    return std::move(self.error());
  auto what = topic_of(in.topic);
  if (!what)
    return std::move(what.error());
  (*self)->leave_channel(what->text());
  return {};
}

} // namespace

void add_channel_strategies(strategy_registry& to) {
  validator guard{open_to_guests(), is_websocket()};
  to.add(to.name_of("websocket:subscribe"), guard, subscribe);
  to.add(to.name_of("websocket:unsubscribe"), guard, unsubscribe);
}

} // namespace flamigo
