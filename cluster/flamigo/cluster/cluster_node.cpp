#include "flamigo/cluster/cluster_node.hpp"

#include <algorithm>
#include <atomic>
#include <cctype>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <future>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include <unistd.h>

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include "flamigo/application/application.hpp"
#include "flamigo/client/detail/user_question.hpp"
#include "flamigo/cluster/detail/calendar_time.hpp"
#include "flamigo/cluster/detail/cluster_figures.hpp"
#include "flamigo/cluster/detail/cluster_hosting.hpp"
#include "flamigo/cluster/detail/cluster_leases.hpp"
#include "flamigo/cluster/detail/cluster_presence.hpp"
#include "flamigo/cluster/detail/gap_notice.hpp"
#include "flamigo/cluster/detail/journal_stage.hpp"
#include "flamigo/cluster/detail/lag_probe.hpp"
#include "flamigo/cluster/detail/nats_journal.hpp"
#include "flamigo/cluster/detail/nats_lease_store.hpp"
#include "flamigo/cluster/detail/nats_transport.hpp"
#include "flamigo/cluster/detail/node_relay.hpp"
#include "flamigo/domain/domain_placement.hpp"
#include "flamigo/domain/domain_term.hpp"
#include "flamigo/http/detail/random_id.hpp"
#include "flamigo/io/detail/io_thread.hpp"
#include "flamigo/roster/detail/framework_event.hpp"
#include "flamigo/roster/detail/kick_order.hpp"
#include "flamigo/roster/roster.hpp"
#include "flamigo/topic/topic_pattern.hpp"

namespace flamigo {

namespace {

constexpr std::chrono::milliseconds tick_interval{250};

constexpr std::chrono::milliseconds longest_linger{100};

/// What giving leases back may take.
constexpr std::chrono::milliseconds lease_patience{1'000};

constexpr std::size_t longest_name = 128;
constexpr std::size_t longest_domain_name = 100;

std::string default_name() {
  char host[256] = {};
  gethostname(host, sizeof host - 1);
  return host + ("-" + std::to_string(getpid()));
}

void check(const cluster_options& options) {
  auto is_plain = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_';
  };
  if (options.name.empty()
      || !std::all_of(options.name.begin(), options.name.end(), is_plain))
    throw std::invalid_argument{
      "--cluster-name: \"" + options.name
      + "\" has other signs than letters, digits, - and _"};
  if (options.heartbeat.count() <= 0
      || options.gone_after < 2 * options.heartbeat)
    throw std::invalid_argument{
      "cluster_options: gone_after must be two heartbeats or more"};
  if (options.linger.count() < 0 || options.linger > longest_linger)
    throw std::invalid_argument{
      "cluster_options: linger is between 0 and 100 ms"};
  if (options.nats_replicas != 1 && options.nats_replicas != 3
      && options.nats_replicas != 5)
    throw std::invalid_argument{"--nats-replicas: "
                                + std::to_string(options.nats_replicas)
                                + " is not 1, 3 or 5"};
  constexpr std::uint64_t smallest_journal = 1'048'576;
  constexpr auto largest_journal
    = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (options.journal_bytes < smallest_journal
      || options.journal_bytes > largest_journal)
    throw std::invalid_argument{"--journal-bytes: "
                                + std::to_string(options.journal_bytes)
                                + " is not between 1 MiB and 2^63 bytes"};
}

void check(const std::string& name, const lease_options& options) {
  using namespace std::chrono_literals;
  if (name.empty() || name.size() > longest_name)
    throw std::invalid_argument{"a lease's name has 1 to 128 bytes, not "
                                + std::to_string(name.size())};
  if (options.lasts < 1s || options.lasts > detail::longest_lease
      || options.margin < 0ms || options.renew <= 0ms || options.poll < 250ms
      || options.renew + options.margin >= options.lasts)
    throw std::invalid_argument{
      "lease_options: lasts is from a second to an hour, poll a quarter of a "
      "second or more, and margin and renew together are less than lasts"};
}

/// The term of a domain in a program that is alone.
class endless_term final : public domain_term {
public:
  using domain_term::domain_term;

  bool lasts() const noexcept override {
    return true;
  }
};

/// Larger than what was before the program was started last.
std::uint64_t token_of_one() {
  return static_cast<std::uint64_t>(detail::calendar_time().count());
}

} // namespace

/// Kept by the bus, to whose subscribers its threads may speak until the end.
struct cluster_node::impl : detail::resident {
  impl(application& app, const cluster_options& with)
    : options(with), id(detail::random_id()), events(app.bus()),
      channels(app.channels()), clients(app.connections()),
      thread(app.system(), tick_interval, 0), transport(thread, options),
      people(app.presence(), [this] { wake(); }),
      relay(events, thread, transport, relay_options(app)),
      domains(surroundings(app)) {
  }

