// Domains that live on one of several programs, with a real NATS server on
// loopback.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <boost/describe/class.hpp>

#include "cluster/jetstream.hpp"
#include "cluster/program.hpp"
#include "flamigo/domain/shard_key.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/remote.hpp"
#include "flamigo/task/sleep.hpp"
#include "flamigo/task/stream.hpp"
#include "support/child_process.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using test::at;
using test::child_process;
using test::comes_true;
using test::jetstream;
using test::quick;

namespace {

struct order {
  std::string customer;
  int count = 0;
};

BOOST_DESCRIBE_STRUCT(order, (), (customer, count))

struct stock_state {
  int sold = 0;
};

/// What happens on its way, seen by the test.
struct notes {
  std::atomic<int> lives = 0;
  std::atomic<int> stopped = 0;
  std::atomic<bool> was_cancelled = false;
};

domain_behavior stock(domain_actor<stock_state>* self, notes& what) {
  ++what.lives;
  return {
    on("app::stock:order",
       [=](context& ctx, const order& x) -> caf::expected<int> {
         if (x.count == 0)
           return public_error("we have none", 418, "sold_out");
         // What is done tells so, with the token.
         (void) ctx.publish(test::counted{ctx.fencing_token()});
         return self->state.sold += x.count;
       }),
    on("app::stock:token", [](context& ctx) { return ctx.fencing_token(); }),
    on("app::stock:whose",
       [](context& ctx, const user& me) {
         return me.name + " by " + std::string{ctx.action()};
       }),
    on("app::stock:slow",
       [&what](context ctx) -> task<std::uint64_t> {
         auto waited = co_await sleep(ctx, 30s);
         if (waited)
           co_return 0;
         what.was_cancelled = true;
         co_return waited.error();
       }),
    on_stop([&what] { ++what.stopped; }),
  };
}

struct shop {
  explicit shop(const std::string& url)
    : app(test::program::on_loopback()), node(std::in_place, app, at(url)) {
    app.authenticate(
      [](std::string_view token, const claims&) -> caf::expected<user> {
        std::string id{token};
        return user{.id = id, .name = id};
      });
    app.host(node->clustered("stock", {}, quick()), stock, std::ref(seen));
    app.start();
  }

  std::uint64_t token() const {
    for (auto& x : node->status().domains)
      if (x.name == "app::stock")
        return x.token;
    return 0;
  }

  caf::expected<int> buy(int count) {
    return app.backend().call<int>("app::stock:order", order{"ada", count});
  }

  /// Once it is somewhere.
  bool answers() {
    return comes_true([&] { return static_cast<bool>(buy(1)); });
  }

  notes seen;
  application app;
  std::optional<cluster_node> node;
};

} // namespace

TEST_CASE("a clustered domain is one on all nodes, and moves when one ends") {
  jetstream nats;
  shop a{nats.server.url()};
  REQUIRE(comes_true([&] { return a.token() != 0; }));
  shop b{nats.server.url()};
  REQUIRE(a.answers());
  REQUIRE(b.answers());
  CHECK(b.token() == 0);
  // One counter.
  auto last = *a.buy(1);
  CHECK(*b.buy(1) == last + 1);
  CHECK(*a.buy(1) == last + 2);
  auto call = [](shop& at) {
    return *at.app.backend().call<std::uint64_t>("app::stock:token");
  };
  auto first = a.token();
  CHECK(call(a) == first);
  CHECK(call(b) == first);
  // Its function was asked here for its strategies.
  CHECK(b.seen.lives == 1);
  CHECK(a.seen.lives == 2);
  auto refused = b.buy(0);
  REQUIRE_FALSE(refused);
  CHECK(code_of(refused.error()) == "sold_out");
  CHECK(status_of(refused.error()) == 418);
  CHECK(public_message(refused.error()) == "we have none");
  auto wrong = b.app.backend().call<int>("app::stock:order", "no order");
  REQUIRE_FALSE(wrong);
  CHECK(code_of(wrong.error()) == "invalid_payload");
  a.node.reset();
  CHECK(a.seen.stopped == 1);
  auto left = std::chrono::steady_clock::now();
  REQUIRE(comes_true([&] { return b.token() != 0; }));
  CHECK(std::chrono::steady_clock::now() - left < 5s);
  // A life of its own.
  REQUIRE(b.answers());
  CHECK(call(b) > first);
  CHECK(*b.buy(1) < last);
  CHECK(code_of(a.buy(1).error()) == "unavailable");
}

