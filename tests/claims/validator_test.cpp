#include "flamigo/claims/validator.hpp"

#include <stdexcept>

#include <catch2/catch_test_macros.hpp>

#include <caf/sec.hpp>

#include "flamigo/error/error.hpp"

using namespace flamigo;

namespace {

claims someone(std::string type) {
  claims result;
  result.type = std::move(type);
  return result;
}

const auto client = someone(claims_type::websocket);

const auto program = someone(claims_type::backend);

const auto domain = *domain_claims("app::chat");

const auto robot = someone("robot");

bool passes(const validator& x, const claims& who) {
  return !x(who);
}

// What a strategy is registered with.
validator guard(validator x) {
  return x;
}

std::string printed(validator x) {
  return to_string(x);
}

} // namespace

// -- leaves -------------------------------------------------------------------

TEST_CASE("validators know the types of actors") {
  CHECK(passes(is_websocket(), client));
  CHECK_FALSE(passes(is_websocket(), program));
  CHECK_FALSE(passes(is_websocket(), robot));
  CHECK_FALSE(passes(is_not_websocket(), client));
  CHECK(passes(is_not_websocket(), program));
  CHECK(passes(is_not_websocket(), robot));
  // Who asks over HTTP is somebody out there as well.
  auto stranger = someone(claims_type::http);
  CHECK_FALSE(passes(is_websocket(), stranger));
  CHECK_FALSE(passes(is_not_websocket(), stranger));
  CHECK_FALSE(passes(is_server(), client));
  CHECK(passes(is_server(), program));
  CHECK(passes(is_server(), domain));
  CHECK_FALSE(passes(is_server(), robot));
  CHECK(passes(is_not_websocket(), domain));
  CHECK(passes(of_type("domain"), domain));
  CHECK_FALSE(passes(is_authenticated(), domain));
  CHECK(passes(of_type("robot"), robot));
  CHECK_FALSE(passes(of_type("robot"), client));
  CHECK_FALSE(passes(of_type("robot"), claims{}));
}

TEST_CASE("nothing asked lets everyone pass") {
  CHECK(passes({}, client));
  CHECK(passes({}, claims{}));
  CHECK(validator{}.empty());
  CHECK(to_string(validator{}).empty());
  CHECK(guard({}).empty());
}

TEST_CASE("a refusal says which validator said no") {
  auto err = is_websocket()(program);
  CHECK(err == errc::forbidden);
  CHECK(status_of(err) == 403);
  CHECK(code_of(err) == "forbidden");
  CHECK(public_message(err) == "you may not do this");
  CHECK(trace_of(err)
        == "validating actor: is_websocket: the actor is of type \"backend\"");
}

// -- composition --------------------------------------------------------------

TEST_CASE("all of them must agree") {
  auto x = all_of(is_not_websocket(), of_type("robot"));
  CHECK(passes(x, robot));
  CHECK_FALSE(passes(x, client));
  CHECK_FALSE(passes(x, program));
  CHECK(trace_of(x(program))
        == "validating actor: of_type(robot): the actor is of type "
           "\"backend\"");
  CHECK(all_of(std::vector<validator>{}).empty());
}

TEST_CASE("the first that says no ends the questions") {
  int asked = 0;
  auto count = make_validator("count", [&asked](const claims&) {
    ++asked;
    return true;
  });
  CHECK_FALSE(passes(all_of(is_server(), count), client));
  CHECK(asked == 0);
  CHECK(passes(any_of(is_websocket(), count), client));
  CHECK(asked == 0);
  CHECK(passes(any_of(is_server(), count), client));
  CHECK(asked == 1);
}

TEST_CASE("one of them must agree, or the refusal lists them all") {
  auto x = any_of(is_server(), of_type("robot"));
  CHECK(passes(x, robot));
  CHECK(passes(x, program));
  auto err = x(client);
  CHECK(err == errc::forbidden);
  CHECK(trace_of(err)
        == "validating actor: any_of(is_server, of_type(robot)): is_server: "
           "the actor is of type \"websocket\"; of_type(robot): the actor is "
           "of type \"websocket\"");
  CHECK_FALSE(passes(any_of(std::vector<validator>{}), client));
  CHECK(trace_of(any_of(std::vector<validator>{})(client))
        == "validating actor: any_of(): nobody passes");
}

