#include "flamigo/bus/detail/bus_state.hpp"

#include <caf/actor_system.hpp>
#include <caf/sec.hpp>

#include "flamigo/bus/detail/bus_group.hpp"
#include "flamigo/bus/detail/sync_delivery.hpp"
#include "flamigo/bus/event_relay.hpp"
#include "flamigo/bus/event_stage.hpp"
#include "flamigo/metrics/metric_registry.hpp"

namespace flamigo::detail {

bus_state::bus_state(caf::actor_system& system)
  : caf::group_module(system, "flamigo") {
}

bus_state::~bus_state() = default;

// -- group_module -------------------------------------------------------------

void bus_state::stop() {
  table_.close();
  // A group may keep this longer than the application keeps these.
  metrics_.store(nullptr, std::memory_order_release);
  relay_.store(nullptr, std::memory_order_release);
  // Destroyed without the lock.
  decltype(groups_) groups;
  std::lock_guard guard{mtx_};
  stopped_ = true;
  std::swap(groups, groups_);
}

caf::expected<caf::group> bus_state::get(const std::string& name) {
  auto pattern = topic_pattern::parse(name);
  if (!pattern)
    return std::move(pattern.error());
  return group(*pattern);
}

caf::error bus_state::load(caf::deserializer&, caf::group&) {
  return caf::make_error(caf::sec::no_such_group_module,
                         "a group of the bus does not leave its process");
}

// -- groups and subscribers ---------------------------------------------------

caf::group bus_state::group(const topic_pattern& pattern) {
  std::lock_guard guard{mtx_};
  if (auto i = groups_.find(pattern.text()); i != groups_.end())
    return i->second.get();
  group_ptr made{new bus_group(shared_from_this(), pattern.text()), false};
  caf::group result{made.get()};
  // It keeps this, and nobody would take that back any more.
  if (stopped_)
    return result;
  groups_.emplace(pattern.text(), std::move(made));
  if (groups_.size() >= sweep_at_)
    sweep();
  return result;
}

void bus_state::sweep() {
  std::erase_if(groups_, [](auto& entry) { return entry.second->unique(); });
  sweep_at_ = std::max<std::size_t>(64, 2 * groups_.size());
}

bool bus_state::subscribe(const caf::strong_actor_ptr& who,
                          std::string_view pattern) {
  using added = subscription_table::added;
  auto what = table_.add(who, pattern);
  if (what == added::first) {
    // Runs when the actor ends, or at once when it has.
    auto forget = [self = shared_from_this(), id = who->id()] {
      self->table_.forget(id);
    };
    who->get()->attach_functor(std::move(forget));
  }
  return what != added::no;
}

void bus_state::unsubscribe(const caf::actor_control_block* who,
                            std::string_view pattern) {
  table_.remove(who->aid, pattern);
}

std::size_t bus_state::count(const caf::actor_control_block* who) const {
  return table_.count(who->aid);
}

receivers_ptr bus_state::match(std::span<const topic> topics) {
  return table_.match(topics);
}

std::vector<caf::strong_actor_ptr> bus_state::subscribers(const topic& what) {
  std::vector<caf::strong_actor_ptr> result;
  if (auto* relay = relay_.load(std::memory_order_acquire))
    result = relay->subscribers({&what, 1});
  if (auto all = match({&what, 1}))
    all->for_each([&](auto& who) { result.push_back(who); });
  return result;
}

// -- events -------------------------------------------------------------------

event_stage* bus_state::stage_of(const event& what) const {
  auto stage = stage_.load(std::memory_order_acquire);
  return stage != nullptr && stage->takes(what) ? stage : nullptr;
}

void bus_state::tell(const event_ptr& what, caf::execution_unit* unit) {
  pass_on(what);
  auto all = match(*what);
  if (!all)
    return;
  all->tell(what, unit);
  if (!all->scheduled.empty())
    count_delivered(all->scheduled.size());
}

void bus_state::relay_by(std::shared_ptr<event_relay> what) {
  relay_owner_ = std::move(what);
  // First: what is published to who has been told of is relayed.
  relay_.store(relay_owner_.get(), std::memory_order_release);
  table_.tell_wishes(*relay_owner_);
}

receivers_ptr bus_state::ask_of(const event_ptr& what) {
  auto all = match(*what);
  auto* relay = relay_.load(std::memory_order_acquire);
  std::vector<caf::strong_actor_ptr> elsewhere;
  if (relay != nullptr && !what->kind().stays)
    elsewhere = relay->subscribers(what->topics());
  if (elsewhere.empty()) {
    pass_on(what, all);
    return all;
  }
  // Those take it there: it is not relayed besides.
  boost::intrusive_ptr<receivers> result{all ? new receivers{*all}
                                             : new receivers};
  for (auto& who : elsewhere)
    result->add(who, nullptr);
  count_published();
  count_delivered(all ? all->size() : 0);
  return result;
}

void bus_state::pass_on(const event_ptr& what) const noexcept {
  count_published();
  if (auto* to = relay_.load(std::memory_order_acquire)) [[unlikely]]
    to->relay(what);
}

void bus_state::count_published() const noexcept {
  if (auto* to = metrics_.load(std::memory_order_acquire)) [[unlikely]]
    to->here().add(metric::events_published, 1);
}

void bus_state::count_delivered(std::size_t subscribers) const noexcept {
  if (auto* to = metrics_.load(std::memory_order_acquire)) [[unlikely]]
    to->here().add(metric::events_delivered, subscribers);
}

void bus_state::pass_on(const event_ptr& what,
                        const receivers_ptr& all) const noexcept {
  pass_on(what);
  if (all)
    count_delivered(all->size());
}

caf::error bus_state::deliver(const event_ptr& what,
                              caf::execution_unit* unit) {
  if (auto stage = stage_of(*what))
    return stage->pass(what, unit,
                       [self = shared_from_this()](
                         auto& staged, const caf::error& why, auto* here) {
                         if (!why)
                           self->tell(staged, here);
                       });
  tell(what, unit);
  return {};
}

sync_delivery bus_state::deliver_and_ask(const event_ptr& what,
                                         caf::execution_unit* unit) {
  auto stage = stage_of(*what);
  if (stage == nullptr) {
    auto all = ask_of(what);
    return {system(), what, all, unit};
  }
  sync_delivery result{system()};
  auto sending = result.begin_sending();
  stage->pass(what, unit,
              [self = shared_from_this(), sending](auto& staged, caf::error why,
                                                   auto* here) {
                if (why)
                  return sending->fail(std::move(why));
                auto all = self->match(*staged);
                if (sending->send(staged, all, here))
                  self->pass_on(staged, all);
                else
                  self->tell(staged, here);
              });
  sending->end_of_call();
  return result;
}

void bus_state::deliver_as(caf::strong_actor_ptr sender, caf::message_id id,
                           const event_ptr& what, caf::execution_unit* unit) {
  auto send = [sender = std::move(sender), id](bus_state& self, auto& sent,
                                               auto* here) {
    auto all = self.match(*sent);
    self.pass_on(sent, all);
    if (!all)
      return;
    auto content = caf::make_message(sent);
    all->for_each([&](const caf::strong_actor_ptr& who) {
      who->enqueue(sender, id, content, here);
    });
  };
  auto stage = stage_of(*what);
  if (stage == nullptr)
    return send(*this, what, unit);
  stage->pass(what, unit,
              [self = shared_from_this(),
               send](auto& staged, const caf::error& why, auto* here) {
                if (!why)
                  send(*self, staged, here);
              });
}

receivers_ptr bus_state::match(const event& what) {
  // First: what is later than a mark was matched after it.
  auto stamp = latest_.load();
  auto result = table_.match(what.topics());
  if (result)
    what.stamp(stamp);
  return result;
}

std::uint64_t bus_state::mark() noexcept {
  return latest_.fetch_add(1);
}

std::size_t bus_state::size() const {
  std::lock_guard guard{mtx_};
  return table_.nodes() + groups_.size();
}

} // namespace flamigo::detail
