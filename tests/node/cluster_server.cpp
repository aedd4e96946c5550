// One of several nodes for cluster_storm.test.mjs: numbered events in channels
// with and without a history, and clustered domains that count. A token is the
// name of the user that it stands for.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/describe/class.hpp>

#include <flamigo/cluster.hpp>
#include <flamigo/serving.hpp>

namespace {

using namespace flamigo;
using namespace std::chrono_literals;

// -- events -------------------------------------------------------------------

/// The n-th event of somebody, in a channel.
struct note {
  std::string where;
  std::string from;
  std::int64_t n = 0;

  flamigo::topic topics() const {
    return flamigo::topic{where};
  }

  client_message to_client() const {
    return make_client_message("note", *this);
  }
};

BOOST_DESCRIBE_STRUCT(note, (), (where, from, n))

/// When this is answered, the event has been delivered.
task<std::size_t> keep(context ctx, note what) {
  auto done = co_await ctx.publish_sync(what, 60s);
  if (!done)
    co_return done.error();
  co_return done->failures.size();
}

// -- domains that count -------------------------------------------------------

/// The how manieth call of a life this is.
struct count {
  std::uint64_t token = 0;
  std::int64_t n = 0;
  std::string node;
};

BOOST_DESCRIBE_STRUCT(count, (), (token, n, node))

struct counted {
  std::string key;
};

BOOST_DESCRIBE_STRUCT(counted, (), (key))

struct counts {
  std::int64_t n = 0;
  std::map<std::string, std::int64_t> by_key;
};

domain_behavior counter(domain_actor<counts>* self, std::string node) {
  return {
    on("app::counter:next",
       [=](context& ctx) {
         return count{ctx.fencing_token(), ++self->state.n, node};
       }),
  };
}

domain_behavior tills(domain_actor<counts>* self, std::string node) {
  return {
    on("app::till:next",
       [=](context& ctx, const counted& in) {
         return count{ctx.fencing_token(), ++self->state.by_key[in.key], node};
       }),
  };
}

// -- the program --------------------------------------------------------------

struct options : configuration {
  options() {
    cluster.add_to(custom_options_);
    opt_group{custom_options_, "?storm"}
      .add(heartbeat, "heartbeat", "milliseconds")
      .add(gone_after, "gone-after", "milliseconds")
      .add(lease, "lease", "milliseconds");
  }

  cluster_options cluster;
  std::uint64_t heartbeat = 2'000;
  std::uint64_t gone_after = 10'000;
  std::uint64_t lease = 10'000;
};

/// In the same relation as by default.
lease_options lease_of(std::uint64_t lasts) {
  std::chrono::milliseconds all{lasts};
  return {.lasts = all,
          .margin = all / 10,
          .renew = all / 4,
          .poll = std::max<std::chrono::milliseconds>(all / 10, 250ms)};
}

/// The nodes that this one knows now, once they know what is wanted here.
auto confirm(context& ctx, const cluster_node& node) {
  auto promise = ctx.make_promise<std::vector<std::string>>();
  std::vector<std::string> known{node.status().id};
  for (auto& x : node.status().peers)
    known.push_back(x.id);
  node.confirm([promise, known]() mutable { promise.deliver(known); });
  return promise;
}

void add_strategies(strategy_registry& all, const cluster_node& node) {
  all.add("app::storm:say",
          [](context& ctx, const note& in) { return ctx.publish(in); });
  all.add("app::storm:keep", keep);
  all.add("app::storm:confirm",
          [&node](context& ctx) { return confirm(ctx, node); });
  all.add("app::storm:status", [&node] { return node.status(); });
}

} // namespace

int main(int argc, char** argv) {
  auto config = std::make_unique<options>();
  if (auto status = config->load_or_report(argc, argv))
    return *status;
  auto how = config->cluster;
  how.heartbeat = std::chrono::milliseconds{config->heartbeat};
  how.gone_after = std::chrono::milliseconds{config->gone_after};
  auto lease = lease_of(config->lease);
  application app{std::move(config)};
  cluster_node node{app, how};
  add_strategies(app.strategies(), node);
  app.host(node.clustered("counter", {}, lease), counter, how.node);
  app.host_sharded(node.clustered("tills", {}, lease), 4, by(&counted::key),
                   tills, how.node);
  app.authenticate(
    [](std::string_view token, const claims&) -> caf::expected<user> {
      std::string name{token};
      return user{.id = name, .name = name};
    });
  // What is said in an hour.
  app.channel("rooms/*", is_authenticated(),
              {.history = history_limits{.max_events = 1'000'000,
                                         .max_bytes = 256u << 20,
                                         .max_age = 1h},
               .presence = presence_options{}});
  app.channel("plain/*", is_authenticated());
  return app.run();
}
