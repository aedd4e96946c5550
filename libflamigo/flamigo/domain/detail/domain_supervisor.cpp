#include "flamigo/domain/detail/domain_supervisor.hpp"

#include <utility>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/message_view.hpp>

#include "flamigo/bus/bus.hpp"
#include "flamigo/context/strategy_reply.hpp"
#include "flamigo/domain/detail/domain_host.hpp"
#include "flamigo/domain/detail/domain_term_messages.hpp"
#include "flamigo/domain/domain_events.hpp"
#include "flamigo/domain/domain_health.hpp"
#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/strategy/detail/invocation.hpp"
#include "flamigo/task/detail/await_response.hpp"
#include "flamigo/task/detail/due_in.hpp"

namespace flamigo::detail {

/// What a supervisor sends to itself, unlike all that it may be given to pass
/// on.
struct restart_attempt {};

} // namespace flamigo::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::detail::restart_attempt)

namespace flamigo::detail {

namespace {

bool is_planned(const caf::error& reason) {
  return reason == caf::exit_reason::normal
         || reason == caf::exit_reason::user_shutdown;
}

} // namespace

domain_supervisor::domain_supervisor(caf::actor_config& cfg,
                                     const services& what,
                                     std::shared_ptr<domain_slot> slot,
                                     shared_state state,
                                     hosting_options options,
                                     domain_factory spawn)
  : enduring_actor(cfg), services_(what), slot_(std::move(slot)),
    state_(std::move(state)), options_(options), spawn_(std::move(spawn)),
    is_placed_(options_.placement != nullptr),
    title_(domain_host::of(slot_->get()).title()),
    name_(domain_host::of(slot_->get()).domain()),
    strategies_(strategies_of(slot_->get())), domain_(slot_->get()) {
  if (!is_placed_)
    return;
  // That knows this one.
  options_.placement = nullptr;
  // It was made to be asked for its strategies.
  slot_->set(nullptr);
  *state_ = domain_state::elsewhere;
  caf::anon_send_exit(std::exchange(domain_, nullptr), caf::exit_reason::kill);
}

domain_supervisor::~domain_supervisor() = default;

caf::actor domain_supervisor::spawn_by(const domain_factory& spawn,
                                       const hosting_options& options) {
  auto result = spawn(options);
  if (auto& thrown = domain_host::of(result).failure())
    std::rethrow_exception(thrown);
  return result;
}

std::vector<std::string>
domain_supervisor::strategies_of(const caf::actor& domain) {
  auto& all = domain_host::of(domain).behavior().strategies();
  std::vector<std::string> result;
  result.reserve(all.size());
  for (auto& x : all)
    result.push_back(x.name);
  return result;
}

const char* domain_supervisor::name() const {
  return "domain_supervisor";
}

std::string domain_supervisor::title() const {
  return "the supervisor of " + title_;
}

void domain_supervisor::on_exit() {
  enduring_actor::on_exit();
  // Of what it does not get to know: CAF's `kill`, or that nobody holds it. No
  // message may refer to it any more.
  slot_->set(nullptr);
  for (auto& x : {domain_, leaving_})
    if (x)
      caf::anon_send_exit(x, caf::exit_reason::kill);
  *state_ = domain_state::ended;
  // What ends it may hold this one.
  options_.term = nullptr;
  if (missing_)
    services_.domains.forget(name_);
}

caf::behavior domain_supervisor::make_behavior() {
  set_down_handler([this](const caf::down_msg& msg) {
    if (ending_ || (leaving_ && msg.source == leaving_))
      has_left(msg.reason);
    else if (domain_ && msg.source == domain_)
      went_down(msg.reason);
  });
  set_exit_handler([this](const caf::exit_msg& msg) {
    slot_->set(nullptr);
    if (ending_)
      return;
    ending_ = domain_ || leaving_;
    if (!ending_)
      return quit(msg.reason);
    // One that does not obey ends when nobody holds it any more.
    leaving_ = nullptr;
    if (domain_)
      end(std::exchange(domain_, nullptr), msg.reason);
  });
  set_default_handler([this](caf::scheduled_actor*, caf::message_view& what) {
    return pass_on(what);
  });
  if (domain_)
    monitor(domain_);
  return {
    [this](restart_attempt) { restart(); },
    [this](term_begins& what) { begin_term(std::move(what.term)); },
    [this](term_ends) { return end_term(); },
  };
}

void domain_supervisor::end(caf::actor domain, const caf::error& reason) {
  auto& last_words = domain_host::of(domain).behavior();
  if (last_words.last() == nullptr)
    return dismiss(domain, reason);
  acting_actor who{domain, domain_claims(name_)};
  auto deadline = due_in(clock(), options_.stop_timeout);
  flamigo::context ctx{
    {&who, name_, "null", deadline, this, &services_, nullptr}};
  auto id = new_request_id(caf::message_priority::normal);
  domain->enqueue(caf::make_mailbox_element(
                    ctrl(), id, {},
                    invocation{last_words.strategies().size(), ctx, {}}),
                  this->context());
  auto where = [this] { return title_ + ": on_stop"; };
  await_response<strategy_reply>(
    *this, {id.response_id(), deadline, nullptr}, where,
    [this, domain, reason](strategy_reply&) { dismiss(domain, reason); },
    [this, domain, reason, where](caf::error& why) {
      log::error(where() + ": " + trace_of(why));
      dismiss(domain, reason);
    });
}

void domain_supervisor::dismiss(const caf::actor& domain,
                                const caf::error& reason) {
  // This one ends with its domain, which finishes what waits before. If it does
  // not obey, it ends when nobody holds it any more.
  send_exit(domain, reason);
}

void domain_supervisor::went_down(const caf::error& reason) {
  domain_ = nullptr;
  slot_->set(nullptr);
  *state_ = is_planned(reason) ? domain_state::ended : domain_state::down;
  if (is_planned(reason)) {
    log::info(title_ + " has ended; its strategies answer 503");
    return;
  }
  services_.domains.went_down(name_);
  missing_ = true;
  auto why = trace_of(reason);
  auto what = title_ + " went down: " + why;
  auto restarting = options_.restart && may_restart();
  if (!options_.restart)
    log::error(what + "; its strategies answer 503");
  else if (!restarting)
    log::error(what
               + "; it was restarted too often and stays down, its strategies "
                 "answer 503");
  else
    log::warn(what + "; restarting it");
  if (!restarting)
    services_.domains.given_up(name_);
  tell(domain_down{name_, std::move(why), restarting});
  if (restarting)
    restart();
}

bool domain_supervisor::may_restart() {
  auto now = clock().now();
  // A window may be as long as a timespan can be.
  while (!restarts_.empty()
         && now - restarts_.front() > options_.restart_window)
    restarts_.pop_front();
  if (restarts_.size() >= options_.max_restarts)
    return false;
  restarts_.push_back(now);
  return true;
}

void domain_supervisor::restart() {
  // It was to be tried again, in a term that is over, or in one before this.
  if (ending_ || domain_ || leaving_ || (is_placed_ && !options_.term))
    return;
  if (auto failure = begin_life())
    return failed_again(failure);
  services_.domains.came_back(name_);
  missing_ = false;
  slot_->restarted();
  tell(domain_restarted{name_, ++count_});
}

caf::error domain_supervisor::begin_life() {
  auto failure = guarded(
    [this]() -> caf::error {
      auto made = spawn_by(spawn_, options_);
      // What is called are their places.
      if (strategies_of(made) != strategies_) {
        send_exit(made, caf::exit_reason::kill);
        return internal_error("its function has returned other strategies "
                              "than in its first life");
      }
      domain_ = std::move(made);
      return {};
    },
    [](caf::error why) { return why; });
  if (failure)
    return failure;
  monitor(domain_);
  slot_->set(domain_);
  *state_ = domain_state::up;
  return {};
}

// -- on one of several nodes --------------------------------------------------

void domain_supervisor::begin_term(std::shared_ptr<const domain_term> what) {
  options_.term = std::move(what);
  restarts_.clear();
  // The next life begins when the last one has ended.
  if (ending_ || leaving_)
    return;
  if (auto failure = begin_life()) {
    *state_ = domain_state::down;
    services_.domains.went_down(name_);
    missing_ = true;
    return failed_again(failure);
  }
  log::info(title_ + " lives on this node now");
}

caf::result<void> domain_supervisor::end_term() {
  options_.term = nullptr;
  slot_->set(nullptr);
  if (!ending_) {
    *state_ = domain_state::elsewhere;
    // Nobody misses it here.
    if (std::exchange(missing_, false))
      services_.domains.forget(name_);
  }
  if (domain_) {
    log::info(title_ + " leaves this node");
    leaving_ = std::exchange(domain_, nullptr);
    end(leaving_, caf::exit_reason::user_shutdown);
  }
  if (!leaving_ && !ending_)
    return caf::unit;
  return told_of_end_.emplace_back(make_response_promise());
}

void domain_supervisor::has_left(const caf::error& reason) {
  leaving_ = nullptr;
  for (auto& x : std::exchange(told_of_end_, {}))
    x.deliver(caf::unit);
  if (ending_)
    return quit(reason);
  if (options_.term)
    begin_term(options_.term);
}

void domain_supervisor::failed_again(const caf::error& reason) {
  auto what = title_ + " cannot be restarted: " + trace_of(reason);
  if (may_restart()) {
    log::error(what + "; trying again later");
    delayed_send(this, options_.retry_delay, restart_attempt{});
  } else {
    log::error(what + "; it stays down, its strategies answer 503");
    services_.domains.given_up(name_);
    tell(domain_down{name_, trace_of(reason), false});
  }
}

template <class T>
void domain_supervisor::tell(T what) {
  if (auto err = services_.bus.publish(std::move(what)))
    log::error(title_ + ": telling how it is: " + trace_of(err));
}

caf::result<caf::message> domain_supervisor::pass_on(caf::message_view& what) {
  auto id = current_mailbox_element()->mid;
  auto from = current_mailbox_element()->sender;
  if (!domain_ && id.is_request())
    return make_error(errc::unavailable, "this service is not available now",
                      title_ + " is down");
  if (domain_) {
    // Taking the promise keeps CAF from answering for the domain.
    if (id.is_request())
      make_response_promise();
    domain_->enqueue(std::move(from), id, what.move_content_to_message(),
                     context());
  } else {
    log::warn(title_ + " is down; a message to it is dropped");
  }
  return caf::delegated<caf::message>{};
}

} // namespace flamigo::detail
