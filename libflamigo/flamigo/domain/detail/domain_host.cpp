#include "flamigo/domain/detail/domain_host.hpp"

#include <algorithm>
#include <chrono>

#include "flamigo/bus/detail/wake_batch.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo::detail {

namespace {

/// How long the strategies may take that a listener calls.
constexpr std::chrono::seconds event_call_timeout{10};

} // namespace

domain_host::domain_host(caf::actor_config& cfg, const flamigo::services& what)
  : enduring_actor(cfg), services_(what) {
}

domain_host::~domain_host() = default;

std::string domain_host::domain() const {
  auto& all = behavior_.strategies();
  if (all.empty())
    return name();
  auto& first = all.front().name;
  return first.substr(0, first.rfind(':'));
}

std::string domain_host::title() const {
  return behavior_.strategies().empty()
           ? "the domain actor \"" + domain() + "\""
           : "the domain actor of " + domain();
}

caf::resumable::resume_result domain_host::resume(caf::execution_unit* unit,
                                                  std::size_t max_throughput) {
  wake_batch together;
  return caf::event_based_actor::resume(unit, max_throughput);
}

caf::behavior domain_host::make_behavior() {
  if (failure_) {
    quit(caught(failure_));
    return {};
  }
  caf::message_handler own{
    [this](invocation& what) { return run(what); },
    [this](const event_ptr& what) -> caf::result<void> {
      // Whoever has not asked must not hear of it: an error that comes back as
      // a message ends an actor.
      if (auto err = listen_to(*what);
          err && current_mailbox_element()->mid.is_request())
        return err;
      return caf::unit;
    },
  };
  return own.or_else(behavior_.messages());
}

caf::result<strategy_reply> domain_host::run(invocation& what) {
  what.place = queue_ticket{};
  // Whoever asked has been told so already; the work would be for nothing.
  if (what.ctx.deadline() <= clock().now())
    return make_error(errc::timeout);
  auto ctx = what.ctx.enter(*this, *this);
  strategy_reply reply;
  auto result
    = behavior_.strategies()[what.index].handlers->invoke(ctx, reply.payload);
  switch (result.what()) {
    case outcome::kind::done:
      return reply;
    case outcome::kind::deferred:
      return caf::delegated<strategy_reply>{};
    default:
      return std::move(result.error());
  }
}

// -- the bus ------------------------------------------------------------------

void domain_host::subscribe(std::string_view pattern, event_filter filter) {
  auto where = services_.bus.group(pattern);
  auto [i, is_new] = subscriptions_.try_emplace(std::string{pattern}, filter);
  if (!is_new && i->second == event_filter::client_events)
    --filtered_;
  i->second = filter;
  if (filter == event_filter::client_events)
    ++filtered_;
  if (is_new)
    join(where);
}

void domain_host::unsubscribe(std::string_view pattern) {
  auto i = subscriptions_.find(pattern);
  if (i == subscriptions_.end())
    return;
  if (i->second == event_filter::client_events)
    --filtered_;
  subscriptions_.erase(i);
  leave(services_.bus.group(pattern));
}

caf::error domain_host::listen_to(const event& what) {
  if (!wants(what))
    return {};
  flamigo::context ctx{{&what.cause(), "event", "null",
                        clock().now() + event_call_timeout, this, &services_,
                        nullptr}};
  caf::error result;
  for (auto& part : behavior_.listeners())
    if (auto err = part.handle(ctx, what)) {
      log::error(title() + ": " + trace_of(err));
      if (!result)
        result = std::move(err);
    }
  return result;
}

bool domain_host::wants(const event& what) const {
  if (filtered_ == 0 || what.is_for_clients())
    return true;
  return std::any_of(
    subscriptions_.begin(), subscriptions_.end(), [&what](auto& entry) {
      topic_pattern pattern{entry.first};
      auto& topics = what.topics();
      return entry.second == event_filter::all
             && std::any_of(topics.begin(), topics.end(),
                            [&](auto& x) { return pattern.matches(x); });
    });
}

acting_actor domain_host::this_actor() {
  return {caf::actor_cast<caf::actor>(this), backend_claims()};
}

reply_address domain_host::defer() {
  // Taking the promise keeps CAF from answering when the handler returns.
  auto promise = make_response_promise();
  return {promise.source(), promise.id().response_id()};
}

} // namespace flamigo::detail
