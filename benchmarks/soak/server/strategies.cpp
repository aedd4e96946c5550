#include "strategies.hpp"

#include <chrono>
#include <string>
#include <thread>

#include <flamigo/client/client.hpp>
#include <flamigo/context/context.hpp>
#include <flamigo/strategy/call.hpp>

#include "messages.hpp"
#include "publishing.hpp"

namespace flamigo::soak {

namespace {

caf::result<void> close(flamigo::context& ctx, const closing& in) {
  auto who = flamigo::require_actor<flamigo::websocket_client>(ctx);
  if (!who)
    return who.error();
  who->close({in.code, "as you wish"});
  return {};
}

caf::result<flamigo::raw_json> ask_desk(flamigo::context& ctx,
                                        const flamigo::raw_json& in) {
  auto promise = ctx.make_promise<flamigo::raw_json>();
  ctx.call_strategy<flamigo::raw_json>("app::desk:echo", in)
    .then(
      [promise](flamigo::raw_json out) mutable {
        promise.deliver(std::move(out));
      },
      [promise](caf::error why) mutable { promise.deliver(std::move(why)); });
  return promise;
}

caf::result<std::uint32_t> ask_slow(const caf::actor& slow,
                                    flamigo::context& ctx, const duration& in) {
  auto promise = ctx.make_promise<std::uint32_t>();
  ctx.self()
    ->request(slow, caf::infinite, in.ms)
    .then([promise](std::uint32_t out) mutable { promise.deliver(out); },
          [promise](caf::error& why) mutable {
            promise.deliver(std::move(why));
          });
  return promise;
}

} // namespace

void add_strategies(flamigo::strategy_registry& all, const caf::actor& slow) {
  all.add("app::soak:echo", [](const flamigo::raw_json& in) { return in; });
  all.add("app::soak:ask", ask_desk);
  all.add("app::soak:slow", [slow](flamigo::context& ctx, const duration& in) {
    return ask_slow(slow, ctx, in);
  });
  all.add("app::soak:publish", publish);
  all.add("app::soak:subscribe", subscribe);
  all.add("app::soak:listen", listen);
  all.add("app::soak:blob",
          [](const quantity& in) { return std::string(in.bytes, '.'); });
  all.add("app::soak:close", close);
  // What nobody should do; then all other clients of the thread wait as well.
  all.add("app::soak:block", [](const duration& in) {
    std::this_thread::sleep_for(std::chrono::milliseconds{in.ms});
  });
}

} // namespace flamigo::soak
