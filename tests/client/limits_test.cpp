// How often clients may say something, on a virtual clock.
#include <optional>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/client/cancel_strategy.hpp"
#include "flamigo/domain/host.hpp"
#include "support/auth_fixture.hpp"

using namespace flamigo;
using namespace flamigo::test;
using testing::fake_client;
using namespace std::chrono_literals;

namespace {

struct fixture : auth_fixture {
  fixture() {
    verify_at_once();
    env.auth.reset();
    env.options.max_refused = 5;
  }

  /// Whether this call is answered, and not refused for its haste.
  bool asks(fake_client& client, const std::string& name) {
    auto frames = [&] {
      client.send(name);
      return client.heard();
    }();
    REQUIRE(frames.size() == 1);
    retry_after = 0;
    if (auto i = frames[0].find(R"("retryAfterMs":)"); i != std::string::npos)
      retry_after = std::stoi(frames[0].substr(i + 15));
    auto refused = contains(frames[0], R"("status":429)");
    CHECK(refused == (retry_after > 0));
    return !refused;
  }

  void sign_in(fake_client& client, const std::string& token) {
    client.send(auth_name,
                std::map<std::string, std::string>{{"token", token}});
    client.heard();
  }

  int retry_after = 0;
};

} // namespace

TEST_CASE("messages of a connection have a rate") {
  fixture f;
  f.env.options.message_rate = 10;
  f.env.options.message_burst = 3;
  fake_client client{f, f.env};
  for (int i = 0; i < 3; ++i)
    CHECK(f.asks(client, "app::test:open"));
  CHECK_FALSE(f.asks(client, "app::test:open"));
  CHECK(f.retry_after == 100);
  // Others have theirs.
  fake_client other{f, f.env, {}, "c2"};
  CHECK(f.asks(other, "app::test:open"));
  f.advance(100ms);
  CHECK(f.asks(client, "app::test:open"));
  CHECK_FALSE(f.asks(client, "app::test:open"));
}

TEST_CASE("whoever goes on and on is closed") {
  fixture f;
  f.env.options.message_rate = 1;
  fake_client client{f, f.env};
  CHECK(f.asks(client, "app::test:open"));
  for (int i = 0; i < 5; ++i)
    CHECK_FALSE(f.asks(client, "app::test:open"));
  client.send("app::test:open");
  client.heard();
  client.expect_close(3013);

  SECTION("also by messages that are answered now and then") {
    fake_client slow{f, f.env, {}, "c2"};
    auto closed = 0s;
    for (; closed < 10s; closed += 1s) {
      // One is answered, three are not.
      for (int i = 0; i < 4 && !slow.closed(); ++i)
        slow.send("app::test:open");
      slow.heard();
      if (slow.closed())
        break;
      f.advance(1s);
    }
    slow.expect_close(3013);
  }

  SECTION("but not by one a minute") {
    fake_client patient{f, f.env, {}, "c2"};
    for (int i = 0; i < 20; ++i) {
      CHECK(f.asks(patient, "app::test:open"));
      CHECK_FALSE(f.asks(patient, "app::test:open"));
      f.advance(1min);
    }
  }
}

TEST_CASE("messages of a user have a rate over all connections") {
  fixture f;
  f.env.options.user_message_rate = 2;
  fake_client one{f, f.env}, two{f, f.env, {}, "c2"}, bob{f, f.env, {}, "c3"};
  f.sign_in(one, "ada");
  f.sign_in(two, "ada");
  f.sign_in(bob, "bob");
  CHECK(f.asks(one, "app::test:name"));
  CHECK(f.asks(two, "app::test:name"));
  CHECK_FALSE(f.asks(one, "app::test:name"));
  CHECK_FALSE(f.asks(two, "app::test:name"));
  CHECK(f.asks(bob, "app::test:name"));
  f.advance(500ms);
  CHECK(f.asks(two, "app::test:name"));
  CHECK_FALSE(f.asks(one, "app::test:name"));
  // Nobody gets more by coming again.
  f.advance(250ms);
  fake_client again{f, f.env, {}, "c4"};
  f.sign_in(again, "ada");
  CHECK_FALSE(f.asks(again, "app::test:name"));
}