  detail::node_relay_options relay_options(application& app) {
    return {
      .id = id,
      .name = options.node,
      .heartbeat = options.heartbeat,
      .gone_after = options.gone_after,
      .wake = [this] { wake(); },
      .on_gap = [this](auto& node, auto lost) { tell_gap(node, lost); },
      .people = &people,
      .ask =
        [&with = app.services()](auto what, auto whom) {
          detail::ask_user(with, std::move(what), std::move(whom),
                           detail::asked_where::here);
        },
      .connections = [this] { return clients->open(); },
      .reads_journal = [this] { return found_journal() != nullptr; },
      .domains = [this] { return domains.leases(); },
      .services = &app.services(),
    };
  }

  detail::cluster_hosting::surroundings surroundings(application& app) {
    return {
      .node = id,
      .find = [this](auto& node) { return relay.find_node(node); },
      .compete = [this](auto& name, auto& with,
                        auto lease) { compete(name, with, lease); },
      .want =
        [this](auto& lease, bool whether) {
          if (leases)
            leases->want(lease, whether);
        },
      .adopt = [&app](auto what) { app.adopt(std::move(what)); },
      .later =
        [this](auto what) {
          if (!has_ended)
            thread.call_later(std::move(what));
        },
    };
  }

  void tell_gap(const std::string& node, std::optional<std::uint64_t> lost) {
    caf::anon_send(clients->handle(),
                   detail::framework_event{detail::gap_notice(node, lost)});
  }

  void wake() {
    thread.call_later([this] { relay.work(); });
  }

  /// As soon as a channel with a history is declared.
  std::shared_ptr<event_stage> open_journal(event_stage& local,
                                            memory_history& kept) {
    auto lines = std::make_unique<detail::nats_journal>(
      thread, options, [this] { return channels.longest_age(); });
    auto made = std::make_shared<detail::journal_stage>(
      events, local, kept, *lines,
      detail::journal_options{
        id, [this] { thread.call_later([this] { journal->work(); }); },
        [this] { tell_gap(options.node, std::nullopt); }});
    std::lock_guard guard{mtx};
    journal_lines = std::move(lines);
    journal = made;
    thread.call_later([this] { journal->start(thread.now()); });
    return made;
  }

  std::shared_ptr<detail::journal_stage> found_journal() const {
    std::lock_guard guard{mtx};
    return journal;
  }

  void start() {
    thread.call_later([this] {
      thread.add(*this);
      relay.start(thread.now());
    });
    runner = std::thread{[this] { thread.run(); }};
  }

  cluster_status status() {
    auto result = relay.status();
    result.traffic = transport.traffic();
    if (auto what = found_journal())
      result.journal = what->status();
    auto now = std::chrono::steady_clock::now();
    result.lag = probe.lag(now);
    result.domains = domains.status();
    if (!has_ended && probe.send(now))
      thread.call_later([this] {
        // Later than the beginning of this turn, which has sent what waited.
        probe.arrived(std::chrono::steady_clock::now());
      });
    return result;
  }

  void compete(const std::string& name, lease_options with,
               const std::shared_ptr<detail::held_lease>& what) {
    if (has_ended)
      return;
    thread.call_later([this, name, with = std::move(with), what]() mutable {
      if (!leases) {
        lease_records.emplace(thread, options);
        leases.emplace(id, *lease_records);
      }
      leases->add(name, std::move(with), what);
    });
  }

  void give_back(const detail::held_lease& what) {
    thread.call_later([this, of = &what] {
      if (leases)
        leases->end(*of);
    });
  }

  void end_leases() {
    std::promise<void> told;
    thread.call_later([&] {
      if (leases)
        leases->stop();
      told.set_value();
    });
    told.get_future().wait();
    if (!leases)
      return;
    leases->wait_for_end(lease_patience);
    lease_records->stop();
  }

  void stop() {
    domains.stop();
    has_ended = true;
    end_leases();
    thread.call_later([this] {
      thread.remove(*this);
      // What was published goes before the good-bye.
      thread.settle();
      if (auto what = found_journal())
        what->stop();
      relay.stop();
      thread.stop();
    });
    runner.join();
    thread.retire();
    clients.reset();
  }

  // -- resident ---------------------------------------------------------------

  void tick(time_point now) override {
    relay.tick(now);
    if (leases)
      leases->tick();
    // What the others host is copied for those who have something to share.
    if (!domains.empty())
      domains.tick(detail::lease_clock::now(), relay.status().peers);
    if (auto what = found_journal())
      what->tick(now);
  }

  void drain() override {
  }

  void cut() override {
  }

