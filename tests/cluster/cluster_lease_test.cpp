// Leases of programs and a real NATS server, on loopback.

#include "flamigo/cluster/cluster_lease.hpp"

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include <catch2/catch_test_macros.hpp>

#include "cluster/jetstream.hpp"
#include "cluster/program.hpp"
#include "flamigo/cluster/detail/nats_lease_store.hpp"
#include "support/child_process.hpp"
#include "support/quiet_log.hpp"
#include "support/temporary_directory.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::child_process;
using test::comes_true;
using test::jetstream;
using test::program;
using test::quick;

namespace {

/// What `comes_true` waits for at most, when it is one after the lease's time.
constexpr auto soon = 10s;

} // namespace

TEST_CASE("one program of two holds a lease, and gives it back at its end") {
  jetstream nats;
  program a{nats.server.url()};
  program b{nats.server.url()};
  std::atomic<std::uint64_t> last = 1;
  auto with = quick();
  with.on_change = [&](auto token) { last = token; };
  auto mine = a.node->lease("orders: all", with);
  REQUIRE(comes_true([&] { return mine.held(); }));
  auto first = mine.token();
  CHECK(comes_true([&] { return last == first; }));
  auto other = b.node->lease("orders: all", quick());
  auto is_known = [&] { return other.holder() == a.node->status().id; };
  CHECK(comes_true(is_known));
  CHECK_FALSE(other.held());
  // Another one is another one's.
  auto more = b.node->lease("orders", quick());
  CHECK(comes_true([&] { return more.held(); }));
  SECTION("by the node") {
    auto began = std::chrono::steady_clock::now();
    a.node.reset();
    CHECK(last == 0);
    CHECK_FALSE(mine.held());
    REQUIRE(comes_true([&] { return other.held(); }));
    CHECK(std::chrono::steady_clock::now() - began < 5s);
  }
  SECTION("by the lease") {
    mine = {};
    REQUIRE(comes_true([&] { return other.held(); }));
    CHECK(last == first);
  }
  CHECK(other.token() > first);
}

TEST_CASE("a program that is alone holds its leases") {
  test::quiet_log quiet;
  program a{std::string{}};
  std::uint64_t told = 0;
  auto mine = a.node->lease("x", {.on_change = [&](auto x) { told = x; }});
  CHECK(mine.held());
  CHECK(told == mine.token());
  auto moved = std::move(mine);
  CHECK(moved.held());
}

TEST_CASE("leases that cannot be are refused") {
  program a{std::string{}};
  using refused = std::invalid_argument;
  CHECK_THROWS_AS(a.node->lease(""), refused);
  CHECK_THROWS_AS(a.node->lease(std::string(129, 'x')), refused);
  CHECK_THROWS_AS(a.node->lease("x", {.lasts = 999ms}), refused);
  CHECK_THROWS_AS(a.node->lease("x", {.lasts = 61min}), refused);
  CHECK_THROWS_AS(a.node->lease("x", {.margin = 8s}), refused);
  CHECK_THROWS_AS(a.node->lease("x", {.renew = 0s}), refused);
  CHECK_THROWS_AS(a.node->lease("x", {.poll = 100ms}), refused);
}

TEST_CASE("keys of leases have what NATS takes") {
  CHECK(detail::nats_key("Az09-_") == "Az09-_");
  CHECK(detail::nats_key("a.b: =\xc3\xa4*>/")
        == "a=2eb=3a=20=3d=c3=a4=2a=3e=2f");
}

TEST_CASE("without JetStream nobody holds a lease, until there is some") {
  test::quiet_log quiet;
  test::temporary_directory folder;
  test::nats_server server;
  server.start();
  program a{server.url()};
  auto mine = a.node->lease("orders", quick());
  REQUIRE(comes_true([&] { return a.node->status().connected; }));
  CHECK_FALSE(comes_true([&] { return mine.held(); }, 2s));
  server.kill();
  server.arguments({"-js", "-sd", folder.path().string()});
  server.start();
  CHECK(comes_true([&] { return mine.held(); }));
}

TEST_CASE("a holder survives its server's restart, and loses it without one") {
  jetstream nats;
  program a{nats.server.url()};
  auto with = quick();
  // What coming back to a server takes, on a machine that has much to do.
  with.lasts = 8s;
  auto mine = a.node->lease("orders", with);
  REQUIRE(comes_true([&] { return mine.held(); }));
  auto first = mine.token();
  nats.server.kill();
  nats.server.start();
  REQUIRE(comes_true([&] { return a.node->status().connected; }));
  CHECK_FALSE(comes_true([&] { return mine.token() != first; }, soon));
  nats.server.kill();
  CHECK(comes_true([&] { return !mine.held(); }));
  nats.server.start();
  REQUIRE(comes_true([&] { return mine.held(); }));
  CHECK(mine.token() > first);
}

TEST_CASE("a lease whose bucket is gone goes on with larger tokens") {
  jetstream nats;
  program a{nats.server.url()};
  auto mine = a.node->lease("orders", quick());
  REQUIRE(comes_true([&] { return mine.held(); }));
  auto first = mine.token();
  nats.server.kill();
  std::filesystem::remove_all(nats.folder.path() / "jetstream");
  REQUIRE(comes_true([&] { return !mine.held(); }));
  nats.server.start();
  REQUIRE(comes_true([&] { return mine.held(); }));
  CHECK(mine.token() > first);
}

// -- other processes ----------------------------------------------------------

TEST_CASE("child: does a job while it holds the lease", "[.]") {
  test::quiet_log quiet;
  auto* url = std::getenv(test::url_variable);
  REQUIRE(url != nullptr);
  program self{url};
  auto mine = self.node->lease("orders", quick());
  auto end = std::chrono::steady_clock::now() + 1min;
  while (std::chrono::steady_clock::now() < end) {
    // What is published carries the token.
    if (auto token = mine.token(); token != 0)
      (void) self.app.bus().publish(test::counted{token});
    std::this_thread::sleep_for(5ms);
  }
}

TEST_CASE("another program has the lease soon after its holder is killed") {
  jetstream nats;
  program here{nats.server.url()};
  child_process child{"child: does a job while it holds the lease", -1};
  REQUIRE(here.heard.wait_for(10));
  auto mine = here.node->lease("orders", quick());
  CHECK_FALSE(comes_true([&] { return mine.held(); }, 4s));
  auto theirs = here.heard.heard().back();
  child.signal(SIGKILL);
  auto killed = std::chrono::steady_clock::now();
  REQUIRE(comes_true([&] { return mine.held(); }));
  CHECK(std::chrono::steady_clock::now() - killed < soon);
  CHECK(mine.token() > theirs);
}

TEST_CASE("a holder that stood still does nothing any more") {
  jetstream nats;
  program here{nats.server.url()};
  child_process child{"child: does a job while it holds the lease", -1};
  REQUIRE(here.heard.wait_for(10));
  auto mine = here.node->lease("orders", quick());
  child.signal(SIGSTOP);
  REQUIRE(comes_true([&] { return mine.held(); }));
  // All that it had sent has come.
  REQUIRE(comes_true([&] { return here.peers() == 0; }));
  auto before = here.heard.heard().size();
  child.signal(SIGCONT);
  REQUIRE(comes_true([&] { return here.peers() == 1; }));
  // At most what was begun before: it had asked, and not yet done it.
  CHECK_FALSE(
    comes_true([&] { return here.heard.heard().size() > before + 1; }, 1s));
  CHECK(mine.held());
  // It holds it again when it is its turn.
  auto last = mine.token();
  mine = {};
  REQUIRE(comes_true([&] { return here.heard.heard().back() > last; }));
}
