// Strategies for the program alone.

#include <catch2/catch_test_macros.hpp>

#include "flamigo/claims/validator.hpp"
#include "flamigo/client/client.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/strategy/call.hpp"
#include "flamigo/testing/app.hpp"

using namespace flamigo;

namespace {

/// What called whom it acts for.
std::string name_of(const context& ctx) {
  auto& who = ctx.claims();
  return who.user ? who.type + " " + who.user->name : who.type;
}

/// Asks another strategy and answers what that says.
auto asking(std::string what) {
  return [what = std::move(what)](context& ctx) {
    auto promise = ctx.make_promise<std::string>();
    ctx.call_strategy<std::string>(what).then(
      [promise](std::string x) mutable { promise.deliver(x); },
      [promise](caf::error why) mutable { promise.deliver(std::move(why)); });
    return promise;
  };
}

domain_behavior wallet(domain_actor<>*) {
  return {
    on("app::wallet:reserve", internal(), name_of),
    on("app::wallet:book", {internal(), has_permission("book")}, name_of),
    on("app::wallet:ask", open_to_guests(), asking("app::wallet:reserve")),
  };
}

struct shop : testing::app {
  shop() {
    host(wallet);
    strategies().add("app::shop:price", internal(), name_of);
    strategies().add("app::shop:open", {open_to_guests(), internal()}, name_of);
    strategies().add("app::shop:buy", asking("app::wallet:reserve"));
    strategies().add("app::shop:look", asking("app::shop:price"));
    strategies().add("app::shop:book", asking("app::wallet:book"));
  }
};

const user ada_{.id = "1", .name = "Ada"};

} // namespace

TEST_CASE("a client does not find what is internal") {
  shop app;
  auto ada = app.connect();
  auto nothing = ada.expect_error(ada.send("app::wallet:nothing"), 404);
  for (std::string name :
       {"app::wallet:reserve", "app::wallet:book", "app::shop:price"}) {
    INFO(name);
    auto why = ada.expect_error(ada.send(name), 404);
    CHECK(why.code == nothing.code);
    CHECK(why.message == "there is no strategy \"" + name + "\"");
  }
}

TEST_CASE("a guest does not find what is internal and open") {
  shop app;
  app.authenticate();
  auto guest = app.connect();
  // As of what does not exist: who is nobody yet hears nothing else.
  guest.expect_error(guest.send("app::shop:open"), 401);
  guest.expect_error(guest.send("app::shop:nothing"), 401);
  auto ada = app.connect(ada_);
  ada.expect_error(ada.send("app::shop:open"), 404);
}

TEST_CASE("strategies call what is internal on behalf of who asks") {
  shop app;
  app.authenticate();
  auto ada = app.connect(ada_);
  CHECK(ada.call<std::string>("app::shop:buy") == "websocket Ada");
  CHECK(ada.call<std::string>("app::shop:look") == "websocket Ada");
  CHECK(ada.call<std::string>("app::wallet:ask") == "websocket Ada");
  // Guests as well: the guard of what they have called has been asked.
  CHECK(app.connect().call<std::string>("app::wallet:ask") == "websocket");
}

TEST_CASE("what else is in an internal guard is asked of who is acted for") {
  shop app;
  app.authenticate();
  auto ada = app.connect(ada_);
  ada.expect_error(ada.send("app::shop:book"), 403);
  auto bob
    = app.connect(user{.id = "2", .name = "Bob", .permissions = {"book"}});
  CHECK(bob.call<std::string>("app::shop:book") == "websocket Bob");
}

TEST_CASE("the backend calls what is internal") {
  shop app;
  CHECK(app.backend().call<std::string>("app::wallet:reserve")
        == std::string{"backend"});
  CHECK(app.backend().call<std::string>("app::shop:open")
        == std::string{"backend"});
}

TEST_CASE("a listing says what is internal") {
  shop app;
  auto guard = [&](std::string_view name) {
    return app.strategies().find(name)->info().guard;
  };
  CHECK(guard("app::wallet:reserve") == "internal");
  CHECK(guard("app::wallet:book") == "all_of(internal, has_permission(book))");
  CHECK(app.strategies().find("app::wallet:book")->is_internal());
  CHECK_FALSE(app.strategies().find("app::shop:buy")->is_internal());
  CHECK_FALSE(app.strategies().find("app::shop:open")->is_open());
}

TEST_CASE("a client's own strategy is not internal") {
  shop app;
  caf::error refused;
  app.on_open([&](client& who) {
    refused = who.subscribe("app::mine:x", internal(), [] {});
    // And wins over what the client cannot call anyway.
    who.subscribe("app::wallet:reserve", [] { return 1; });
  });
  auto ada = app.connect();
  CHECK(refused == errc::internal);
  ada.expect_error(ada.send("app::mine:x"), 404);
  CHECK(ada.call<int>("app::wallet:reserve") == 1);
}
