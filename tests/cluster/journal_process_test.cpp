// Channels with history on several programs, a real NATS server with JetStream,
// and clients over sockets.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <boost/describe/class.hpp>

#include <catch2/catch_test_macros.hpp>

#include "cluster/channel_program.hpp"
#include "cluster/nats_server.hpp"
#include "cluster/program.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/remote.hpp"
#include "support/child_process.hpp"
#include "support/cut_relay.hpp"
#include "support/quiet_log.hpp"
#include "support/temporary_directory.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::at;
using test::channel_program;
using test::child_process;
using test::comes_true;
using test::page;
using test::post;
using test::tally;

namespace {

constexpr auto url_variable = "FLAMIGO_TEST_JOURNAL_URL";

/// A node without channels, with a domain actor that listens.
struct bystander {
  explicit bystander(const std::string& url)
    : app(test::program::on_loopback()) {
    app.host([this](domain_actor<>* self) -> domain_behavior {
      self->subscribe("rooms/*");
      return {listen([this](const post& x) { heard.add(x.number); })};
    });
    node.emplace(app, at(url));
    app.start();
  }

  tally heard;
  application app;
  std::optional<cluster_node> node;
};

std::vector<std::uint64_t> up_to(std::uint64_t last) {
  std::vector<std::uint64_t> result;
  for (std::uint64_t i = 1; i <= last; ++i)
    result.push_back(i);
  return result;
}

struct fixture {
  fixture() {
    server.start();
    ::setenv(url_variable, server.url().c_str(), 1);
  }

  ~fixture() {
    ::unsetenv(url_variable);
  }

  test::quiet_log quiet;
  test::temporary_directory files;
  test::nats_server server{{"-js", "-sd", files.path().string()}};
};

} // namespace

TEST_CASE("child: fills a channel for a minute", "[.]") {
  test::quiet_log quiet;
  auto* url = std::getenv(url_variable);
  REQUIRE(url != nullptr);
  channel_program self{url};
  REQUIRE(self.is_there());
  for (std::uint64_t i = 1; i <= 60'000; ++i) {
    (void) self.app.bus().publish(post{i});
    std::this_thread::sleep_for(1ms);
  }
}

