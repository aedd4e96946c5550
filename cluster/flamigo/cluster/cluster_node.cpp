#include "flamigo/cluster/cluster_node.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include <unistd.h>

#include "flamigo/application/application.hpp"
#include "flamigo/cluster/detail/gap_notice.hpp"
#include "flamigo/cluster/detail/nats_transport.hpp"
#include "flamigo/cluster/detail/node_relay.hpp"
#include "flamigo/http/detail/random_id.hpp"
#include "flamigo/io/detail/io_thread.hpp"

namespace flamigo {

namespace {

constexpr std::chrono::milliseconds tick_interval{250};

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
}

} // namespace

/// Kept by the bus, to whose subscribers its threads may speak until the end.
struct cluster_node::impl : detail::resident {
  impl(application& app, const cluster_options& options)
    : thread(app.system(), tick_interval, 0), transport(thread, options),
      relay(app.bus(), thread, transport,
            {detail::random_id(),
             options.node.empty() ? default_name() : options.node,
             options.heartbeat, options.gone_after,
             [this] { thread.call_later([this] { relay.work(); }); },
             [clients = app.connections()](auto& node, auto lost) {
               clients.tell(detail::gap_notice(node, lost));
             }}) {
  }

  void start() {
    thread.call_later([this] {
      thread.add(*this);
      relay.start(thread.now());
    });
    runner = std::thread{[this] { thread.run(); }};
  }

  void stop() {
    thread.call_later([this] {
      thread.remove(*this);
      // What was published goes before the good-bye.
      thread.settle();
      relay.stop();
      thread.stop();
    });
    runner.join();
    thread.retire();
  }

  // -- resident ---------------------------------------------------------------

  void tick(time_point now) override {
    relay.tick(now);
  }

  void drain() override {
  }

  void cut() override {
  }

  detail::io_thread thread;
  detail::nats_transport transport;
  detail::node_relay relay;
  std::thread runner;
};

cluster_node::cluster_node(application& app, cluster_options options) {
  if (options.nats_url.empty())
    return;
  check(options);
  impl_ = std::make_shared<impl>(app, options);
  app.bus().relay_by({impl_, &impl_->relay});
  impl_->start();
}

cluster_node::~cluster_node() {
  if (impl_)
    impl_->stop();
}

cluster_status cluster_node::status() const {
  return impl_ ? impl_->relay.status() : cluster_status{};
}

void cluster_node::confirm(std::function<void()> then) const {
  if (impl_)
    impl_->relay.confirm(std::move(then));
  else
    then();
}

} // namespace flamigo
