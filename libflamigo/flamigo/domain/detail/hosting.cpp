#include "flamigo/domain/detail/hosting.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

#include <caf/actor_system.hpp>
#include <caf/send.hpp>

#include "flamigo/domain/detail/domain_host.hpp"
#include "flamigo/domain/detail/domain_supervisor.hpp"
#include "flamigo/domain/domain_health.hpp"
#include "flamigo/domain/domain_placement.hpp"
#include "flamigo/domain/domain_term.hpp"
#include "flamigo/strategy/strategy_registry.hpp"

namespace flamigo::detail {

namespace {

/// The first incarnations of what is being hosted: they end unless it succeeds.
class beginners {
public:
  beginners() = default;

  beginners(const beginners&) = delete;

  beginners& operator=(const beginners&) = delete;

  ~beginners() {
    for (auto& x : all_)
      caf::anon_send_exit(x, caf::exit_reason::kill);
  }

  void add(caf::actor what) {
    all_.push_back(std::move(what));
  }

  const std::vector<caf::actor>& all() const noexcept {
    return all_;
  }

  void keep() noexcept {
    all_.clear();
  }

private:
  std::vector<caf::actor> all_;
};

/// Under this a domain is asked for its strategies, and does nothing.
class no_term final : public domain_term {
public:
  no_term() noexcept : domain_term(0) {
  }

  bool lasts() const noexcept override {
    return false;
  }
};

const domain_behavior& behavior_of(const caf::actor& domain) {
  return domain_host::of(domain).behavior();
}

void check_given_name(std::string_view name) {
  auto fits = [](unsigned char c) {
    return std::isalnum(c) || c == '_' || c == '-' || c == '.' || c == ':';
  };
  if (!std::all_of(name.begin(), name.end(), fits))
    throw std::invalid_argument{"a domain's name is made of letters, digits, "
                                "'_', '-', '.' and ':', not \""
                                + std::string{name} + "\""};
}

bool same_strategies(const caf::actor& x, const caf::actor& y) {
  auto& xs = behavior_of(x).strategies();
  auto& ys = behavior_of(y).strategies();
  return std::equal(xs.begin(), xs.end(), ys.begin(), ys.end(),
                    [](auto& a, auto& b) { return a.name == b.name; });
}

void check_shards(const beginners& made, const sharding& how) {
  auto& first = made.all().front();
  for (auto& other : made.all())
    if (!same_strategies(first, other))
      throw std::invalid_argument{"the shards of a domain have the same "
                                  "strategies, in the same order"};
  for (auto& x : behavior_of(first).strategies())
    if (!x.handlers->requires_member(how.member, how.type))
      throw std::invalid_argument{
        "strategy \"" + x.name + "\": its domain is sharded by the member \""
        + std::string{how.member}
        + "\", which each of its inputs must have, of the same type and "
          "without a default; a strategy that cannot have it goes into a "
          "domain of its own"};
}

void check_placed(const caf::actor& domain) {
  for (auto& x : behavior_of(domain).strategies())
    if (x.handlers->streams())
      throw std::invalid_argument{
        "strategy \"" + x.name
        + "\" answers in parts, which do not travel between nodes: it goes "
          "into a domain that is not clustered"};
}

void register_all(strategy_registry& strategies, const caf::actor& domain,
                  const std::shared_ptr<domain_slot>& slot,
                  const std::shared_ptr<const shard_table>& shards) {
  std::size_t index = 0;
  for (auto& what : behavior_of(domain).strategies()) {
    strategy_info info;
    info.name = what.name;
    info.guard = to_string(what.guard);
    info.shards = shards ? shards->size() : 1;
    what.handlers->describe(info);
    info.detached = what.is_detached;
    strategies.insert(strategy{std::move(info), what.guard,
                               strategy::hosted_home{slot, index++, shards}});
  }
}

std::vector<std::shared_ptr<domain_slot>>
slots_of(const std::vector<hosting_options>& each) {
  std::vector<std::shared_ptr<domain_slot>> result;
  result.reserve(each.size());
  for (auto& options : each)
    result.push_back(std::make_shared<domain_slot>(options.max_queued));
  return result;
}

/// What `host` and `host_sharded` have in common; `how` is null for one domain.
std::vector<domain_handle>
supervise_all(const services& what, const std::vector<hosting_options>& each,
              const sharding* how, const domain_factory& spawn) {
  auto& given = each.front().name;
  check_given_name(given);
  beginners made;
  auto* placement = each.front().placement.get();
  for (auto options : each) {
    if (placement != nullptr)
      options.term = std::make_shared<no_term>();
    made.add(domain_supervisor::spawn_by(spawn, options));
  }
  auto& first = made.all().front();
  if (how != nullptr)
    check_shards(made, *how);
  // Alone in its cluster as well: it is to be found out before there is one.
  if (placement != nullptr || each.front().term != nullptr)
    check_placed(first);
  auto name = domain_host::of(first).domain();
  if (how != nullptr)
    name.resize(name.rfind('/'));
  what.domains.check_name(name, !given.empty());
  for (auto& x : behavior_of(first).strategies())
    what.strategies.check_name(x.name);
  auto slots = slots_of(each);
  // Where callers look for a domain that may be elsewhere.
  auto doors = placement != nullptr ? slots_of(each) : slots;
  std::shared_ptr<const shard_table> shards;
  if (how != nullptr)
    shards = std::make_shared<shard_table>(how->hash, how->member, doors);
  register_all(what.strategies, first, doors.front(), shards);
  auto strategies = domain_supervisor::strategies_of(first);
  auto& interface = behavior_of(first).interface();
  std::vector<domain_handle> result;
  for (std::size_t i = 0; i < each.size(); ++i) {
    auto& domain = made.all()[i];
    slots[i]->set(domain);
    auto state = std::make_shared<std::atomic<domain_state>>(domain_state::up);
    auto supervisor = what.system.spawn<domain_supervisor>(
      std::cref(what), slots[i], state, each[i], spawn);
    if (placement != nullptr)
      doors[i]->set(placement->place(
        what, {domain_host::of(domain).domain(), each[i].shard, strategies,
               slots[i], supervisor, each[i].stop_timeout, state}));
    result.emplace_back(std::move(supervisor), domain_host::of(domain).domain(),
                        std::move(state));
  }
  made.keep();
  what.domains.add(std::move(name), !given.empty(), interface, result, slots);
  return result;
}

} // namespace

domain_handle supervise(const services& what, const hosting_options& options,
                        const domain_factory& spawn) {
  return supervise_all(what, {options}, nullptr, spawn).front();
}

std::vector<domain_handle>
supervise_shards(const services& what, const hosting_options& options,
                 const sharding& how, const domain_factory& spawn) {
  if (how.count == 0)
    throw std::invalid_argument{"a domain has one shard at least"};
  if (how.member.empty())
    throw std::invalid_argument{"the member by which a domain is sharded is "
                                "not described: add it to "
                                "BOOST_DESCRIBE_STRUCT"};
  std::vector<hosting_options> each(how.count, options);
  for (std::size_t i = 0; i < how.count; ++i)
    each[i].shard = {i, how.count};
  return supervise_all(what, each, &how, spawn);
}

} // namespace flamigo::detail
