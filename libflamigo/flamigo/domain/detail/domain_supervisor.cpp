#include "flamigo/domain/detail/domain_supervisor.hpp"

#include <caf/actor_system.hpp>
#include <caf/send.hpp>

#include "flamigo/domain/detail/domain_host.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/strategy/strategy_registry.hpp"

namespace flamigo::detail {

namespace {

/// For what is set in the constructor and never again, hence safe to read from
/// elsewhere.
const domain_host& host_of(const caf::actor& domain) {
  auto ptr = caf::actor_cast<caf::abstract_actor*>(domain);
  return *static_cast<const domain_host*>(ptr);
}

/// Throws what the application's function has thrown.
caf::actor spawn_by(const domain_factory& spawn) {
  auto result = spawn();
  if (auto& thrown = host_of(result).failure())
    std::rethrow_exception(thrown);
  return result;
}

void register_all(strategy_registry& strategies, const caf::actor& domain,
                  const std::shared_ptr<domain_slot>& slot) {
  std::size_t index = 0;
  for (auto& what : host_of(domain).behavior().strategies()) {
    strategy_info info;
    info.name = what.name;
    info.guard = to_string(what.guard);
    what.handlers->describe(info);
    strategies.insert(strategy{std::move(info), what.guard,
                               strategy::hosted_home{slot, index++}});
  }
}

bool is_planned(const caf::error& reason) {
  return reason == caf::exit_reason::normal
         || reason == caf::exit_reason::user_shutdown;
}

} // namespace

domain_supervisor::domain_supervisor(caf::actor_config& cfg,
                                     std::shared_ptr<domain_slot> slot,
                                     hosting_options options,
                                     domain_factory spawn)
  : caf::event_based_actor(cfg), slot_(std::move(slot)), options_(options),
    spawn_(std::move(spawn)), title_(host_of(slot_->get()).title()),
    domain_(slot_->get()) {
}

domain_supervisor::~domain_supervisor() = default;

const char* domain_supervisor::name() const {
  return "domain_supervisor";
}

caf::behavior domain_supervisor::make_behavior() {
  set_down_handler([this](const caf::down_msg& msg) {
    if (msg.source == domain_)
      went_down(msg.reason);
  });
  set_exit_handler([this](const caf::exit_msg& msg) {
    slot_->set(nullptr);
    if (!domain_)
      return quit(msg.reason);
    // It ends with its domain, which finishes what waits before.
    ending_ = true;
    send_exit(domain_, msg.reason);
  });
  monitor(domain_);
  // Nothing but system messages concerns a supervisor.
  return caf::message_handler{[](caf::unit_t) {}};
}

void domain_supervisor::went_down(const caf::error& reason) {
  domain_ = nullptr;
  slot_->set(nullptr);
  if (ending_)
    return quit(reason);
  if (is_planned(reason)) {
    log::info(title_ + " has ended; its strategies answer 503");
    return;
  }
  auto what = title_ + " went down: " + trace_of(reason);
  if (!options_.restart) {
    log::error(what + "; its strategies answer 503");
  } else if (!may_restart()) {
    log::error(what
               + "; it was restarted too often and stays down, its strategies "
                 "answer 503");
  } else {
    log::warn(what + "; restarting it");
    restart();
  }
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
  auto spawned = guarded_or_logged(
    [this] { domain_ = spawn_by(spawn_); },
    [this] { return title_ + " cannot be restarted and stays down"; });
  if (!spawned)
    return;
  monitor(domain_);
  slot_->set(domain_);
}

caf::actor supervise(caf::actor_system& system, strategy_registry& strategies,
                     hosting_options options, domain_factory spawn) {
  auto slot = std::make_shared<domain_slot>(options.max_queued);
  auto domain = spawn_by(spawn);
  try {
    for (auto& what : host_of(domain).behavior().strategies())
      strategies.check_name(what.name);
    register_all(strategies, domain, slot);
  } catch (...) {
    caf::anon_send_exit(domain, caf::exit_reason::kill);
    throw;
  }
  slot->set(domain);
  return system.spawn<domain_supervisor>(std::move(slot), options,
                                         std::move(spawn));
}

} // namespace flamigo::detail