TEST_CASE_METHOD(fixture, "what two nodes publish is one history") {
  channel_program a{server.url()};
  channel_program b{server.url()};
  REQUIRE(a.is_there());
  REQUIRE(b.is_there());
  page here{a.url()};
  page there{b.url()};
  std::thread other{[&] {
    for (std::uint64_t i = 1; i <= 1'000; ++i)
      (void) b.app.bus().publish(post{1'000'000 + i});
  }};
  for (std::uint64_t i = 1; i <= 1'000; ++i)
    (void) a.app.bus().publish(post{i});
  other.join();
  REQUIRE(here.heard.wait_for(2'000));
  REQUIRE(there.heard.wait_for(2'000));
  CHECK(here.heard.heard() == there.heard.heard());
  // One that comes later reads it on any node.
  auto epoch = there.last_joined().newest.value().epoch;
  page late{b.url(), remote_position{epoch, 0}};
  REQUIRE(late.heard.wait_for(2'000));
  CHECK(late.heard.heard() == here.heard.heard());
  CHECK(here.heard.heard().size() == 2'000);
}

TEST_CASE_METHOD(fixture, "a killed server costs a channel nothing") {
  channel_program a{server.url()};
  channel_program b{server.url()};
  REQUIRE(a.is_there());
  REQUIRE(b.is_there());
  page here{a.url()};
  page there{b.url()};
  std::atomic<bool> stop = false;
  std::uint64_t published = 0;
  std::thread publisher{[&] {
    while (!stop)
      if (!a.app.bus().publish(post{published + 1})) {
        ++published;
        std::this_thread::sleep_for(200us);
      }
  }};
  for (auto i = 0; i < 3; ++i) {
    auto before = there.heard.heard().size();
    CHECK(there.heard.wait_for(before + 500));
    server.kill();
    std::this_thread::sleep_for(300ms);
    server.start();
  }
  auto before = there.heard.heard().size();
  CHECK(there.heard.wait_for(before + 500));
  stop = true;
  publisher.join();
  CHECK(there.heard.wait_for(published));
  CHECK(here.heard.wait_for(published));
  CHECK(there.heard.heard() == up_to(published));
  CHECK(here.heard.heard() == up_to(published));
}

TEST_CASE_METHOD(fixture, "a client that comes back elsewhere misses nothing") {
  channel_program a{server.url()};
  channel_program b{server.url()};
  REQUIRE(a.is_there());
  REQUIRE(b.is_there());
  test::cut_relay way;
  way.aim(a.app.port());
  page one{way.url()};
  for (std::uint64_t i = 1; i <= 100; ++i)
    REQUIRE(!b.app.bus().publish(post{i}));
  REQUIRE(one.heard.wait_for(100));
  way.aim(b.app.port());
  way.cut();
  for (std::uint64_t i = 101; i <= 200; ++i)
    REQUIRE(!a.app.bus().publish(post{i}));
  REQUIRE(one.heard.wait_for(200));
  CHECK(one.heard.heard() == up_to(200));
  CHECK(one.last_joined().recovered == true);
}

TEST_CASE_METHOD(fixture, "a killed node leaves a whole history behind") {
  channel_program a{server.url()};
  REQUIRE(a.is_there());
  page here{a.url()};
  child_process child{"child: fills a channel for a minute", -1};
  REQUIRE(here.heard.wait_for(300));
  child.signal(SIGKILL);
  child.wait(20s);
  REQUIRE(!a.app.bus().publish(post{0}));
  REQUIRE(comes_true([&] { return here.heard.heard().back() == 0; }));
  auto heard = here.heard.heard();
  heard.pop_back();
  CHECK(heard == up_to(heard.size()));
  // A node that starts now has the same, and goes on.
  channel_program b{server.url()};
  REQUIRE(b.is_there());
  auto epoch = here.last_joined().newest.value().epoch;
  page there{b.url(), remote_position{epoch, 0}};
  REQUIRE(there.heard.wait_for(heard.size() + 1));
  CHECK(there.heard.heard() == here.heard.heard());
}

TEST_CASE_METHOD(fixture,
                 "a node without the channel hears what is said there") {
  channel_program a{server.url()};
  channel_program b{server.url()};
  bystander c{server.url()};
  REQUIRE(a.is_there());
  REQUIRE(b.is_there());
  auto others = [](auto& x) { return x.node->status().peers.size(); };
  REQUIRE(comes_true([&] { return others(a) + others(b) + others(c) == 6u; }));
  page there{b.url()};
  for (auto* x : {&*a.node, &*b.node, &*c.node}) {
    std::promise<void> known;
    x->confirm([&] { known.set_value(); });
    REQUIRE(known.get_future().wait_for(20s) == std::future_status::ready);
  }
  REQUIRE(!a.app.bus().publish(post{1}));
  REQUIRE(c.heard.wait_for(1));
  REQUIRE(!c.app.bus().publish(post{2}));
  REQUIRE(c.heard.wait_for(2));
  REQUIRE(!b.app.bus().publish(post{3}));
  REQUIRE(c.heard.wait_for(3));
  CHECK(c.heard.heard() == up_to(3));
  // What it has said has no place in the channel.
  std::vector<std::uint64_t> kept{1, 3};
  REQUIRE(there.heard.wait_for(2));
  CHECK(there.heard.heard() == kept);
  auto epoch = there.last_joined().newest.value().epoch;
  page late{b.url(), remote_position{epoch, 0}};
  REQUIRE(late.heard.wait_for(2));
  CHECK(late.heard.heard() == kept);
}

TEST_CASE_METHOD(fixture, "all nodes go, and what was kept is there") {
  std::string epoch;
  {
    channel_program a{server.url()};
    REQUIRE(a.is_there());
    page here{a.url()};
    for (std::uint64_t i = 1; i <= 50; ++i)
      REQUIRE(!a.app.bus().publish(post{i}));
    REQUIRE(here.heard.wait_for(50));
    epoch = here.last_joined().newest.value().epoch;
  }
  server.kill();
  server.start();
  channel_program b{server.url()};
  REQUIRE(b.is_there());
  page there{b.url(), remote_position{epoch, 10}};
  REQUIRE(there.heard.wait_for(40));
  CHECK(there.heard.heard().front() == 11);
  CHECK(there.last_joined().recovered == true);
}

TEST_CASE_METHOD(fixture,
                 "one server keeps a history of which three are wanted") {
  std::string epoch;
  for (auto replicas : {std::uint64_t{1}, std::uint64_t{3}}) {
    channel_program a{server.url(), replicas};
    REQUIRE(a.is_there());
    page here{a.url()};
    REQUIRE(!a.app.bus().publish(post{replicas}));
    REQUIRE(here.heard.wait_for(1));
    epoch = here.last_joined().newest.value().epoch;
  }
  server.kill();
  server.start();
  channel_program b{server.url(), 3};
  REQUIRE(b.is_there());
  page there{b.url(), remote_position{epoch, 0}};
  REQUIRE(there.heard.wait_for(2));
  CHECK(there.last_joined().recovered == true);
}

TEST_CASE("without JetStream a publisher reads what to do") {
  test::quiet_log quiet;
  test::nats_server server;
  server.start();
  channel_program a{server.url()};
  REQUIRE(comes_true([&] {
    return test::contains(a.node->status().journal->reason,
                          "start it with -js");
  }));
  auto why = a.app.bus().publish(post{1});
  CHECK(why == errc::unavailable);
  CHECK(test::contains(trace_of(why), "start it with -js"));
}
