// Two programs and a real NATS server, on loopback.

#include "flamigo/cluster/cluster_node.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <future>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include <boost/describe/class.hpp>

#include <catch2/catch_test_macros.hpp>

#include "cluster/nats_server.hpp"
#include "cluster/program.hpp"
#include "flamigo/application/application.hpp"
#include "flamigo/remote.hpp"
#include "support/http_get.hpp"
#include "support/quiet_log.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::at;
using test::comes_true;
using test::counted;
using test::meet;
using test::program;

namespace {

struct gap {
  std::string node;
  std::uint64_t lost = 0;
};

BOOST_DESCRIBE_STRUCT(gap, (), (node, lost))

} // namespace

TEST_CASE("what is published on one program is heard in the other") {
  test::quiet_log quiet;
  test::nats_server server;
  server.start();
  program a{server.url()};
  program b{server.url()};
  REQUIRE(meet(a, b));
  REQUIRE(a.confirm());
  REQUIRE(b.confirm());
  for (std::uint64_t i = 0; i < 10'000; ++i)
    REQUIRE(!a.app.bus().publish(counted{i}));
  REQUIRE(b.heard.wait_for(10'000));
  auto heard = b.heard.heard();
  for (std::uint64_t i = 0; i < 10'000; ++i)
    REQUIRE(heard[i] == i);
  CHECK(a.heard.heard().size() == 10'000);
  CHECK(b.lost() == 0);
}

TEST_CASE("a program goes on without a server and joins when there is one") {
  test::quiet_log quiet;
  test::nats_server server;
  program a{server.url()};
  CHECK(!a.app.bus().publish(counted{1}));
  REQUIRE(a.heard.wait_for(1));
  CHECK_FALSE(a.node->status().connected);
  REQUIRE(a.confirm());
  server.start();
  program b{server.url()};
  REQUIRE(meet(a, b));
  REQUIRE(a.confirm());
  CHECK(!b.app.bus().publish(counted{2}));
  CHECK(a.heard.wait_for(2));
}

TEST_CASE("what a killed server has lost is counted to the last event") {
  test::quiet_log quiet;
  test::nats_server server;
  server.start();
  auto options = at(server.url());
  // Nobody counts as gone meanwhile.
  options.gone_after = 1min;
  program a{server.url(), options};
  program b{server.url(), options};
  REQUIRE(meet(a, b));
  REQUIRE(b.confirm());
  std::atomic<bool> stop = false;
  std::uint64_t published = 0;
  std::thread publisher{[&] {
    while (!stop) {
      if (!a.app.bus().publish(counted{published}))
        ++published;
      std::this_thread::sleep_for(100us);
    }
  }};
  REQUIRE(b.heard.wait_for(500));
  server.kill();
  std::this_thread::sleep_for(500ms);
  server.start();
  REQUIRE(comes_true([&] { return a.node->status().connected; }));
  auto before = b.heard.heard().size();
  CHECK(b.heard.wait_for(before + 500));
  stop = true;
  publisher.join();
  // Frames besides events: heartbeats are in no stream, wishes and what answers
  // them are. Nobody subscribed, so that b has lost events only, or the answers
  // to being asked for its wishes again.
  CHECK(
    comes_true([&] { return b.heard.heard().size() + b.lost() >= published; }));
  auto heard = b.heard.heard();
  std::set<std::uint64_t> each{heard.begin(), heard.end()};
  CHECK(each.size() == heard.size());
  CHECK(std::is_sorted(heard.begin(), heard.end()));
}

TEST_CASE("a program that ends is forgotten at once") {
  test::quiet_log quiet;
  test::nats_server server;
  server.start();
  auto options = at(server.url());
  options.gone_after = 1min;
  program a{server.url(), options};
  {
    program b{server.url(), options};
    REQUIRE(meet(a, b));
  }
  CHECK(comes_true([&] { return a.peers() == 0; }));
}

TEST_CASE("programs of other names are strangers") {
  test::quiet_log quiet;
  test::nats_server server;
  server.start();
  auto other = at(server.url());
  other.name = "other";
  program a{server.url()};
  program b{server.url(), other};
  program c{server.url()};
  REQUIRE(meet(a, c));
  CHECK(b.peers() == 0);
}

TEST_CASE("clients are told of a gap") {
  test::quiet_log quiet;
  test::nats_server server;
  server.start();
  cluster_options options = at(server.url());
  options.gone_after = 1min;
  program a{server.url(), options};
  program b{server.url(), options};
  b.app.start();
  std::promise<std::uint64_t> told;
  remote_server client{
    {.url = "ws://127.0.0.1:" + std::to_string(b.app.port()) + "/ws"}};
  auto ear = client.on<gap>("bus:gap", [&](const gap& what) {
    // One node may have missed the first words of the other.
    if (what.node == "x")
      told.set_value(what.lost);
  });
  REQUIRE(meet(a, b));
  REQUIRE(b.confirm());
  REQUIRE(comes_true([&] { return b.app.connections().open() == 1; }));
  // A frame of a node that never was, which says that nine are missing.
  REQUIRE(server.publish("flamigo.flamigo." + b.node->status().id,
                         R"({"flamigo":1,"from":"x","stream":1,"seq":1})"));
  REQUIRE(server.publish("flamigo.flamigo." + b.node->status().id,
                         R"({"flamigo":1,"from":"x","stream":1,"seq":11})"));
  auto lost = told.get_future();
  REQUIRE(lost.wait_for(20s) == std::future_status::ready);
  CHECK(lost.get() == 9);
}

TEST_CASE("a login that was refused is tried again") {
  test::quiet_log quiet;
  test::nats_server server{{"--auth", "another"}};
  server.start();
  program a{server.url("s3cr3t")};
  REQUIRE(comes_true([&] {
    auto now = a.node->status();
    return !now.connected && !now.reason.empty();
  }));
  // Longer than the library tries.
  std::this_thread::sleep_for(1500ms);
  server.kill();
  server.arguments({"--auth", "s3cr3t"});
  server.start();
  CHECK(comes_true([&] { return a.node->status().connected; }));
}

TEST_CASE("nobody reads the token of a server") {
  test::quiet_log quiet;
  program a{"nats://s3cr3t@127.0.0.1:1,nats://me:pass@127.0.0.1:2"};
  REQUIRE(comes_true([&] { return !a.node->status().reason.empty(); }));
  auto reason = a.node->status().reason;
  CAPTURE(reason);
  CHECK(reason.starts_with("nats://127.0.0.1:1,nats://127.0.0.1:2: "));
}

TEST_CASE("what is to be encrypted is not sent to a server that cannot") {
  test::quiet_log quiet;
  test::nats_server server;
  server.start();
  program a{"tls://" + server.url().substr(7)};
  program b{server.url()};
  REQUIRE(comes_true([&] { return b.node->status().connected; }));
  std::this_thread::sleep_for(1s);
  CHECK_FALSE(a.node->status().connected);
  CHECK(b.peers() == 0);
}

TEST_CASE("a server that does not read holds up nobody") {
  test::quiet_log quiet;
  test::nats_server server;
  server.start();
  auto begin = std::chrono::steady_clock::now();
  {
    program a{server.url()};
    program b{server.url()};
    REQUIRE(meet(a, b));
    REQUIRE(b.confirm());
    server.pause();
    begin = std::chrono::steady_clock::now();
    for (std::uint64_t i = 0; i < 80'000; ++i)
      (void) a.app.bus().publish(counted{i});
  }
  server.go_on();
  CHECK(std::chrono::steady_clock::now() - begin < 60s);
}

TEST_CASE("without a URL it does nothing") {
  application app{std::make_unique<configuration>()};
  cluster_node uut{app, {}};
  auto called = false;
  uut.confirm([&] { called = true; });
  CHECK(called);
  CHECK_FALSE(uut.status().connected);
}

TEST_CASE("options that cannot be are refused by their names") {
  application app{std::make_unique<configuration>()};
  auto refusal = [&](auto change) {
    auto options = at("nats://127.0.0.1:1");
    change(options);
    try {
      cluster_node uut{app, options};
    } catch (const std::invalid_argument& e) {
      return std::string{e.what()};
    }
    return std::string{};
  };
  CHECK(refusal([](auto& x) { x.name = "a.b"; }).starts_with("--cluster-name"));
  CHECK(refusal([](auto& x) {
          x.gone_after = 100ms;
        }).starts_with("cluster_options"));
  CHECK(refusal([](auto& x) {
          x.nats_url = "nats://host:port";
        }).starts_with("--nats-url \"nats://host:port\" has no port"));
  CHECK(refusal([](auto& x) { x.nats_credentials = "/nowhere"; })
        == "--nats-credentials \"/nowhere\" cannot be read");
  CHECK(refusal([](auto& x) { x.nats_ca = "/nowhere"; })
        == "--nats-ca \"/nowhere\" cannot be read");
}

TEST_CASE("the page of metrics says what has gone between two programs") {
  test::quiet_log quiet;
  test::nats_server server;
  server.start();
  auto config = program::on_loopback();
  config->metrics.on_free_port = true;
  application app{std::move(config)};
  std::optional<cluster_node> node{std::in_place, app, at(server.url())};
  program other{server.url()};
  app.start();
  auto page = [&] { return test::get(app.metrics_port(), "/metrics").body; };
  CHECK(comes_true(
    [&] { return test::contains(page(), "\nflamigo_cluster_peers 1\n"); }));
  CHECK(test::contains(page(), "\nflamigo_cluster_connected 1\n"));
  CHECK(node->status().traffic.sent_bytes > 100);
  CHECK(node->status().traffic.received_frames > 0);
  // There is one as soon as what was sent for it has arrived.
  CHECK(comes_true([&] { return node->status().lag > 0ns; }));
  node.reset();
  CHECK_FALSE(test::contains(page(), "flamigo_cluster"));
}

TEST_CASE("a program that needs NATS is ready when it has it") {
  test::quiet_log quiet;
  test::nats_server server;
  auto options = at(server.url());
  program degraded{server.url(), options};
  options.nats_required = true;
  program strict{server.url(), options};
  degraded.app.start();
  strict.app.start();
  auto ready = [](program& who) {
    return test::get(who.app.port(), "/readyz");
  };
  CHECK(ready(degraded).status == 200);
  CHECK(ready(strict).status == 503);
  CHECK(ready(strict).body == "no connection to NATS\n");
  CHECK(test::get(strict.app.port(), "/livez").status == 200);
  server.start();
  CHECK(comes_true([&] { return ready(strict).status == 200; }));
  server.kill();
  CHECK(comes_true([&] { return ready(strict).status == 503; }));
  CHECK(ready(degraded).status == 200);
}

TEST_CASE("a program ends that has never found a server") {
  test::quiet_log quiet;
  program a{"nats://127.0.0.1:1"};
  CHECK(comes_true([&] { return !a.node->status().reason.empty(); }));
  CHECK_FALSE(a.node->status().connected);
}
