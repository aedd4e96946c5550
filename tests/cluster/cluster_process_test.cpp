// A node in a process of its own, which is killed or stands still.

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string>
#include <thread>

#include <catch2/catch_test_macros.hpp>

#include "cluster/nats_server.hpp"
#include "cluster/program.hpp"
#include "support/child_process.hpp"
#include "support/quiet_log.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::child_process;
using test::comes_true;
using test::counted;
using test::program;

namespace {

constexpr auto url_variable = "FLAMIGO_TEST_NATS_URL";

/// Hears what a child publishes.
struct fixture {
  fixture() {
    server.start();
    ::setenv(url_variable, server.url().c_str(), 1);
  }

  ~fixture() {
    ::unsetenv(url_variable);
  }

  test::quiet_log quiet;
  test::nats_server server;
  program here{server.url()};
};

} // namespace

TEST_CASE("child: publishes for a minute", "[.]") {
  test::quiet_log quiet;
  auto* url = std::getenv(url_variable);
  REQUIRE(url != nullptr);
  program self{url};
  REQUIRE(comes_true([&] { return self.peers() == 1; }));
  for (std::uint64_t i = 1; i <= 60'000; ++i) {
    (void) self.app.bus().publish(counted{i});
    std::this_thread::sleep_for(1ms);
  }
}

TEST_CASE("a node that is killed is gone within its time") {
  fixture f;
  child_process child{"child: publishes for a minute", -1};
  REQUIRE(f.here.heard.wait_for(100));
  child.signal(SIGKILL);
  auto killed = std::chrono::steady_clock::now();
  CHECK(comes_true([&] { return f.here.peers() == 0; }));
  CHECK(std::chrono::steady_clock::now() - killed < 10s);
  // What it had sent has come.
  CHECK(f.here.lost() == 0);
}

TEST_CASE("a node that stands still is gone, and comes back") {
  fixture f;
  child_process child{"child: publishes for a minute", -1};
  REQUIRE(f.here.heard.wait_for(100));
  child.signal(SIGSTOP);
  REQUIRE(comes_true([&] { return f.here.peers() == 0; }));
  auto before = f.here.heard.heard().size();
  child.signal(SIGCONT);
  REQUIRE(comes_true([&] { return f.here.peers() == 1; }));
  CHECK(f.here.heard.wait_for(before + 200));
  auto heard = f.here.heard.heard();
  // In order and none twice.
  CHECK(std::adjacent_find(heard.begin(), heard.end(), std::greater_equal<>{})
        == heard.end());
}
