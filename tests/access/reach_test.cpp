#include "flamigo/access/reach.hpp"

#include <catch2/catch_test_macros.hpp>

#include "flamigo/access/claims_like.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/testing/app.hpp"

using namespace flamigo;

namespace {

std::vector<std::string> names(const testing::app& app, std::string_view who) {
  auto claims = claims_like(who);
  REQUIRE(claims);
  std::vector<std::string> result;
  for (auto& each : reachable(app.doors(), *claims)) {
    auto text = each.name;
    for (auto& predicate : each.depends_on)
      text += " if " + predicate;
    // Those of the framework are tested elsewhere.
    if (!text.starts_with("app::websocket:"))
      result.push_back(std::move(text));
  }
  return result;
}

using list = std::vector<std::string>;

} // namespace

TEST_CASE("somebody thought of is a guest, or a user with permissions") {
  CHECK_FALSE(claims_like("guest")->user);
  CHECK(claims_like("user")->user->permissions.empty());
  CHECK(claims_like("user:edit posts")->user->permissions
        == list{"edit posts"});
  CHECK(claims_like("user:chat:moderate,b")->user->permissions
        == list{"chat:moderate", "b"});
  for (auto wrong : {"", "admin", "users", "user:", "user:a,", "user:,a",
                     "user: a", "user:a ", "user:a, b", "user:\ta", " user"}) {
    INFO(wrong);
    auto got = claims_like(wrong);
    REQUIRE_FALSE(got);
    CHECK(public_message(got.error())
          == "\"" + std::string{wrong}
               + "\" is nobody: write guest, user, or "
                 "user:PERMISSION,PERMISSION, without blanks around them");
  }
}

TEST_CASE("what somebody reaches is what the guards and the gate say") {
  testing::app app;
  app.strategies().add("app::a:all", [] {});
  app.strategies().add("app::a:guests", open_to_guests(), [] {});
  app.strategies().add("app::a:inside", {internal(), open_to_guests()}, [] {});
  app.strategies().add("app::a:mod", has_permission("mod"), [] {});
  app.strategies().add("app::a:server", is_server(), [] {});
  app.strategies().add(
    "app::a:some", make_validator("some", [](const claims&) { return true; }),
    [] {});
  app.strategies().add("app::a:first", {internal(), has_permission("vip")},
                       [] {});
  app.channel("free/*", open_to_guests());
  app.channel("members/*");
  app.channel("vips/*", {}, {.join = "app::a:first"});
  app.channel(
    "closed/*", has_permission("mod"),
    {.check = [](const claims&, const topic&) { return caf::error{}; }});
  // Nobody has to authenticate.
  CHECK(names(app, "guest")
        == list{"app::a:all", "app::a:guests", "app::a:some if some", "free/*",
                "members/*"});
  app.authenticate();
  CHECK(names(app, "guest") == list{"app::a:guests", "free/*"});
  CHECK(names(app, "user")
        == list{"app::a:all", "app::a:guests", "app::a:some if some", "free/*",
                "members/*"});
  CHECK(names(app, "user:mod")
        == list{"app::a:all", "app::a:guests", "app::a:mod",
                "app::a:some if some", "free/*", "members/*",
                "closed/* if its check"});
  CHECK(names(app, "user:vip")
        == list{"app::a:all", "app::a:guests", "app::a:some if some", "free/*",
                "members/*", "vips/*"});
  // It is what clients find.
  auto guest = app.connect();
  guest.expect_error(guest.send("app::a:all"), 401);
  guest.call("app::a:guests");
  guest.subscribe("free/1");
  auto mod = app.connect(user{.id = "1", .permissions = {"mod"}});
  mod.call("app::a:mod");
  mod.expect_error(mod.send("app::a:server"), 403);
  mod.expect_error(mod.send("app::a:inside"), 404);
}