TEST_CASE("a client's call gets to the node that has its domain") {
  jetstream nats;
  shop a{nats.server.url()};
  REQUIRE(comes_true([&] { return a.token() != 0; }));
  shop b{nats.server.url()};
  REQUIRE(b.answers());
  remote_server there{
    {.url = "ws://127.0.0.1:" + std::to_string(b.app.port()) + "/ws",
     .token = [] { return "ada"; }}};
  auto whose = there.call_async<std::string>("app::stock:whose").get();
  REQUIRE(whose);
  CHECK(*whose == "ada by app::stock:whose");
  // Whoever has called goes, and what it has begun there ends.
  {
    remote_server gone{
      {.url = "ws://127.0.0.1:" + std::to_string(b.app.port()) + "/ws",
       .token = [] { return "bob"; }}};
    auto slow = gone.call_async<std::uint64_t>("app::stock:slow");
    REQUIRE(gone.call_async<int>("app::stock:order", order{"bob", 1}).get());
  }
  CHECK(comes_true([&] { return a.seen.was_cancelled.load(); }));
}

TEST_CASE("a program that is alone has its clustered domains") {
  test::quiet_log quiet;
  shop a{std::string{}};
  CHECK(*a.buy(3) == 3);
  CHECK(*a.app.backend().call<std::uint64_t>("app::stock:token") > 0);
  CHECK(a.seen.lives == 1);
}

TEST_CASE("without JetStream a clustered domain lives nowhere") {
  test::quiet_log quiet;
  test::nats_server server;
  server.start();
  shop a{server.url()};
  REQUIRE(comes_true([&] { return a.node->status().connected; }));
  auto result = a.buy(1);
  REQUIRE_FALSE(result);
  CHECK(code_of(result.error()) == "unavailable");
}

TEST_CASE("domains that cannot be clustered are refused") {
  test::quiet_log quiet;
  // Who is alone finds it out as well.
  std::string url = GENERATE("nats://127.0.0.1:1", "");
  shop a{url};
  using refused = std::invalid_argument;
  CHECK_THROWS_WITH(a.node->clustered(""),
                    ContainsSubstring("a clustered domain's name"));
  CHECK_THROWS_AS(a.node->clustered(std::string(101, 'x')), refused);
  CHECK_THROWS_AS(a.node->clustered("x", {}, {.lasts = 1ms}), refused);
  CHECK_THROWS_AS(a.node->clustered("x", {}, {.on_change = [](auto) {}}),
                  refused);
  application other{test::program::on_loopback()};
  cluster_node node{other, at(url)};
  notes seen;
  other.host(node.clustered("stock"), stock, std::ref(seen));
  auto twin = [](domain_actor<>*) -> domain_behavior {
    return {on("app::twin:nothing", [] {})};
  };
  CHECK_THROWS_WITH(
    other.host(node.clustered("stock"), twin),
    ContainsSubstring("two domains are clustered as \"stock\""));
  auto in_parts = [](domain_actor<>*) -> domain_behavior {
    return {on("app::parts:two", []() -> stream<int> {
      co_yield 1;
      co_yield 2;
    })};
  };
  CHECK_THROWS_WITH(other.host(node.clustered("parts"), in_parts),
                    ContainsSubstring("\"app::parts:two\" answers in parts"));
}