TEST_CASE("a negation passes whom the other refuses") {
  auto x = negate(of_type("robot"));
  CHECK(passes(x, client));
  CHECK_FALSE(passes(x, robot));
  CHECK(trace_of(x(robot))
        == "validating actor: negate(of_type(robot)): of_type(robot) says yes");
  CHECK(passes(negate(x), robot));
  CHECK_FALSE(passes(negate({}), robot));
}

TEST_CASE("braces mean all of") {
  CHECK(printed({is_websocket()}) == "is_websocket");
  CHECK(printed({is_websocket(), of_type("admin")})
        == "all_of(is_websocket, of_type(admin))");
  CHECK_FALSE(passes(guard({is_websocket(), is_server()}), client));
  CHECK(passes(guard({is_websocket(), negate(is_server())}), client));
  validator copy{is_websocket()};
  CHECK(to_string(copy) == "is_websocket");
}

TEST_CASE("validators are printed as they are written") {
  CHECK(to_string(all_of(is_websocket(), negate(of_type("admin"))))
        == "all_of(is_websocket, negate(of_type(admin)))");
  CHECK(
    to_string(any_of(is_server(), all_of(is_not_websocket(), of_type("robot"))))
    == "any_of(is_server, all_of(is_not_websocket, of_type(robot)))");
  CHECK(to_string(any_of(is_server(), validator{}))
        == "any_of(is_server, anyone)");
}

TEST_CASE("the leaf is named from within a composition") {
  auto x = guard({any_of(is_websocket(), is_server()),
                  all_of(is_websocket(), negate(is_websocket()))});
  CHECK(trace_of(x(program))
        == "validating actor: is_websocket: the actor is of type \"backend\"");
  CHECK(trace_of(x(client))
        == "validating actor: negate(is_websocket): is_websocket says yes");
}

// -- validators of the application --------------------------------------------

TEST_CASE("a predicate of the application may say no") {
  auto x = make_validator(
    "is_blue", [](const claims& who) { return who.extras.count("blue") > 0; },
    "only the blue ones may do this");
  auto blue = client;
  blue.extras["blue"] = "yes";
  CHECK(passes(x, blue));
  auto err = x(client);
  CHECK(err == errc::forbidden);
  CHECK(public_message(err) == "only the blue ones may do this");
  CHECK(trace_of(err)
        == "validating actor: is_blue: only the blue ones may do this");
  CHECK(to_string(negate(x)) == "negate(is_blue)");
}

TEST_CASE("a predicate without a message has the default one") {
  auto err = make_validator("never",
                            [](const claims&) { return false; })(client);
  CHECK(public_message(err) == "you may not do this");
  CHECK(trace_of(err) == "validating actor: never: says no");
}

TEST_CASE("a function of the application may return its error") {
  auto x = make_validator("has_token", [](const claims&) -> caf::error {
    return make_error(errc::unauthorized, "log in first", "no token");
  });
  auto err = x(client);
  CHECK(err == errc::unauthorized);
  CHECK(public_message(err) == "log in first");
  CHECK(trace_of(err) == "validating actor: has_token: no token");
  auto code = make_validator("has_token",
                             [](const claims&) { return errc::unauthorized; });
  CHECK(code(client) == errc::unauthorized);
  auto fine = make_validator("fine",
                             [](const claims&) { return caf::error{}; });
  CHECK(passes(fine, client));
}

TEST_CASE("a function that fails lets no one pass") {
  auto throws = make_validator("throws", [](const claims&) -> bool {
    throw std::runtime_error{"out of order"};
  });
  auto odd = make_validator("odd", [](const claims&) -> bool { throw 42; });
  auto down = make_validator("down", [](const claims&) -> caf::error {
    return caf::sec::runtime_error;
  });
  auto err = throws(client);
  CHECK(err == errc::internal);
  CHECK(public_message(err) == "internal error");
  CHECK(trace_of(err) == "validating actor: throws: exception: out of order");
  for (auto& x : {throws, odd, down}) {
    CHECK(x(client) == errc::internal);
    // That it failed does not mean that it said no.
    CHECK(negate(x)(client) == errc::internal);
    CHECK_FALSE(passes(negate(negate(x)), client));
    CHECK_FALSE(passes(all_of(is_websocket(), x), client));
    CHECK(passes(any_of(x, is_websocket()), client));
  }
}

