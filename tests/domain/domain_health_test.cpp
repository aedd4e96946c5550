#include "flamigo/domain/domain_health.hpp"

#include <stdexcept>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <caf/send.hpp>

#include "flamigo/domain/domain_actor.hpp"
#include "flamigo/domain/domain_events.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/task/request.hpp"
#include "flamigo/testing/app.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

struct orders_state {
  int count = 0;
};

domain_behavior orders(domain_actor<orders_state>* self) {
  return {
    on("app::orders:add", [=] { return ++self->state.count; }),
    on("app::orders:fall", [=] { self->quit(caf::sec::runtime_error); }),
    [=](caf::get_atom) { return self->state.count; },
  };
}

domain_behavior silent(domain_actor<>*) {
  return {};
}

/// Asks the orders by the name that it is given.
task<int> count(flamigo::context ctx, std::string name) {
  auto found = ctx.find(name);
  if (!found)
    co_return found.error();
  co_return co_await request<int>(ctx, found->actor(), 1s,
                                  caf::get_atom::value);
}

std::string why(const caf::expected<domain_handle>& x) {
  return x ? "" : trace_of(x.error());
}

} // namespace

TEST_CASE("a domain is found by its name, long or short") {
  testing::app app;
  auto handle = app.host(orders);
  app.strategies().add("app::desk:count", count);
  CHECK(app.find("app::orders")->actor() == handle.actor());
  CHECK(app.find("orders")->name() == "app::orders");
  auto ada = app.connect();
  ada.call<int>("app::orders:add");
  CHECK(ada.call<int>("app::desk:count", "orders") == 1);
  CHECK(why(app.find("rders")).find("\"rders\"") != std::string::npos);
  CHECK_FALSE(app.find("app"));
  CHECK_FALSE(app.find("::orders"));
  CHECK_FALSE(app.find(""));
}

TEST_CASE("a domain that was found stays right after a restart") {
  testing::app app;
  app.host(orders);
  app.strategies().add("app::desk:count", count);
  auto before = *app.find("orders");
  auto ada = app.connect();
  ada.call<int>("app::orders:add");
  ada.call<void>("app::orders:fall");
  CHECK(app.find("orders")->actor() == before.actor());
  CHECK(before.ok());
  CHECK(ada.call<int>("app::desk:count", "orders") == 0);
}

TEST_CASE("a domain is what it was named") {
  testing::app app;
  app.host({.name = "tills"}, orders);
  CHECK(app.find("tills")->name() == "tills");
  CHECK_FALSE(app.find("app::orders"));
  app.connect().call<void>("app::orders:fall");
  CHECK(app.events().expect<domain_down>().domain == "tills");
}

TEST_CASE("a domain finds another") {
  testing::app app;
  app.host(orders);
  std::vector<bool> found;
  app.host([&](domain_actor<>* self) -> domain_behavior {
    found.push_back(self->find("orders").engaged());
    // What is hosted later is found later.
    found.push_back(self->find("stock").engaged());
    self->after(1s,
                [&, self] { found.push_back(self->find("stock").engaged()); });
    return {};
  });
  app.host({.name = "stock"}, silent);
  app.advance(1s);
  CHECK(found == std::vector{true, false, true});
}

TEST_CASE("no two domains are given one name") {
  testing::app app;
  app.host({.name = "orders"}, silent);
  CHECK_THROWS_AS(app.host({.name = "orders"}, silent), std::invalid_argument);
  CHECK_THROWS_AS(app.host({.name = "two words"}, silent),
                  std::invalid_argument);
  // Nor is one that another one has by its strategies, nor is it there then.
  app.host(orders);
  CHECK_THROWS_AS(app.host({.name = "app::orders"}, silent),
                  std::invalid_argument);
  CHECK(app.find("orders")->name() == "orders");
  CHECK(app.find("app::orders")->name() == "app::orders");
}

TEST_CASE("a domain whose name is given already is not hosted") {
  testing::app app;
  app.host({.name = "app::orders"}, silent);
  CHECK_THROWS_AS(app.host(orders), std::invalid_argument);
  CHECK(app.strategies().find("app::orders:add") == nullptr);
  app.host({.name = "tills"}, orders);
}

TEST_CASE("a domain whose strategies come too late is not hosted") {
  testing::app app;
  app.strategies().seal();
  CHECK_THROWS_AS(app.host({.name = "late"}, orders), std::logic_error);
  CHECK_FALSE(app.find("late"));
  // One without strategies has nothing to register.
  app.host({.name = "silent"}, silent);
  CHECK(app.find("silent"));
}

TEST_CASE("of domains that have not been named there may be two") {
  testing::app app;
  app.host(silent);
  auto name = app.host(silent).name();
  CHECK(why(app.find(name)).find("there are several") != std::string::npos);
  app.host({.name = "orders"}, silent);
  CHECK(app.find("orders"));
}

TEST_CASE("a domain that nobody keeps is found as one that has ended") {
  testing::app app;
  host(app.services(), {.name = "orphan"}, silent);
  app.run();
  auto found = app.find("orphan");
  REQUIRE(found);
  CHECK(found->state() == domain_state::ended);
}
