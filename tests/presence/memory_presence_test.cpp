#include "flamigo/presence/memory_presence.hpp"

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/testing/actor_fixture.hpp"
#include "flamigo/testing/event_log.hpp"
#include "presence/engine_contract.hpp"
#include "presence/shared_presence.hpp"
#include "presence/slow_presence.hpp"
#include "support/log_capture.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

struct fixture : testing::actor_fixture {
  void tell() {
    advance(100ms);
  }

  test::slow_presence slow{presence};
};

} // namespace

TEST_CASE_METHOD(fixture, "memory keeps the contract of presence") {
  presence_contract engine{*this, presence, [] {}, [this] { tell(); }};
  engine.ask();
}

TEST_CASE_METHOD(fixture, "an engine of presence that answers later does") {
  presence_contract engine{*this, slow, [this] { slow.answer_all(); },
                           [this] { tell(); }};
  engine.ask();
}

TEST_CASE_METHOD(fixture, "an engine of presence that is shared does") {
  test::shared_presence mine{*this, presence};
  presence_contract engine{*this, mine, [] {}, [this] { tell(); }};
  engine.ask();
  SECTION("a process that ends") {
    test::shared_presence other{*this, presence};
    engine.those_of_a_process_that_ends_go(other, [&] {
      for (int i = 0; i < 30; ++i) {
        mine.renew();
        advance(1s);
        mine.look();
        other.look();
      }
    });
  }
}

TEST_CASE_METHOD(fixture, "a channel that nobody could enter is forgotten") {
  test::log_capture log;
  auto refused = [this] { presence.set("a", {"c1", "u:1", "{}"}, {}, 1); };
  refused();
  refused();
  CHECK(log.lines().size() == 1);
  tell();
  // It is another one.
  refused();
  CHECK(log.lines().size() == 2);
}

TEST_CASE_METHOD(fixture, "a channel whose topic is too long harms no other") {
  test::log_capture log;
  testing::event_log told{*this};
  std::string topic(1'020, 'x');
  presence.set(topic, {"c1", "u:1", "{}"}, {}, 1'000);
  REQUIRE(log.lines().size() == 1);
  CHECK(log.lines()[0].find("nobody is seen there") != std::string::npos);
  for (int i = 0; i < 64; ++i)
    presence.set(std::to_string(i), {"c1", "u:1", "{}"}, {}, 1'000);
  presence.remove(topic, "u:1", "c1");
  presence.list(topic, [](caf::expected<presence_list> what) {
    CHECK(what->entries.empty());
  });
  tell();
  CHECK(told.all<presence_change>().size() == 64);
}

TEST_CASE_METHOD(fixture, "threads may come and go in channels") {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([this, t] {
      auto id = "c" + std::to_string(t);
      auto key = "u:" + std::to_string(t % 2);
      for (int i = 0; i < 500; ++i) {
        presence.set("a", {id, key, std::to_string(i)}, {}, 100'000);
        presence.list("a", [&](caf::expected<presence_list> what) {
          if (!what || what->entries.empty())
            std::abort();
        });
        if (i % 3 == 0)
          presence.remove("a", key, id);
      }
      presence.remove("a", key, id);
    });
  for (auto& x : threads)
    x.join();
  presence.list("a", [](caf::expected<presence_list> what) {
    REQUIRE(what);
    CHECK(what->entries.empty());
  });
}

TEST_CASE_METHOD(fixture, "who is there is counted, once for each channel") {
  auto count = [this] {
    return std::pair{presence.channels(), presence.people()};
  };
  using figures = std::pair<std::size_t, std::size_t>;
  presence.set("a", {"c1", "u:1"}, {}, 1'000);
  presence.set("a", {"c2", "u:1"}, {}, 1'000);
  presence.set("a", {"c3", "u:2"}, {}, 1'000);
  presence.set("b", {"c1", "u:1"}, {}, 1'000);
  CHECK(count() == figures{2, 3});
  // One that is refused is not there.
  presence.set("b", {"c4", "u:4"}, {}, 10);
  CHECK(count() == figures{2, 3});
  // Somebody else by now.
  presence.set("a", {"c3", "u:3"}, "u:2", 1'000);
  CHECK(count() == figures{2, 3});
  presence.remove("a", "u:1", "c1");
  CHECK(count() == figures{2, 3});
  presence.remove("a", "u:1", "c2");
  CHECK(count() == figures{2, 2});
  presence.remove("b", "u:1", "c1");
  tell();
  CHECK(count() == figures{1, 1});
}