TEST_CASE("a strategy has limits, for each caller and for all") {
  fixture f;
  f.strategies.add("app::test:post", {limit(2, 1s), limit_in_total(3, 1s)},
                   [] { return 1; });
  f.strategies.add("app::test:free", [] { return 1; });
  fake_client one{f, f.env}, two{f, f.env, {}, "c2"};
  CHECK(f.asks(one, "app::test:post"));
  CHECK(f.asks(one, "app::test:post"));
  CHECK_FALSE(f.asks(one, "app::test:post"));
  CHECK(f.retry_after == 500);
  CHECK(f.asks(one, "app::test:free"));
  CHECK(f.asks(two, "app::test:post"));
  CHECK_FALSE(f.asks(two, "app::test:post"));
  CHECK(f.retry_after == 334);
  f.advance(334ms);
  CHECK(f.asks(two, "app::test:post"));
}

TEST_CASE("limits of a caller are a user's over all connections") {
  fixture f;
  f.strategies.add("app::test:post", limit(1, 1min), [] { return 1; });
  fake_client one{f, f.env}, two{f, f.env, {}, "c2"};
  f.sign_in(one, "ada");
  CHECK(f.asks(one, "app::test:post"));
  CHECK(f.asks(two, "app::test:post"));
  f.sign_in(two, "ada");
  CHECK_FALSE(f.asks(two, "app::test:post"));
  fake_client bob{f, f.env, {}, "c3"};
  f.sign_in(bob, "bob");
  CHECK(f.asks(bob, "app::test:post"));
}

TEST_CASE("hosted strategies have limits, too, and the program has none") {
  fixture f;
  f.adopt(host(f.services, {}, [](domain_actor<>*) -> domain_behavior {
    return {on("app::desk:ring", limit(1, 1min), [] { return 1; })};
  }));
  f.run();
  fake_client client{f, f.env};
  CHECK(f.asks(client, "app::desk:ring"));
  CHECK_FALSE(f.asks(client, "app::desk:ring"));
  f.strategies.add("app::test:ring_twice", [](context ctx) -> task<int> {
    auto first = co_await ctx.call_strategy<int>("app::desk:ring");
    auto second = co_await ctx.call_strategy<int>("app::desk:ring");
    co_return *first + *second;
  });
  CHECK(f.asks(client, "app::test:ring_twice"));
}

TEST_CASE("a user has so many connections at a time") {
  fixture f;
  f.env.options.max_connections_per_user = 2;
  fake_client one{f, f.env}, bob{f, f.env, {}, "c9"};
  f.sign_in(one, "ada");
  f.sign_in(bob, "bob");
  {
    fake_client two{f, f.env, {}, "c2"};
    f.sign_in(two, "ada");
    // Again, which is none more.
    f.sign_in(two, "ada");
    CHECK(f.asks(two, "app::test:name"));
    fake_client three{f, f.env, {}, "c3"};
    three.send(auth_name, std::map<std::string, std::string>{{"token", "ada"}});
    auto frames = three.heard();
    REQUIRE(frames.size() == 1);
    CHECK(contains(frames[0], R"("status":429)"));
    CHECK(contains(frames[0], "this user has too many connections"));
  }
  f.run();
  fake_client four{f, f.env, {}, "c4"};
  f.sign_in(four, "ada");
  four.send("app::test:name");
  CHECK(contains(four.heard().front(), "Ada"));
}

TEST_CASE("requests may be cancelled at any rate") {
  fixture f;
  f.env.options.message_rate = 1;
  add_cancel_strategy(f.strategies);
  std::optional<response_promise<int>> promise;
  f.strategies.add("app::test:later", [&](context& ctx) {
    promise = ctx.make_promise<int>();
    return *promise;
  });
  fake_client client{f, f.env};
  auto ref = client.send("app::test:later");
  CHECK(client.cancel(ref));
  client.expect_error(ref, 499);
}