  const cluster_options options;
  const std::string id;
  const bus& events;
  const channel_registry& channels;
  /// Until it ends: the application ends before what it keeps of this.
  std::optional<roster> clients;
  std::atomic<bool> has_ended = false;
  detail::lag_probe probe;
  detail::io_thread thread;
  detail::nats_transport transport;
  detail::cluster_presence people;
  detail::node_relay relay;
  detail::cluster_hosting domains;
  /// From the first that somebody wants.
  std::optional<detail::nats_lease_store> lease_records;
  std::optional<detail::cluster_leases> leases;
  mutable std::mutex mtx;
  std::unique_ptr<detail::nats_journal> journal_lines;
  /// Set once.
  std::shared_ptr<detail::journal_stage> journal;
  std::thread runner;
};

cluster_node::cluster_node(application& app, cluster_options options) {
  if (options.nats_url.empty())
    return;
  check(options);
  if (options.node.empty())
    options.node = default_name();
  impl_ = std::make_shared<impl>(app, options);
  app.presence_by({impl_, &impl_->people});
  app.bus().relay_by({impl_, &impl_->relay});
  // Whom others disconnect.
  app.bus().subscribe(
    caf::actor_cast<caf::strong_actor_ptr>(app.connections().handle()),
    topic_pattern{std::string{detail::kick_order::all}});
  std::weak_ptr<impl> self = impl_;
  if (options.nats_required)
    app.ready_when([self]() -> std::optional<std::string> {
      auto it = self.lock();
      if (!it || it->relay.status().connected)
        return std::nullopt;
      return "no connection to NATS";
    });
  app.count_also([self](detail::metric_text& to) {
    if (auto it = self.lock(); it && !it->has_ended)
      detail::write_cluster(to, it->status());
  });
  app.pass_first([self](auto& local, auto& kept) {
    auto it = self.lock();
    return it ? it->open_journal(local, kept) : nullptr;
  });
  impl_->start();
}

cluster_node::~cluster_node() {
  if (impl_)
    impl_->stop();
}

cluster_status cluster_node::status() const {
  return impl_ ? impl_->status() : cluster_status{};
}

std::size_t cluster_node::connections() const {
  std::size_t result = 0;
  if (impl_) {
    result = impl_->clients->open();
    for (auto& x : impl_->relay.status().peers)
      result += x.connections;
  }
  return result;
}

void cluster_node::confirm(std::function<void()> then) const {
  if (impl_)
    impl_->relay.confirm(std::move(then));
  else
    then();
}

cluster_lease cluster_node::lease(const std::string& name,
                                  lease_options options) {
  check(name, options);
  auto what = std::make_shared<detail::held_lease>();
  what->on_change = std::exchange(options.on_change, nullptr);
  if (impl_) {
    what->give_back = [self = std::weak_ptr{impl_}, of = what.get()] {
      if (auto it = self.lock(); it && !it->has_ended)
        it->give_back(*of);
    };
    impl_->compete(name, std::move(options), what);
  } else {
    auto token = token_of_one();
    what->set(token, detail::held_lease::time_point::max());
    what->call(token);
  }
  return cluster_lease{std::move(what)};
}

/// What is hosted under a name of the cluster.
class cluster_node::placement final : public domain_placement {
public:
  placement(std::weak_ptr<impl> of, std::string name, lease_options with)
    : of_(std::move(of)), name_(std::move(name)), with_(std::move(with)) {
  }

  caf::actor place(const services& what, placed_domain domain) override {
    auto it = of_.lock();
    if (!it || it->has_ended)
      throw std::logic_error{"a domain is clustered by a node that has ended"};
    return it->domains.place(what, name_, with_, domain);
  }

private:
  const std::weak_ptr<impl> of_;
  const std::string name_;
  const lease_options with_;
};

hosting_options cluster_node::clustered(std::string name, hosting_options with,
                                        lease_options lease) {
  if (name.empty() || name.size() > longest_domain_name)
    throw std::invalid_argument{"a clustered domain's name has 1 to 100 bytes, "
                                "not "
                                + std::to_string(name.size())};
  check(name, lease);
  if (lease.on_change)
    throw std::invalid_argument{"lease_options::on_change is for leases of "
                                "one's own: a domain has its function and "
                                "on_stop"};
  // Alone as well: it is to be found out before there is a cluster.
  if (!clustered_.insert(name).second)
    throw std::invalid_argument{"two domains are clustered as \"" + name
                                + "\""};
  if (!impl_) {
    with.term = std::make_shared<endless_term>(token_of_one());
    return with;
  }
  with.placement = std::make_shared<placement>(impl_, std::move(name),
                                               std::move(lease));
  return with;
}

} // namespace flamigo
