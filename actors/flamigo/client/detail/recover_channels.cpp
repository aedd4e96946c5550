#include "flamigo/client/detail/recover_channels.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <boost/describe/class.hpp>

#include "flamigo/client/detail/subscribe_channel.hpp"
#include "flamigo/client/websocket_client.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/history/detail/channel_epoch.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/strategy/call.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/task/ok.hpp"
#include "flamigo/wire/client_message.hpp"

namespace flamigo::detail {

namespace {

/// Who is in a channel now, for a client that is not told what has changed.
struct presence_note {
  std::string topic;
  std::vector<presence_entry> presence;
};

BOOST_DESCRIBE_STRUCT(presence_note, (), (topic, presence))

/// What the client has subscribed to by itself.
task<void> subscribe_once_more(context ctx, const kept_channel& what,
                               std::vector<presence_note>& lists) {
  subscribe_input in{what.topic,
                     since_input{to_epoch_text(what.at.epoch), what.at.offset},
                     {},
                     {}};
  if (!what.input.empty())
    in.input = raw_json{what.input};
  if (what.presence)
    in.presence = true;
  auto name = ctx.strategies().name_of("websocket:subscribe");
  auto called = ctx.call_strategy<subscribe_output>(name, in);
  auto out = co_await std::move(called);
  if (!out)
    co_return std::move(out.error());
  if (!out->recovered.value_or(false))
    co_return make_error(errc::unavailable, "", "its history has gone on");
  if (out->presence)
    lists.push_back({what.topic, std::move(*out->presence)});
  co_return ok;
}

task<void> recover_channel(context ctx, websocket_client& self,
                           const kept_channel& what,
                           std::vector<presence_note>& lists) {
  auto done = caf::expected<void>{caf::unit};
  if (what.by_client)
    done = co_await subscribe_once_more(ctx, what, lists);
  else
    done = co_await go_back(ctx, self, what.topic, what.at);
  auto* mine = self.channel_at(what.topic);
  if (!done)
    co_return wrap(done.error(), what.topic);
  if (mine == nullptr)
    co_return make_error(errc::unavailable, "", what.topic + " has ended");
  // What it was sent before it is not sent under another one, either.
  mine->began = std::min(mine->began, what.began);
  co_return ok;
}

} // namespace

task<void> recover_channels(context ctx, websocket_client& self,
                            kept_client what, std::function<void(bool)> then) {
  std::vector<presence_note> lists;
  caf::error why;
  for (auto& x : what.channels) {
    auto done = co_await recover_channel(ctx, self, x, lists);
    if (!done) {
      why = done.error();
      break;
    }
  }
  if (why)
    for (auto& x : what.channels)
      self.leave_channel(x.topic);
  else
    for (auto& x : lists)
      self.send_event({"presence", {to_json(x)}});
  then(!why);
  self.hold_channels(false);
  if (why)
    co_return why;
  co_return ok;
}

} // namespace flamigo::detail
