#include "flamigo/cluster/detail/cluster_hosting.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/domain/domain_actor.hpp"
#include "flamigo/domain/domain_behavior.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/testing/app.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using detail::cluster_hosting;
using detail::held_lease;

namespace {

constexpr auto for_ever = held_lease::time_point::max();

struct placement final : domain_placement {
  explicit placement(cluster_hosting& of_) : of(of_) {
  }

  caf::actor place(const services& what, placed_domain domain) override {
    return of.place(what, "desk", {}, domain);
  }

  cluster_hosting& of;
};

/// A node with one domain, whose lease the test gives and takes.
struct world {
  world() {
    hosting.emplace(cluster_hosting::surroundings{
      .node = "a",
      .find = [](auto&) { return nullptr; },
      .compete =
        [this](auto& name_, auto&, auto what) {
          name = name_;
          lease = std::move(what);
        },
      .want =
        [this](auto&, bool whether) {
          if (std::exchange(wants, whether) && !whether)
            set(0);
        },
      .adopt = [this](auto what) { app.adopt(std::move(what)); },
      .later = [](auto what) { what(); },
    });
    app.host(
      hosting_options{.max_restarts = 1'000,
                      .placement = std::make_shared<placement>(*hosting)},
      [this](domain_actor<>* self) -> domain_behavior {
        if (is_broken)
          throw std::runtime_error{"no database"};
        return {
          on("app::desk:token",
             [](context& ctx) { return ctx.fencing_token(); }),
          on("app::desk:leave", [=] { self->quit(); }),
        };
      });
  }

  void set(std::uint64_t token) {
    lease->set(token, for_ever);
    lease->call(token);
    app.run();
  }

  void tick(std::chrono::seconds by) {
    now += by;
    app.advance(by);
    hosting->tick(cluster_hosting::time_point{now}, {});
    app.run();
  }

  std::string token() {
    auto result = app.backend().call<raw_json>("app::desk:token");
    return result ? result->text : code_of(result.error());
  }

  std::chrono::seconds now{100};
  bool is_broken = false;
  bool wants = true;
  std::string name;
  std::shared_ptr<held_lease> lease;
  testing::app app;
  std::optional<cluster_hosting> hosting;
};

} // namespace

TEST_CASE("a clustered domain lives as long as its lease is held") {
  world f;
  CHECK(f.name == "domains/desk");
  CHECK(f.hosting->leases() == std::vector<std::string>{"domains/desk"});
  CHECK(f.token() == "unavailable");
  f.set(7);
  CHECK(f.token() == "7");
  CHECK(f.hosting->status().at(0).token == 7);
  for (auto i = 0; i < 60; ++i)
    f.tick(1s);
  CHECK(f.wants);
  CHECK(f.token() == "7");
  f.set(0);
  CHECK(f.token() == "unavailable");
}

TEST_CASE("where a clustered domain cannot be made, others may try") {
  world f;
  f.is_broken = true;
  f.set(7);
  f.tick(1s);
  f.tick(4s);
  CHECK(f.wants);
  f.tick(1s);
  CHECK_FALSE(f.wants);
  f.is_broken = false;
  f.tick(20s);
  CHECK_FALSE(f.wants);
  f.tick(10s);
  REQUIRE(f.wants);
  f.set(9);
  CHECK(f.token() == "9");
  f.tick(10s);
  CHECK(f.wants);
}

TEST_CASE("a clustered domain that has ended by itself may live elsewhere") {
  world f;
  f.set(7);
  CHECK(f.app.backend().call<raw_json>("app::desk:leave"));
  f.app.run();
  f.tick(1s);
  f.tick(5s);
  CHECK_FALSE(f.wants);
  f.tick(30s);
  CHECK(f.wants);
}
