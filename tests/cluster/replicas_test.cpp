// What is kept on three NATS servers, of which any one may be away.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include <nats/nats.h>

#include "cluster/channel_program.hpp"
#include "cluster/jetstream.hpp"
#include "cluster/nats_cluster.hpp"
#include "cluster/program.hpp"
#include "support/quiet_log.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::comes_true;
using test::program;
using test::quick;

namespace {

/// They elect a leader anew.
constexpr auto patience = 60s;

/// What is so of a stream, as its leader says; nothing if nobody does.
template <class F>
std::int64_t ask(const std::string& url, const std::string& stream, F f) {
  natsConnection* nats = nullptr;
  jsCtx* api = nullptr;
  jsStreamInfo* what = nullptr;
  std::int64_t result = 0;
  if (natsConnection_ConnectTo(&nats, url.c_str()) == NATS_OK
      && natsConnection_JetStream(&api, nats, nullptr) == NATS_OK
      && js_GetStreamInfo(&what, api, stream.c_str(), nullptr, nullptr)
           == NATS_OK)
    result = f(*what);
  jsStreamInfo_Destroy(what);
  jsCtx_Destroy(api);
  natsConnection_Destroy(nats);
  return result;
}

/// On how many servers it is kept.
std::int64_t copies(const std::string& url, const std::string& stream) {
  return ask(url, stream, [](auto& x) { return x.Config->Replicas; });
}

/// Waits until all three have all of it: one may be away, not one that is still
/// reading and another one.
bool is_whole(const std::string& url, const std::string& stream) {
  auto others = [&] {
    return ask(url, stream, [](auto& x) {
      auto* all = x.Cluster->Replicas;
      return std::count_if(all, all + x.Cluster->ReplicasLen,
                           [](auto* y) { return y->Current && !y->Offline; });
    });
  };
  return comes_true([&] { return others() == 2; }, patience);
}

cluster_options copied(const std::string& url, std::uint64_t count) {
  auto result = test::at(url);
  result.nats_replicas = count;
  return result;
}

} // namespace

TEST_CASE("any server of three is killed, and a channel misses nothing") {
  test::quiet_log quiet;
  test::nats_cluster nats;
  test::channel_program a{nats.url(), 3};
  test::channel_program b{nats.url(), 3};
  REQUIRE(a.is_there(patience));
  REQUIRE(b.is_there(patience));
  test::page there{b.url()};
  std::uint64_t last = 0;
  for (auto& server : nats.servers) {
    REQUIRE(is_whole(nats.url(), "flamigo-flamigo"));
    server->kill();
    for (auto i = 0; i < 10; ++i)
      REQUIRE_FALSE(a.app.bus().publish(test::post{++last}));
    REQUIRE(there.heard.wait_for(last, patience));
    server->start();
  }
  auto heard = there.heard.heard();
  CHECK(std::is_sorted(heard.begin(), heard.end()));
  CHECK(heard.size() == last);
  CHECK(copies(nats.url(), "flamigo-flamigo") == 3);
}

TEST_CASE("leases are kept on more servers when a program wants that") {
  test::quiet_log quiet;
  test::nats_cluster nats;
  {
    program a{nats.url(), copied(nats.url(), 1)};
    auto mine = a.node->lease("orders", quick());
    REQUIRE(comes_true([&] { return mine.held(); }, patience));
  }
  CHECK(copies(nats.url(), "KV_flamigo-flamigo-leases") == 1);
  program b{nats.url(), copied(nats.url(), 3)};
  auto mine = b.node->lease("orders", quick());
  REQUIRE(comes_true([&] { return mine.held(); }, patience));
  CHECK(copies(nats.url(), "KV_flamigo-flamigo-leases") == 3);
  for (auto& server : nats.servers) {
    REQUIRE(is_whole(nats.url(), "KV_flamigo-flamigo-leases"));
    server->kill();
    auto more = b.node->lease("more", quick());
    REQUIRE(comes_true([&] { return more.held(); }, patience));
    server->start();
  }
}

TEST_CASE("one server keeps a history that begins there, of three wanted") {
  test::jetstream nats;
  test::channel_program a{nats.server.url(), 3};
  REQUIRE(a.is_there());
  nats.server.kill();
  nats.server.start();
  REQUIRE_FALSE(a.app.bus().publish(test::post{1}));
  test::page there{a.url(), {}};
  REQUIRE_FALSE(a.app.bus().publish(test::post{2}));
  REQUIRE(there.heard.wait_for(1));
  CHECK(copies(nats.server.url(), "flamigo-flamigo") == 1);
}

TEST_CASE("one server keeps leases of which three copies are wanted") {
  test::quiet_log quiet;
  test::jetstream nats;
  program a{nats.server.url(), copied(nats.server.url(), 3)};
  auto mine = a.node->lease("orders", quick());
  REQUIRE(comes_true([&] { return mine.held(); }));
  auto token = mine.token();
  nats.server.kill();
  nats.server.start();
  REQUIRE(comes_true([&] { return mine.held(); }));
  auto more = a.node->lease("more", quick());
  REQUIRE(comes_true([&] { return more.held(); }));
  CHECK(mine.token() >= token);
  CHECK(copies(nats.server.url(), "KV_flamigo-flamigo-leases") == 1);
}
