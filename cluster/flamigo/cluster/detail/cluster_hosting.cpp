#include "flamigo/cluster/detail/cluster_hosting.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <future>
#include <utility>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include "flamigo/cluster/detail/lease_term.hpp"
#include "flamigo/context/services.hpp"
#include "flamigo/domain/detail/domain_term_messages.hpp"

namespace flamigo::detail {

namespace {

/// Tells a domain what has become of its lease.
void tell(const caf::actor& supervisor, std::shared_ptr<const held_lease> lease,
          std::uint64_t token) {
  if (token != 0)
    caf::anon_send(supervisor, term_begins{std::make_shared<lease_term>(
                                 std::move(lease), token)});
  else
    caf::anon_send(supervisor, term_ends{});
}

/// What its end may take. A domain that does not obey is fenced off by its
/// token.
caf::timespan patience_with(const placed_domain& what) {
  constexpr caf::timespan longest = std::chrono::hours{24};
  return std::min(what.stop_timeout, longest) + std::chrono::seconds{1};
}

} // namespace

cluster_hosting::cluster_hosting(surroundings around)
  : around_(std::move(around)) {
}

cluster_hosting::~cluster_hosting() = default;

caf::actor
cluster_hosting::place(const services& what, const std::string& lease_name,
                       const lease_options& how, const placed_domain& domain) {
  auto lease = std::make_shared<held_lease>();
  lease->on_change = [to = domain.supervisor,
                      of = std::weak_ptr<const held_lease>{lease}](auto token) {
    tell(to, of.lock(), token);
  };
  auto result = what.system.spawn<domain_gate>(std::cref(what), domain, lease,
                                               around_.find);
  around_.adopt(result);
  auto name = "domains/" + lease_name;
  if (domain.shard.count > 0)
    name += "/" + std::to_string(domain.shard.index);
  {
    std::lock_guard guard{mtx_};
    all_.push_back(std::make_shared<one>(
      one{name, domain, what.system, lease, shard_spread{name}}));
  }
  around_.compete(name, how, std::move(lease));
  return result;
}

bool cluster_hosting::empty() const {
  std::lock_guard guard{mtx_};
  return all_.empty();
}

void cluster_hosting::tick(time_point now,
                           const std::vector<cluster_peer>& peers) {
  std::vector<std::shared_ptr<one>> all;
  {
    std::lock_guard guard{mtx_};
    all = all_;
  }
  std::map<std::string, time_point> since;
  for (auto& peer : peers) {
    auto known = since_.find(peer.id);
    since.emplace(peer.id, known != since_.end() ? known->second : now);
  }
  since_ = std::move(since);
  for (auto& it : all) {
    if (it->is_leaving)
      continue;
    shard_spread::view what{now, around_.node,        {},
                            {},  it->lease->holder(), it->lease->token() != 0};
    for (auto& peer : peers) {
      what.present.push_back(peer.id);
      auto& names = peer.domains;
      if (now - since_.at(peer.id) >= settling
          && std::find(names.begin(), names.end(), it->name) != names.end())
        what.settled.push_back(peer.id);
    }
    tend(it, what);
  }
}

bool cluster_hosting::is_able(one& it, time_point now, bool held) {
  auto state = it.domain.state->load();
  auto fails = state == domain_state::down || state == domain_state::ended;
  if (!held || !fails)
    it.fails_since.reset();
  else if (!it.fails_since)
    it.fails_since = now;
  else if (now - *it.fails_since >= forbearance)
    it.rests_until = now + rest;
  // One that has ended and lives here no more would be `elsewhere`, if there
  // were anybody to tell so.
  return now >= it.rests_until && (held || state != domain_state::ended);
}

void cluster_hosting::tend(const std::shared_ptr<one>& it,
                           const shard_spread::view& what) {
  auto takes = is_able(*it, what.now, what.held);
  if (takes && it->domain.shard.count > 0)
    takes = it->spread.look(what) == shard_spread::advice::take;
  if (what.held && !takes)
    move_out(it);
  else
    around_.want(*it->lease, takes);
}

void cluster_hosting::move_out(const std::shared_ptr<one>& it) {
  it->is_leaving = true;
  auto token = it->lease->token();
  it->system.spawn([it, token, around = around_](caf::event_based_actor* self) {
    auto done = [=] {
      around.later([=] {
        it->is_leaving = false;
        // Another one is that of a life which has begun since.
        auto now = it->lease->token();
        if (now == token || now == 0)
          around.want(*it->lease, false);
      });
    };
    self->request(it->domain.supervisor, patience_with(it->domain), term_ends{})
      .then(done, [done](const caf::error&) { done(); });
  });
}

void cluster_hosting::stop() {
  std::vector<std::shared_ptr<one>> all;
  {
    std::lock_guard guard{mtx_};
    all.swap(all_);
  }
  if (all.empty())
    return;
  for (auto& it : all) {
    // No life begins any more.
    std::lock_guard guard{it->lease->calling};
    it->lease->on_change = nullptr;
  }
  auto ended = std::make_shared<std::promise<void>>();
  auto patience = caf::timespan{0};
  for (auto& it : all)
    patience = std::max(patience, patience_with(it->domain));
  all.front()->system.spawn([all, ended](caf::event_based_actor* self) {
    auto left = std::make_shared<std::size_t>(all.size());
    auto done = [left, ended] {
      if (--*left == 0)
        ended->set_value();
    };
    for (auto& it : all)
      self->request(it->domain.supervisor, caf::infinite, term_ends{})
        .then(done, [done](const caf::error&) { done(); });
  });
  ended->get_future().wait_for(patience);
}

std::vector<std::string> cluster_hosting::leases() const {
  std::vector<std::string> result;
  std::lock_guard guard{mtx_};
  for (auto& it : all_)
    result.push_back(it->name);
  return result;
}

std::vector<cluster_domain> cluster_hosting::status() const {
  std::vector<cluster_domain> result;
  std::lock_guard guard{mtx_};
  for (auto& it : all_)
    result.push_back(
      {it->domain.name, it->lease->holder(), it->lease->token()});
  return result;
}

} // namespace flamigo::detail
