#include "flamigo/domain/detail/domain_host.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <stdexcept>

#include "flamigo/bus/detail/wake_batch.hpp"
#include "flamigo/context/detail/call_notice.hpp"
#include "flamigo/context/detail/late_reply.hpp"
#include "flamigo/domain/detail/client_ties.hpp"
#include "flamigo/domain/detail/event_answer.hpp"
#include "flamigo/domain/detail/event_queue.hpp"
#include "flamigo/domain/domain_health.hpp"
#include "flamigo/domain/domain_term.hpp"
#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"
#include "flamigo/log/detail/log_origin.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/task/detail/no_sink.hpp"
#include "flamigo/task/detail/pour.hpp"

namespace flamigo::detail {

namespace {

/// Between two lines on events that were lost.
constexpr std::chrono::seconds report_interval{1};

/// The one that this thread runs.
constinit thread_local domain_host* current_host = nullptr;

/// It is an event's turn.
using next_event_atom = caf::atom_constant<caf::atom("next_event")>;

/// Whether a message has been published, and is not the answer to a request.
template <class Content>
bool is_event(caf::message_id id, const Content& content) {
  return !id.is_response() && content.template match_elements<event_ptr>();
}

/// `app::orders/3` for a shard.
std::string name_in(std::string domain, const shard_place& where) {
  if (where.count > 0 && !domain.empty())
    domain += "/" + std::to_string(where.index);
  return domain;
}

} // namespace

caf::event_based_actor* running_domain() noexcept {
  return current_host;
}

domain_host::domain_host(caf::actor_config& cfg, const flamigo::services& what,
                         const hosting_options& options)
  : enduring_actor(cfg), services_(what), shard_(options.shard),
    term_(options.term), domain_(name_in(options.name, options.shard)),
    max_events_(options.max_queued_events),
    overflow_(options.when_events_overflow) {
  if (!options.keep_client_subscriptions)
    ties_ = std::make_unique<client_ties>();
}

domain_host::~domain_host() = default;

std::string domain_host::domain() const {
  return domain_.empty() ? name() : domain_;
}

std::string domain_host::title() const {
  return title_.empty() ? "the domain actor \"" + domain() + "\"" : title_;
}

std::uint64_t domain_host::fencing_token() const noexcept {
  return term_ ? term_->token() : 0;
}

bool domain_host::is_over() const noexcept {
  return term_ && !term_->lasts();
}

void domain_host::name_itself() {
  // Kept: other threads say it, and when the state is gone, which has the name.
  if (auto& all = behavior_.strategies(); domain_.empty()) {
    auto first = all.empty() ? std::string{} : all.front().name;
    auto name = all.empty() ? this->name() : first.substr(0, first.rfind(':'));
    domain_ = name_in(std::move(name), shard_);
    if (!all.empty())
      title_ = "the domain actor of " + domain_;
  }
  // Claims that were made before have another one.
  mine_ = nullptr;
}

void domain_host::wrap_strategies() {
  for (auto& x : behavior_.strategies())
    handlers_.push_back(
      {services_.strategies.arounds().wrap(x.name, x.handlers), x.is_detached});
  // Behind them, as its supervisor asks for it.
  if (auto& last = behavior_.last())
    handlers_.push_back({last, false});
}

caf::resumable::resume_result domain_host::resume(caf::execution_unit* unit,
                                                  std::size_t max_throughput) {
  // One that has a thread of its own may block in the middle.
  std::optional<wake_batch> together;
  if (!getf(is_detached_flag))
    together.emplace();
  current_host = this;
  auto result = caf::event_based_actor::resume(unit, max_throughput);
  current_host = nullptr;
  return result;
}

caf::actor_id domain_host::tie(const caf::actor& client,
                               client_ties::release how) {
  if (current_host == nullptr || !current_host->ties_)
    return 0;
  current_host->ties_->add(client, how);
  return current_host->id();
}

caf::behavior domain_host::make_behavior() {
  if (failure_) {
    quit(caught(failure_));
    return {};
  }
  caf::message_handler own{
    [this](invocation& what) { return run(what); },
    [this](const stream_pull& what) -> caf::result<strategy_reply> {
      what.of->pull(what.credit, defer());
      return caf::delegated<strategy_reply>{};
    },
    [this](next_event_atom) { handle_next_event(); },
    [](const call_notice& what) { what.apply(); },
    // Only the first ones, of a topic that the function has joined by itself.
    [this](const event_ptr& what) -> caf::result<void> {
      expect_events();
      // Whoever has not asked must not hear of it: an error that comes back as
      // a message ends an actor.
      event_answer later{*this, {}};
      auto err = listen_to(*what, later);
      if (later.is_open(err))
        return caf::delegated<void>{};
      if (err && current_mailbox_element()->mid.is_request())
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
  if (what.ctx.cancelled())
    return make_error(what.ctx.ends_by());
  // What it does last is for its own store, which looks at the token.
  if (is_over() && what.index < behavior_.strategies().size())
    return make_error(errc::unavailable, "this service is not available now",
                      title() + " lives on this node no more");
  json_stream rows;
  auto ctx = what.ctx.enter(*this, *this, &rows);
  auto& runs = handlers_[what.index];
  if (runs.detached)
    ctx.detach();
  if (services_.tracing != nullptr && ctx.span()) [[unlikely]]
    ctx.span(step_in(ctx.span(), ctx.action()));
  log_scope scope{ctx.span().get()};
  strategy_reply reply;
  call_depth(ctx.depth());
  auto result = runs.handlers->invoke(ctx, reply.payload);
  call_depth(0);
  switch (result.what()) {
    case outcome::kind::done:
      if (ctx.span()) [[unlikely]]
        ctx.span()->end({});
      return reply;
    case outcome::kind::deferred:
      return caf::delegated<strategy_reply>{};
    case outcome::kind::streaming:
      return run(what.parts, ctx, std::move(rows));
    default:
      if (ctx.span()) [[unlikely]]
        ctx.span()->end(result.error());
      return std::move(result.error());
  }
}

span_ptr domain_host::step_in(const span_ptr& above, std::string_view called) {
  auto result = begin_strategy(services_.tracing, above, called);
  if (result != above)
    result->note("flamigo.domain", domain());
  return result;
}

caf::result<strategy_reply> domain_host::run(const stream_source_ptr& parts,
                                             const flamigo::context& ctx,
                                             json_stream rows) {
  auto to = defer();
  if (parts) {
    stream_source::begin(parts, *this, std::move(rows), ctx, std::move(to));
    return caf::delegated<strategy_reply>{};
  }
  auto ended = pour(*this, std::move(rows), std::make_shared<no_sink>(),
                    ctx.time_of_item(), ctx.state(), to);
  if (ended) {
    late_reply answer{std::move(to)};
    if (*ended)
      answer.deliver(std::move(*ended));
    else
      answer.deliver("null");
  }
  return caf::delegated<strategy_reply>{};
}

// -- the bus ------------------------------------------------------------------

std::size_t domain_host::queued_events() const {
  auto* queue = queue_.load(std::memory_order_acquire);
  return queue != nullptr ? queue->size() : 0;
}

void domain_host::subscribe(std::string_view pattern, event_filter filter) {
  auto where = services_.bus.group(pattern);
  expect_events();
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

// -- events that wait ---------------------------------------------------------

void domain_host::expect_events() {
  if (events_)
    return;
  events_ = std::make_unique<event_queue>(max_events_, overflow_);
  queue_.store(events_.get(), std::memory_order_release);
}

void domain_host::enqueue(caf::strong_actor_ptr source, caf::message_id id,
                          caf::message content, caf::execution_unit* from) {
  if (queue_.load(std::memory_order_acquire) != nullptr
      && is_event(id, content))
    return accept({content.get_as<event_ptr>(0),
                   id.is_request() ? std::move(source) : nullptr, id},
                  from);
  enduring_actor::enqueue(std::move(source), id, std::move(content), from);
}

void domain_host::enqueue(caf::mailbox_element_ptr what,
                          caf::execution_unit* from) {
  if (queue_.load(std::memory_order_acquire) != nullptr && what->stages.empty()
      && is_event(what->mid, what->content()))
    return accept({what->content().get_as<event_ptr>(0),
                   what->mid.is_request() ? what->sender : nullptr, what->mid},
                  from);
  enduring_actor::enqueue(std::move(what), from);
}

void domain_host::accept(queued_event what, caf::execution_unit* from) {
  using verdict = event_queue::verdict;
  auto give_turn = [&] {
    enduring_actor::enqueue(
      caf::make_mailbox_element(nullptr, caf::make_message_id(), {},
                                next_event_atom::value),
      from);
  };
  switch (queue_.load(std::memory_order_relaxed)->add(what, give_turn)) {
    case verdict::added:
    case verdict::replaced:
      return;
    case verdict::dropped:
      return lose_event();
    case verdict::refused:
      return answer(what, make_error(errc::unavailable, "too many events wait"),
                    from);
    case verdict::closed:
      // CAF tells who has asked.
      return enduring_actor::enqueue(
        caf::make_mailbox_element(std::move(what.asker), what.id, {},
                                  std::move(what.what)),
        from);
  }
}

void domain_host::answer(const queued_event& what, caf::error why,
                         caf::execution_unit* from) {
  // As CAF answers for an actor that has ended, this one perhaps.
  what.asker->enqueue(
    nullptr, what.id.response_id(),
    why ? caf::make_message(std::move(why)) : caf::make_message(), from);
}

void domain_host::handle_next_event() {
  auto next = events_ ? events_->take() : std::nullopt;
  if (!next)
    return;
  if (unreported_.load(std::memory_order_relaxed) > 0)
    report_losses();
  event_answer later{*this, {next->asker, next->id.response_id()}};
  auto why = guarded([&] { return listen_to(*next->what, later); },
                     [](caf::error thrown) { return thrown; });
  if (!later.is_open(why) && next->asker)
    answer(*next, std::move(why), context());
}

void domain_host::lose_event() {
  ++services_.domains.dropped_events_;
  ++unreported_;
  report_losses();
}

void domain_host::report_losses() noexcept {
  guarded_or_logged([&] { say_losses(); },
                    [] { return std::string{"events dropped"}; });
}

void domain_host::say_losses() {
  auto now = clock().now();
  auto next = next_report_.load();
  if (!made_.load(std::memory_order_acquire) || now < next
      || !next_report_.compare_exchange_strong(next, now + report_interval))
    return;
  if (auto count = unreported_.exchange(0); count > 0)
    log::error(title() + ": events dropped, because "
               + std::to_string(max_events_)
               + " waited already: " + std::to_string(count)
               + " (its listeners are slower than what is published; see "
                 "hosting_options::max_queued_events)");
}

bool domain_host::cleanup(caf::error&& reason, caf::execution_unit* host) {
  if (events_) {
    for (auto& x : events_->close())
      answer(x, caf::sec::request_receiver_down, host);
    if (unreported_ > 0) {
      next_report_ = caf::actor_clock::time_point{};
      report_losses();
    }
  }
  if (ties_)
    ties_->end(id());
  clock().cancel_timeouts(this);
  return enduring_actor::cleanup(std::move(reason), host);
}

caf::error domain_host::listen_to(const event& what, event_answer& later) {
  if (!wants(what) || is_over())
    return {};
  flamigo::context ctx{{&what.cause(), "event", "null",
                        clock().now() + services_.request_timeout, this,
                        &services_, nullptr}};
  ctx.span(step_of(what));
  log_scope scope{ctx.span().get()};
  caf::error result;
  for (auto& part : behavior_.listeners())
    if (auto err = part.handle(ctx, what, &later)) {
      log::error(title() + ": " + trace_of(err));
      if (!result)
        result = std::move(err);
    }
  // Else it ends when no coroutine has it any more.
  if (result && ctx.span()) [[unlikely]]
    ctx.span()->end(result);
  // Nobody cancels it.
  ctx.end();
  return result;
}

span_ptr domain_host::step_of(const event& what) {
  if (!what.span()) [[likely]]
    return nullptr;
  auto result = begin_within(services_.tracing, what.span(),
                             span::kind::consumer, domain() + " hears");
  if (result != what.span()) {
    result->note("flamigo.domain", domain());
    result->note("messaging.destination.name", what.topics().front().text());
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

// -- for itself ---------------------------------------------------------------

flamigo::context domain_host::as_domain() {
  auto who = this_actor();
  auto name = who.claims->domain;
  return flamigo::context::of_actor(std::move(who), std::move(name), *this,
                                    services_, call_depth());
}

acting_actor domain_host::this_actor() {
  if (!mine_)
    mine_ = domain_claims(domain());
  return {caf::actor_cast<caf::actor>(this), mine_};
}

// -- time ---------------------------------------------------------------------

void domain_host::check_period(caf::timespan period) {
  if (period.count() <= 0)
    throw std::invalid_argument{"a timer's period is longer than nothing"};
}

void domain_host::forget_response(caf::message_id id) noexcept {
  clock().cancel_request_timeout(this, id);
  // With what it owns, which may be somebody's last word.
  auto i = multiplexed_responses_.find(id);
  if (i == multiplexed_responses_.end())
    return;
  auto last = std::move(i->second);
  multiplexed_responses_.erase(i);
}

// -- answers ------------------------------------------------------------------

reply_address domain_host::defer() {
  // Taking the promise keeps CAF from answering when the handler returns.
  auto promise = make_response_promise();
  return {promise.source(), promise.id().response_id()};
}

} // namespace flamigo::detail
