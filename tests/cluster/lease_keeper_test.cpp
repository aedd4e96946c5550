#include "flamigo/cluster/detail/lease_keeper.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "cluster/lease_world.hpp"
#include "cluster/seeds.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::lease_world;

namespace {

void check_oracle(const lease_world& world) {
  CHECK(world.conflicts == 0);
  CHECK(world.repeated == 0);
  CHECK(world.older == 0);
  CHECK(world.revived == 0);
}

} // namespace

TEST_CASE("one of several nodes holds a lease, and keeps it") {
  lease_world world;
  for (auto i = 0; i < 3; ++i)
    world.add();
  world.run(1s);
  REQUIRE(world.holders().size() == 1);
  auto token = world.largest;
  CHECK(token >= 1'000u * 3'600'000u);
  world.run(5min);
  CHECK(world.holders().size() == 1);
  CHECK(world.largest == token);
  for (auto& it : world.nodes)
    CHECK(it->keeper.holder() == world.holder);
  check_oracle(world);
}

TEST_CASE("another node takes over a lease of one that died") {
  lease_world world;
  auto& a = world.add();
  world.run(1s);
  REQUIRE(a.token() != 0);
  auto& b = world.add();
  auto& c = world.add();
  world.run(1min);
  CHECK(b.token() + c.token() == 0);
  a.is_dead = true;
  auto killed = world.server.now;
  while (world.holders().empty())
    world.run(50ms);
  CHECK(world.server.now - killed < 13s);
  CHECK(b.token() + c.token() == world.largest);
  CHECK(world.terms == 2);
  check_oracle(world);
}

TEST_CASE("a lease that is given back is taken at once") {
  lease_world world;
  auto& a = world.add();
  world.run(1s);
  auto& b = world.add();
  world.run(1s);
  a.keeper.end(a.now());
  CHECK(a.token() == 0);
  world.run(1s + 200ms);
  CHECK(a.keeper.has_ended());
  CHECK(b.token() == world.largest);
  CHECK(world.terms == 2);
  check_oracle(world);
}

TEST_CASE("who does not want a lease gives it back, and sees who has it") {
  lease_world world;
  auto& a = world.add();
  world.run(1s);
  auto& b = world.add();
  world.run(1s);
  a.keeper.want(a.now(), false);
  CHECK(a.token() == 0);
  world.run(1s + 200ms);
  CHECK(b.token() == world.largest);
  CHECK(a.keeper.holder() == b.id);
  b.is_dead = true;
  world.run(1min);
  CHECK(a.token() == 0);
  a.keeper.want(a.now(), true);
  world.run(200ms);
  CHECK(a.token() == world.largest);
  CHECK(world.terms == 3);
  check_oracle(world);
}

TEST_CASE("who wants a lease again while he gives it back begins anew") {
  lease_world world;
  auto& a = world.add();
  world.run(1s);
  auto first = a.token();
  REQUIRE(first != 0);
  a.keeper.want(a.now(), false);
  a.run();
  a.keeper.want(a.now(), true);
  CHECK(a.token() == 0);
  world.run(1s);
  CHECK(a.token() > first);
  check_oracle(world);
}

TEST_CASE("a lease that is not wanted when its answer comes is not gained") {
  lease_world world;
  auto& a = world.add();
  // It was read, and is being written.
  world.run(100ms);
  REQUIRE(world.server.asked == 2);
  REQUIRE(a.token() == 0);
  a.keeper.want(a.now(), false);
  world.run(10s);
  CHECK(world.server.revision == 2);
  CHECK(world.terms == 0);
  CHECK(a.keeper.holder().empty());
  // It is read once a second, and not all the time.
  auto asked = world.server.asked;
  world.run(10s);
  CHECK(world.server.asked - asked <= 11);
}

TEST_CASE("who has asked for nothing has nothing to give back") {
  lease_world world;
  auto& a = world.add();
  a.keeper.end(a.now());
  CHECK(a.keeper.has_ended());
  CHECK_FALSE(a.keeper.next(a.now(), 0ms));
}

TEST_CASE("a lease whose first answer is lost is given back as well") {
  lease_world world;
  auto& a = world.add();
  a.run();
  world.server.run_to(world.server.now + 50ms);
  a.run();
  // Written, and nobody has told it so.
  world.server.run_to(world.server.now + 50ms);
  a.answers.clear();
  a.keeper.failed(a.now());
  a.keeper.end(a.now());
  world.run(1s);
  CHECK(a.keeper.has_ended());
  CHECK(world.server.records["it"].entry.token != 0);
  CHECK(world.server.records["it"].entry.owner.empty());
}

TEST_CASE("a node that stood still has lost its lease before it runs") {
  lease_world world;
  auto& a = world.add();
  world.run(1s);
  auto first = a.token();
  REQUIRE(first != 0);
  auto& b = world.add();
  world.run(2s);
  a.stands_still = true;
  world.run(9s);
  CHECK(a.token() == 0);
  world.run(5s);
  CHECK(b.token() > first);
  a.stands_still = false;
  world.run(1min);
  CHECK(a.token() == 0);
  CHECK(world.terms == 2);
  check_oracle(world);
}

TEST_CASE("without a store nobody gains, and who holds it loses it in time") {
  lease_world world;
  auto& a = world.add();
  auto& b = world.add();
  world.run(1s);
  REQUIRE(world.holders().size() == 1);
  a.store.is_cut = b.store.is_cut = true;
  world.run(9s);
  CHECK(world.holders().empty());
  world.run(1min);
  CHECK(world.holders().empty());
  a.store.is_cut = b.store.is_cut = false;
  world.run(2s);
  CHECK(world.holders().size() == 1);
  CHECK(world.terms == 2);
  check_oracle(world);
}

TEST_CASE(
  "a holder goes on when its record is lost, with a larger token next") {
  lease_world world;
  auto& a = world.add();
  world.run(1s);
  auto& b = world.add();
  world.run(10s);
  auto first = a.token();
  REQUIRE(first != 0);
  SECTION("and it is there") {
    world.server.lose();
    world.run(1min);
    CHECK(a.token() == first);
    CHECK(world.terms == 1);
  }
  SECTION("and it is cut off") {
    a.store.is_cut = true;
    world.server.lose();
    world.run(20s);
    CHECK(b.token() > first);
  }
  check_oracle(world);
}

TEST_CASE("each waits as long as the holder has said") {
  lease_world world;
  lease_options longer;
  longer.lasts = 30s;
  auto& a = world.add(longer);
  world.run(1s);
  auto& b = world.add();
  world.run(1s);
  a.stands_still = true;
  world.run(28s);
  CHECK(b.token() == 0);
  world.run(4s);
  CHECK(b.token() != 0);
  check_oracle(world);
}

TEST_CASE("what cannot be read is waited for no longer than an hour") {
  lease_world world;
  world.server.records["it"]
    = {1, {"somebody", "", 7, std::chrono::milliseconds::max()}};
  world.server.revision = 1;
  world.step = 1s;
  auto& a = world.add();
  world.run(59min);
  CHECK(a.token() == 0);
  world.run(2min);
  CHECK(a.token() == 8);
}

TEST_CASE("whatever happens to nodes and store, one at most holds a lease") {
  for (std::uint32_t seed = 1; seed <= test::seeds(); ++seed) {
    CAPTURE(seed);
    lease_world world{seed};
    auto& server = world.server;
    auto join = [&] {
      lease_options with;
      with.lasts = server.happens(30) ? 15s : 10s;
      auto& it = world.add(with);
      it.started = 1h + server.some(100h);
      // Two percent between the fastest and the slowest clock.
      it.rate = 0.99 + static_cast<double>(server.random() % 21) / 1'000;
    };
    for (auto i = 0; i < 4; ++i)
      join();
    for (auto i = 0; i < 150; ++i) {
      auto& it = *world.nodes[server.random() % world.nodes.size()];
      switch (server.random() % 11) {
        case 0:
          server.lost = static_cast<unsigned>(server.random() % 60);
          break;
        case 1:
          server.late = static_cast<unsigned>(server.random() % 60);
          break;
        case 2:
          server.delay = server.some(400ms);
          break;
        case 3:
          it.store.is_cut = true;
          break;
        case 4:
          it.store.is_cut = false;
          break;
        case 5:
          it.stands_still = true;
          break;
        case 6:
          it.stands_still = false;
          break;
        case 7:
          it.is_dead = true;
          break;
        case 8:
          it.keeper.want(it.now(), false);
          break;
        case 9:
          it.keeper.want(it.now(), true);
          break;
        default:
          if (!it.is_dead)
            it.keeper.end(it.now());
      }
      if (std::count_if(world.nodes.begin(), world.nodes.end(),
                        [](auto& x) {
                          return !x->is_dead && !x->keeper.has_ended();
                        })
          < 4)
        join();
      world.run(server.some(10s));
      REQUIRE(world.conflicts == 0);
      REQUIRE(world.repeated == 0);
      REQUIRE(world.older == 0);
      REQUIRE(world.revived == 0);
    }
    // It has been held by many, and is by somebody when all is well.
    CHECK(world.terms > 5);
    server.lost = server.late = 0;
    server.delay = 10ms;
    for (auto& it : world.nodes) {
      it->store.is_cut = it->stands_still = false;
      it->keeper.want(it->now(), true);
    }
    world.run(1min);
    CHECK(world.holders().size() == 1);
  }
}