TEST_CASE("shards are spread over the nodes, and follow their keys") {
  struct bank {
    explicit bank(const std::string& url)
      : app(test::program::on_loopback()), node(std::in_place, app, at(url)) {
      app.host_sharded(node->clustered("stock", {}, quick()), 8,
                       by(&order::customer),
                       [](domain_actor<stock_state>* self) -> domain_behavior {
                         return {on("app::stock:order", [=](const order& x) {
                           return self->state.sold += x.count;
                         })};
                       });
      app.start();
    }

    std::size_t shards() const {
      std::size_t result = 0;
      for (auto& x : node->status().domains)
        result += x.token != 0 ? 1 : 0;
      return result;
    }

    caf::expected<int> buy(const std::string& who) {
      return app.backend().call<int>("app::stock:order", order{who, 1});
    }

    application app;
    std::optional<cluster_node> node;
  };
  jetstream nats;
  bank a{nats.server.url()};
  REQUIRE(comes_true([&] { return a.shards() == 8; }));
  bank b{nats.server.url()};
  // With eight shards one node may have none of them once in 128 runs.
  REQUIRE(comes_true([&] { return a.shards() + b.shards() == 8; }));
  std::set<std::string> customers;
  for (auto i = 0; i < 20; ++i)
    customers.insert("c" + std::to_string(i));
  auto all_answer = [&](bank& at) {
    return comes_true([&] {
      for (auto& x : customers)
        if (!at.buy(x))
          return false;
      return true;
    });
  };
  REQUIRE(all_answer(a));
  REQUIRE(all_answer(b));
  // Each has one counter, wherever it is asked.
  for (auto& x : customers) {
    auto first = a.buy(x);
    auto second = b.buy(x);
    REQUIRE(first);
    REQUIRE(second);
    CHECK(*second == *first + 1);
  }
  a.node.reset();
  REQUIRE(comes_true([&] { return b.shards() == 8; }));
  CHECK(all_answer(b));
}

// -- other processes ----------------------------------------------------------

TEST_CASE("child: has a stock", "[.]") {
  test::quiet_log quiet;
  auto* url = std::getenv(test::url_variable);
  REQUIRE(url != nullptr);
  shop self{url};
  std::this_thread::sleep_for(1min);
}

namespace {

/// A program that has not got the domain, while another process has.
struct second_of_two {
  second_of_two() : child("child: has a stock", -1) {
    // It has to be there first.
    listener.emplace(nats.server.url());
    REQUIRE(comes_true([&] { return listener->peers() == 1; }));
    here.emplace(nats.server.url());
    REQUIRE(here->answers());
    REQUIRE(here->token() == 0);
    REQUIRE(listener->heard.wait_for(1));
    theirs = listener->heard.heard().back();
  }

  jetstream nats;
  child_process child;
  std::optional<test::program> listener;
  std::optional<shop> here;
  std::uint64_t theirs = 0;
};

} // namespace

TEST_CASE("a domain whose process is killed lives on another node soon") {
  second_of_two f;
  f.child.signal(SIGKILL);
  auto killed = std::chrono::steady_clock::now();
  // Nobody hangs meanwhile.
  auto meanwhile = f.here->buy(1);
  CHECK_FALSE(meanwhile);
  REQUIRE(f.here->answers());
  CHECK(std::chrono::steady_clock::now() - killed < 15s);
  CHECK(f.here->token() > f.theirs);
}

TEST_CASE("a process that stood still begins no call any more") {
  second_of_two f;
  f.child.signal(SIGSTOP);
  // They wait in front of the process that stands still.
  for (auto i = 0; i < 20; ++i)
    f.here->app.backend().call_async<int>("app::stock:order", order{"eve", 1});
  REQUIRE(comes_true([&] { return f.here->token() != 0; }));
  REQUIRE(f.here->answers());
  auto mine = f.here->token();
  CHECK(mine > f.theirs);
  f.child.signal(SIGCONT);
  REQUIRE(comes_true([&] { return f.here->node->status().peers.size() == 2; }));
  REQUIRE(f.here->answers());
  // What it had begun before it stood still was heard then.
  auto heard = f.listener->heard.heard();
  auto first = std::find(heard.begin(), heard.end(), mine);
  REQUIRE(first != heard.end());
  CHECK(std::count(first, heard.end(), f.theirs) == 0);
}
