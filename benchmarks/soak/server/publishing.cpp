#include "publishing.hpp"

#include <chrono>

#include <flamigo/client/client.hpp>
#include <flamigo/task/publish_sync.hpp>

#include "events.hpp"

namespace flamigo::soak {

namespace {

using namespace std::chrono_literals;

template <class F>
caf::result<void> with_client(const flamigo::context& ctx, F f) {
  auto who = flamigo::require_actor<flamigo::websocket_client>(ctx);
  if (!who)
    return who.error();
  return f(*who);
}

caf::result<std::uint64_t> publish_and_wait(flamigo::context& ctx,
                                            const numbered_event& first,
                                            const numbered_event& second) {
  auto sent = ctx.publish_sync(first, 5s);
  if (auto err = ctx.publish(second))
    return err;
  auto promise = ctx.make_promise<std::uint64_t>();
  std::move(sent).then(
    [promise, next = second.n + 1](const flamigo::publish_report&) mutable {
      promise.deliver(next);
    },
    [promise](caf::error why) mutable { promise.deliver(std::move(why)); });
  return promise;
}

} // namespace

caf::result<std::uint64_t> publish(flamigo::context& ctx,
                                   const publication& what) {
  numbered_event first{what.from, what.n};
  numbered_event second{what.from, what.n + 1};
  if (what.how == way::waiting)
    return publish_and_wait(ctx, first, second);
  if (what.how == way::plain) {
    if (auto err = ctx.publish(first))
      return err;
    return first.n + 1;
  }
  const flamigo::context copy{ctx};
  if (auto err = copy.publish(first))
    return err;
  if (auto err = ctx.publish(second))
    return err;
  return second.n + 1;
}

caf::result<void> subscribe(flamigo::context& ctx, const subscription& what) {
  return with_client(ctx, [&](flamigo::client& who) {
    return who.subscribe(what.pattern);
  });
}

caf::result<void> listen(flamigo::context& ctx, const subscription& what) {
  return with_client(ctx, [&](flamigo::client& who) {
    return who.subscribe(what.pattern,
                         [who](flamigo::context&,
                               const numbered_event& heard) mutable {
                           who.send("soak:heard", heard);
                         });
  });
}

} // namespace flamigo::soak
