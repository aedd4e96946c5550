#include "flamigo/client/channel_strategies.hpp"

#include <string>
#include <utility>
#include <vector>

#include <boost/describe/class.hpp>

#include "flamigo/channel/channel.hpp"
#include "flamigo/client/detail/channel_caller.hpp"
#include "flamigo/client/detail/first_answer.hpp"
#include "flamigo/client/detail/subscribe_channel.hpp"
#include "flamigo/client/websocket_client.hpp"
#include "flamigo/context/services.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/presence/presence_engine.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/task/task.hpp"

namespace flamigo {

namespace {

struct channel_input {
  std::string topic;
};

BOOST_DESCRIBE_STRUCT(channel_input, (), (topic))

struct presence_output {
  std::vector<presence_entry> presence;
};

BOOST_DESCRIBE_STRUCT(presence_output, (), (presence))

caf::error unsubscribe(context& ctx, const channel_input& in) {
  auto self = detail::client_of(ctx);
  if (!self)
    return std::move(self.error());
  auto what = detail::topic_of(in.topic);
  if (!what)
    return std::move(what.error());
  (*self)->leave_channel(what->text());
  return {};
}

task<presence_output> presence(context ctx, channel_input in) {
  auto self = detail::client_of(ctx);
  if (!self)
    co_return std::move(self.error());
  auto what = detail::topic_of(in.topic);
  if (!what)
    co_return std::move(what.error());
  auto declared = (*self)->may_subscribe(*what);
  if (!declared)
    co_return std::move(declared.error());
  if ((*declared)->presence() == nullptr)
    co_return invalid_payload({{"topic", "is a channel without presence"}});
  auto& engine = *(*self)->environment().application.presence;
  auto got = co_await detail::answer_of<presence_list>(ctx, [&](auto then) {
    engine.list(what->text(), std::move(then));
  });
  if (!got)
    co_return std::move(got.error());
  // The client may be somebody else by now.
  auto still = (*self)->may_subscribe(*what);
  if (!still)
    co_return std::move(still.error());
  presence_output out{std::move(got->entries)};
  co_return out;
}

} // namespace

void add_channel_strategies(strategy_registry& to) {
  validator guard{open_to_guests(), is_websocket()};
  to.add(to.name_of("websocket:subscribe"), guard, detail::subscribe_channel);
  to.add(to.name_of("websocket:unsubscribe"), guard, unsubscribe);
  to.add(to.name_of("websocket:presence"), guard, presence);
}

} // namespace flamigo