// -- users --------------------------------------------------------------------

TEST_CASE("validators know users and their permissions") {
  auto ada = client;
  ada.user = user{"1", "Ada", {"post"}, {}, {}};
  CHECK(passes(is_authenticated(), ada));
  CHECK_FALSE(passes(is_authenticated(), client));
  CHECK_FALSE(passes(is_authenticated(), program));
  CHECK(passes(is_unauthenticated(), client));
  CHECK_FALSE(passes(is_unauthenticated(), ada));
  CHECK(passes(has_permission("post"), ada));
  CHECK_FALSE(passes(has_permission("Post"), ada));
  CHECK_FALSE(passes(has_permission("post"), client));
  CHECK(passes(open_to_guests(), client));
  CHECK(passes(open_to_guests(), ada));
  auto why = has_permission("delete")(ada);
  CHECK(public_message(why) == "you need the permission \"delete\"");
  CHECK(status_of(why) == 403);
  CHECK(trace_of(is_authenticated()(client))
        == "validating actor: is_authenticated: authenticate first");
}

TEST_CASE("a guard opens a strategy to guests when a part of it does") {
  CHECK(open_to_guests().is_open());
  CHECK(is_unauthenticated().is_open());
  CHECK(guard({open_to_guests(), is_websocket()}).is_open());
  CHECK(any_of(has_permission("x"), is_unauthenticated()).is_open());
  CHECK_FALSE(guard({}).is_open());
  CHECK_FALSE(guard({is_websocket(), is_authenticated()}).is_open());
  CHECK_FALSE(negate(is_unauthenticated()).is_open());
  CHECK(printed({open_to_guests(), has_permission("x")})
        == "all_of(open_to_guests, has_permission(x))");
}

// -- internal -----------------------------------------------------------------

TEST_CASE("a guard is internal wherever that stands in it") {
  CHECK(internal().is_internal());
  CHECK(guard({internal(), is_websocket()}).is_internal());
  CHECK(any_of(is_websocket(), all_of(is_server(), internal())).is_internal());
  CHECK(negate(internal()).is_internal());
  CHECK(guard({open_to_guests(), internal()}).is_internal());
  CHECK_FALSE(validator{}.is_internal());
  CHECK_FALSE(guard({is_server(), negate(validator{})}).is_internal());
  CHECK(printed({internal(), is_server()}) == "all_of(internal, is_server)");
}

TEST_CASE("an internal guard asks what else is in it") {
  CHECK(passes(internal(), client));
  CHECK(passes(internal(), program));
  CHECK(passes(guard({internal(), is_websocket()}), client));
  CHECK_FALSE(passes(guard({internal(), is_websocket()}), program));
}

TEST_CASE("a guard says how often") {
  using namespace std::chrono_literals;
  auto both = guard({is_authenticated(), limit(10, 1s)});
  CHECK(both.name() == "all_of(is_authenticated, limit(10, 1s))");
  CHECK(both.limits() == std::vector{rate_limit{{10, 1s}}});
  CHECK(all_of(all_of(limit(1, 1s), is_server()), limit_in_total(2, 1h))
          .limits()
          .size()
        == 2);
  CHECK(validator{}.limits().empty());
  CHECK(is_authenticated().limits().empty());
  CHECK_FALSE(limit(10, 1s)(claims{}));
}

TEST_CASE("a limit stands beside the rest of a guard") {
  using namespace std::chrono_literals;
  CHECK_THROWS_AS(any_of(is_server(), limit(1, 1s)), std::invalid_argument);
  CHECK_THROWS_AS(any_of(is_server(), all_of(is_server(), limit(1, 1s))),
                  std::invalid_argument);
  CHECK_THROWS_AS(negate(limit(1, 1s)), std::invalid_argument);
  CHECK_THROWS_AS(limit(0, 1s), std::invalid_argument);
  CHECK_THROWS_AS(limit(1, 0s), std::invalid_argument);
}
