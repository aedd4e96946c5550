// What is counted of requests, on a clock that the test moves.

#include <chrono>
#include <optional>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/client/cancel_strategy.hpp"
#include "flamigo/client/client.hpp"
#include "flamigo/client/websocket_client.hpp"
#include "flamigo/domain/host.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/metrics/metric_registry.hpp"
#include "flamigo/roster/roster.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/task/stream.hpp"
#include "flamigo/testing/fake_client.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using detail::metric;

namespace {

struct fixture : testing::actor_fixture {
  fixture() {
    strategies.add("app::test:ok", [] { return 1; });
    strategies.add("app::test:slow", [this] { advance(3ms); });
    strategies.add("app::test:refuse", []() -> caf::result<int> {
      return make_error(errc::conflict);
    });
    strategies.add("app::test:guarded", is_server(), [] {});
    strategies.add("app::test:limited", limit(1, 1min), [] {});
    strategies.add("app::test:later", [this](context& ctx) {
      promise = ctx.make_promise<int>();
      return *promise;
    });
    strategies.add("app::test:rows", []() -> stream<int> {
      co_yield 1;
      co_yield 2;
    });
    adopt(host(services, {}, [this](domain_actor<>*) -> domain_behavior {
      return {on("app::desk:work", [this](context& ctx) {
        promise = ctx.make_promise<int>();
        return *promise;
      })};
    }));
    adopt(watch.handle());
    run();
    counted.emplace(strategies.numbered());
    env.metrics = &*counted;
    client.emplace(*this, env);
  }

  ~fixture() {
    promise.reset();
    client.reset();
    end();
  }

  void say(const std::string& topic) {
    client->say(R"({"topic":")" + topic + R"(","payload":null,"ackId":1})");
  }

  detail::request_cells& cells(std::string_view name) {
    auto* what = strategies.find(name);
    return counted->here().of(what != nullptr ? what->number() : 0);
  }

  /// How often a strategy has answered with this status.
  std::uint64_t answers(std::string_view name, int status) {
    return cells(name).by_status[detail::status_place(status)].get();
  }

  std::chrono::nanoseconds took(std::string_view name) {
    return std::chrono::nanoseconds{cells(name).latency.sum()};
  }

  /// As an I/O thread says when it has handled what it has read.
  void end_request() {
    counted->here().end_request(system.clock().now());
  }

  std::uint64_t in_flight() {
    return counted->sum(metric::requests_in_flight);
  }

  std::optional<response_promise<int>> promise;
  std::optional<metric_registry> counted;
  roster watch{bus};
  client_environment env{services, {}, watch.handle()};
  std::optional<testing::fake_client> client;
};

} // namespace

TEST_CASE("requests are counted by strategy and status") {
  fixture f;
  f.say("app::test:ok");
  f.say("app::test:ok");
  f.say("app::test:refuse");
  f.say("app::test:guarded");
  CHECK(f.answers("app::test:ok", 200) == 2);
  CHECK(f.answers("app::test:refuse", 409) == 1);
  CHECK(f.answers("app::test:guarded", 403) == 1);
  CHECK(f.answers("app::test:refuse", 200) == 0);
}

TEST_CASE("who asks a strategy too often is its 429") {
  fixture f;
  f.say("app::test:limited");
  f.say("app::test:limited");
  CHECK(f.answers("app::test:limited", 200) == 1);
  CHECK(f.answers("app::test:limited", 429) == 1);
  CHECK(f.answers("", 429) == 0);
}

TEST_CASE("what is no strategy's is counted without a name") {
  fixture f;
  f.say("app::test:missing");
  f.say("app::test:missing2");
  f.client->say("{");
  CHECK(f.answers("", 404) == 2);
  CHECK(f.answers("", 400) == 1);
  // Nothing of it has run.
  CHECK(f.cells("").latency.count(0) == 0);
}

TEST_CASE("a strategy of one client has no name of its own") {
  fixture f;
  f.strategies.add("app::test:add", [](context& ctx) {
    return require_actor<websocket_client>(ctx)->subscribe(
      "app::mine:run", [](const raw_json& in) { return in; });
  });
  f.say("app::test:add");
  f.say("app::mine:run");
  CHECK(f.answers("", 200) == 2);
}

TEST_CASE("requests that are answered at once end where the next one begins") {
  fixture f;
  f.say("app::test:slow");
  f.advance(1ms);
  f.say("app::test:ok");
  f.advance(1ms);
  f.end_request();
  CHECK(f.took("app::test:slow") == 4ms);
  CHECK(f.took("app::test:ok") == 1ms);
}

TEST_CASE("a late answer has the time until it comes, and is in flight") {
  fixture f;
  f.say("app::test:later");
  CHECK(f.in_flight() == 1);
  f.advance(2s);
  f.say("app::test:ok");
  f.promise->deliver(1);
  f.run();
  CHECK(f.in_flight() == 0);
  CHECK(f.answers("app::test:later", 200) == 1);
  CHECK(f.took("app::test:later") == 2s);
}

TEST_CASE("a request that nobody answers is a 504 after its time") {
  fixture f;
  f.say("app::test:later");
  f.advance(10s);
  CHECK(f.answers("app::test:later", 504) == 1);
  CHECK(f.took("app::test:later") == 10s);
  CHECK(f.in_flight() == 0);
}

TEST_CASE("one that is cancelled is a 499") {
  fixture f;
  add_cancel_strategy(f.strategies);
  f.say("app::test:later");
  f.advance(5ms);
  f.client->say(R"({"topic":"app::websocket:cancel","payload":{"ackId":1}})");
  CHECK(f.answers("app::test:later", 499) == 1);
  CHECK(f.took("app::test:later") == 5ms);
  CHECK(f.in_flight() == 0);
}

TEST_CASE("a client that goes has nothing in flight") {
  fixture f;
  f.say("app::test:later");
  f.client.reset();
  f.run();
  CHECK(f.in_flight() == 0);
}

TEST_CASE("a hosted strategy counts with the time of its domain") {
  fixture f;
  f.say("app::desk:work");
  f.advance(7ms);
  f.promise->deliver(1);
  f.run();
  CHECK(f.answers("app::desk:work", 200) == 1);
  CHECK(f.took("app::desk:work") == 7ms);
}

TEST_CASE("an answer in parts counts once") {
  fixture f;
  f.say("app::test:rows");
  CHECK(f.answers("app::test:rows", 200) == 1);
  CHECK(f.in_flight() == 0);
}

TEST_CASE("nothing is counted where nobody wants to know") {
  fixture f;
  f.client.reset();
  f.run();
  f.env.metrics = nullptr;
  f.client.emplace(f, f.env);
  f.say("app::test:ok");
  f.say("app::test:refuse");
  f.say("app::test:later");
  CHECK(f.answers("app::test:ok", 200) == 0);
  CHECK(f.answers("app::test:refuse", 409) == 0);
  CHECK(f.in_flight() == 0);
}
