#include "faults.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <stdexcept>

#include <caf/typed_response_promise.hpp>

#include <flamigo/context/context.hpp>
#include <flamigo/strategy/call.hpp>

#include "messages.hpp"

namespace flamigo::soak {

namespace {

using promises
  = std::map<std::uint64_t, caf::typed_response_promise<std::uint32_t>>;

/// Waits for the slow actor in a way in which this connection does nothing else
/// meanwhile.
caf::result<std::uint32_t> wait_for(const caf::actor& slow,
                                    flamigo::context& ctx, const duration& in) {
  auto promise = ctx.make_promise<std::uint32_t>();
  ctx.self()
    ->request(slow, caf::infinite, in.ms)
    .await([promise](std::uint32_t ms) mutable { promise.deliver(ms); },
           [promise](caf::error& why) mutable {
             promise.deliver(std::move(why));
           });
  return promise;
}

caf::result<void> throw_later(flamigo::context& ctx) {
  auto promise = ctx.make_promise<void>();
  ctx.call_strategy<void>("app::desk:echo")
    .then([promise]() mutable { throw 42; }, [](const caf::error&) {});
  return promise;
}

} // namespace

caf::behavior snail(caf::event_based_actor* self) {
  auto waiting = std::make_shared<promises>();
  return {
    [=, last = std::uint64_t{0}](std::uint32_t ms) mutable {
      auto result = self->make_response_promise<std::uint32_t>();
      if (ms == 0)
        return result;
      waiting->emplace(++last, result);
      self->delayed_send(self, std::chrono::milliseconds{ms}, caf::tick_atom_v,
                         last);
      return result;
    },
    [=](caf::tick_atom, std::uint64_t which) {
      waiting->extract(which).mapped().deliver(std::uint32_t{1});
    },
  };
}

void add_faults(flamigo::strategy_registry& all, const caf::actor& slow) {
  all.add("app::fault:quit", [](flamigo::context& ctx) { ctx.self()->quit(); });
  all.add("app::fault:exception",
          [] { throw std::runtime_error{"a mistake of the author"}; });
  all.add("app::fault:foreign", [] { throw 42; });
  all.add("app::fault:later", throw_later);
  all.add("app::fault:wait", [slow](flamigo::context& ctx, const duration& in) {
    return wait_for(slow, ctx, in);
  });
}

} // namespace flamigo::soak
