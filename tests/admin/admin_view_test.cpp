#include "flamigo/admin/detail/admin_view.hpp"

#include <chrono>
#include <fstream>
#include <optional>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include <caf/event_based_actor.hpp>

#include "flamigo/admin/detail/connection_figures.hpp"
#include "flamigo/client/client.hpp"
#include "flamigo/client/websocket_client.hpp"
#include "flamigo/domain/host.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/testing/fake_client.hpp"
#include "support/log_capture.hpp"
#include "support/temporary_directory.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::contains;

namespace {

const raw_json all{"{}"};

/// Of "one".
const std::string sha256_of_one
  = "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed";

/// Of "two".
const std::string sha256_of_two
  = "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3";

domain_behavior desk(domain_actor<>*) {
  return {on("app::desk:work", [] { return 1; })};
}

struct fixture : testing::actor_fixture {
  fixture() {
    strategies.add("app::t:ok", [] { return 1; });
    strategies.add("app::t:fail", []() -> caf::error {
      return make_error(errc::internal, "out of order", "a cause");
    });
    strategies.add("app::t:await", [this](context& ctx) {
      ctx.self()
        ->request(caf::actor_cast<caf::actor>(silent), caf::infinite, 1)
        .await([](int) {});
    });
    strategies.add("app::t:join", [](client& who, const std::string& topic) {
      return who.subscribe(topic);
    });
    adopt(host(services, {}, desk));
    adopt(watch.handle());
    adopt(silent);
    write_keys("ops admin " + sha256_of_one + "\nfew info " + sha256_of_two);
    counted.emplace(strategies.numbered());
    view.emplace(
      detail::admin_sources{services, *counted, watch, errors, draining, keys});
    env.metrics = &*counted;
    env.errors = &errors;
    run();
  }

  ~fixture() {
    adopt(view->finish());
    end();
    view->stop();
  }

  void write_keys(const std::string& text) {
    std::ofstream{(where.path() / "keys").string()} << text << '\n';
    REQUIRE_FALSE(keys->load());
  }

  /// Somebody who shows this key.
  testing::fake_client looker(const std::string& key = "one") {
    return {*this, view->environment(), key, "looker"};
  }

  testing::fake_client connect(const std::string& id) {
    return {*this, env, {}, id};
  }

  /// As its socket says.
  static void let_wait(const testing::fake_client& whom, std::size_t bytes) {
    auto* self = caf::actor_cast<caf::abstract_actor*>(whom.handle());
    static_cast<websocket_client*>(self)->waits(bytes);
  }

  test::temporary_directory where;
  std::shared_ptr<detail::key_store> keys
    = std::make_shared<detail::key_store>((where.path() / "keys").string());
  caf::actor silent = system.spawn([](caf::event_based_actor* self) {
    self->set_default_handler(caf::skip);
    return caf::behavior{[](caf::unit_t) {}};
  });
  std::atomic<bool> draining = false;
  std::optional<metric_registry> counted;
  roster watch{bus};
  detail::recent_errors errors;
  client_environment env{services, {}, watch.handle()};
  std::optional<detail::admin_view> view;
};

} // namespace

// -- who may ------------------------------------------------------------------

TEST_CASE("without a key nothing is shown") {
  fixture f;
  testing::fake_client guest{f, f.view->environment()};
  for (auto* what : {"overview", "connections", "strategies", "domains",
                     "topics", "errors", "kick", "log_level"})
    guest.expect_error(guest.send("app::admin:" + std::string{what}, all), 401);
  guest.expect_nothing();
}

TEST_CASE("a key that is none, or for something else, is refused") {
  fixture f;
  auto stranger = f.looker("three");
  auto why = stranger.expect_push<testing::error_frame>("error");
  CHECK(why.status == 401);
  CHECK(why.message == "this is no key of this server");
  stranger.expect_error(stranger.send("app::admin:errors", all), 401);
  auto other = f.looker("two");
  why = other.expect_push<testing::error_frame>("error");
  CHECK(why.status == 403);
  CHECK(why.message == "the key \"few\" has not got the scope admin");
  other.expect_error(other.send("app::admin:errors", all), 401);
}

TEST_CASE("a key that is taken back opens nothing any more") {
  fixture f;
  auto uut = f.looker();
  uut.call("app::admin:domains");
  // Another key of that name is not the same.
  f.write_keys("ops admin " + sha256_of_two);
  uut.expect_error(uut.send("app::admin:domains"), 401);
  f.write_keys("ops admin " + sha256_of_one);
  uut.call("app::admin:domains");
  f.write_keys("ops info " + sha256_of_one);
  uut.expect_error(uut.send("app::admin:domains"), 401);
}

TEST_CASE("the program's own clients know nothing of it, nor it of who looks") {
  fixture f;
  auto uut = f.looker();
  auto ada = f.connect("a1");
  ada.expect_error(ada.send("app::admin:overview"), 404);
  CHECK(f.watch.open() == 1);
  uut.expect_error(uut.send("app::t:ok"), 404);
  CHECK(contains(uut.call("app::admin:overview").text,
                 R"("connections":1,"connectionsEver":1,)"));
}

// -- connections --------------------------------------------------------------

TEST_CASE("connections are listed with what is known of them") {
  fixture f;
  auto uut = f.looker();
  auto ada = f.connect("a1");
  ada.call("app::t:join", std::string{"rooms/1"});
  client{ada.handle()}.set_user(
    user{.id = "ada", .name = "Ada", .permissions = {"post"}});
  f.advance(90s);
  auto got = uut.call("app::admin:connections", all).text;
  CHECK(contains(got, R"({"connections":[{"id":"a1","user":{"id":"ada",)"
                      R"("name":"Ada","permissions":["post"],"extras":{}})"));
  // The topic of the user as well.
  CHECK(contains(got, R"("ageMs":90000,"backlogBytes":0,"answers":true,)"
                      R"("inFlight":0,"subscriptions":2})"));
  CHECK(contains(got, R"("matching":1,"open":1})"));
}

TEST_CASE("slow consumers come first, then the latest") {
  fixture f;
  auto uut = f.looker();
  auto first = f.connect("a1");
  f.advance(1s);
  auto second = f.connect("a2");
  f.advance(1s);
  auto third = f.connect("a3");
  auto order = [&](const std::string& in) {
    auto text = uut.call("app::admin:connections", raw_json{in}).text;
    std::string result;
    for (std::size_t i = 0; (i = text.find(R"("id":")", i)) != text.npos; ++i)
      result += text.substr(i + 6, 2) + ' ';
    return result;
  };
  CHECK(order("{}") == "a3 a2 a1 ");
  f.let_wait(second, 100);
  f.let_wait(first, 200);
  CHECK(order("{}") == "a1 a2 a3 ");
  CHECK(order(R"({"limit":1})") == "a1 ");
  CHECK(order(R"({"order":"newest"})") == "a3 a2 a1 ");
  CHECK(order(R"({"order":"oldest","limit":2})") == "a1 a2 ");
  CHECK(order(R"({"filter":"a2"})") == "a2 ");
  CHECK(contains(
    uut.call("app::admin:connections", raw_json{R"({"limit":1})"}).text,
    R"("backlogBytes":200,)"));
  uut.expect_error(
    uut.send("app::admin:connections", raw_json{R"({"limit":101})"}), 400);
}

TEST_CASE("a connection that is held up is shown, and not waited for") {
  fixture f;
  auto uut = f.looker();
  auto ada = f.connect("a1");
  auto bob = f.connect("b1");
  ada.send("app::t:await");
  auto ref = uut.send("app::admin:connections", all);
  uut.expect_nothing();
  f.advance(detail::figures_limit);
  auto got = uut.expect_reply(ref).text;
  CHECK(contains(got, R"("id":"a1")"));
  CHECK(contains(got, R"("answers":false})"));
  CHECK(contains(got, R"("answers":true,"inFlight":0)"));
}

TEST_CASE("one connection is kicked") {
  fixture f;
  auto uut = f.looker();
  auto ada = f.connect("a1");
  auto bob = f.connect("a11");
  uut.call<void>("app::admin:kick", raw_json{R"({"connection":"a1"})"});
  ada.expect_close(close_code::kicked);
  CHECK_FALSE(bob.closed());
  auto why = uut.expect_error(
    uut.send("app::admin:kick", raw_json{R"({"connection":"a1"})"}), 404);
  CHECK(why.message == "there is no such connection");
}

TEST_CASE("the lines of one connection are logged from a level up") {
  test::log_capture out;
  fixture f;
  auto uut = f.looker();
  auto ada = f.connect("a1");
  auto bob = f.connect("b1");
  auto set = [&](const std::string& level) {
    uut.call<void>("app::admin:log_level",
                   raw_json{R"({"connection":"a1","level":)" + level + "}"});
  };
  auto logged = [&](const std::string& what) {
    for (auto& line : out.lines())
      if (contains(line, what))
        return true;
    return false;
  };
  set(R"("debug")");
  ada.call("app::t:ok");
  bob.call("app::t:ok");
  CHECK(logged(" debug connection a1: requests app::t:ok, 4 bytes, ackId 1"));
  CHECK_FALSE(logged("connection b1: requests"));
  CHECK_FALSE(logged("is answered"));
  CHECK(contains(uut.call("app::admin:connections", all).text,
                 R"("logLevel":"debug")"));
  set(R"("trace")");
  ada.call("app::t:ok");
  CHECK(logged(" trace connection a1: is answered by app::t:ok, "));
  CHECK(logged(R"(connection a1 is logged from trace up, says the key "ops")"));
  set("null");
  CHECK(logged(R"(connection a1 is logged as all others again, says the key )"
               R"("ops")"));
  CHECK_FALSE(logged("is logged from off up"));
  ada.send("app::t:fail2");
  CHECK_FALSE(logged("app::t:fail2"));
  CHECK_FALSE(
    contains(uut.call("app::admin:connections", all).text, "logLevel"));
  uut.expect_error(uut.send("app::admin:log_level",
                            raw_json{R"({"connection":"a1","level":"loud"})"}),
                   400);
}

// -- the program --------------------------------------------------------------

TEST_CASE("strategies are shown with how they have answered") {
  fixture f;
  auto uut = f.looker();
  auto ada = f.connect("a1");
  ada.call("app::t:ok");
  ada.call("app::t:ok");
  ada.expect_error(ada.send("app::t:fail"), 500);
  auto got = uut.call("app::admin:strategies").text;
  CHECK(contains(got, R"({"name":"app::t:ok","byStatus":{"200":2},)"));
  CHECK(contains(got, R"({"name":"app::t:fail","byStatus":{"500":1},)"));
  CHECK_FALSE(contains(got, "app::t:join"));
}

TEST_CASE("domains and topics are shown") {
  fixture f;
  auto uut = f.looker();
  auto ada = f.connect("a1");
  auto bob = f.connect("b1");
  for (auto* who : {&ada, &bob})
    who->call("app::t:join", std::string{"rooms/1"});
  ada.call("app::t:join", std::string{"rooms/2"});
  CHECK(uut.call("app::admin:domains").text
        == R"({"domains":[{"name":"app::desk","state":"up",)"
           R"("queuedRequests":0,"queuedEvents":0,"restarts":0}]})");
  CHECK(contains(uut.call("app::admin:topics", all).text,
                 R"({"topics":[{"topic":"rooms/1","below":true,"subscribers":)"
                 R"(2},{"topic":"rooms/2","below":true,"subscribers":1}])"));
}

TEST_CASE("errors are shown with their traces") {
  fixture f;
  auto uut = f.looker();
  auto ada = f.connect("a1");
  ada.expect_error(ada.send("app::t:fail"), 500);
  ada.expect_error(ada.send("app::t:nothing"), 404);
  auto got = uut.call("app::admin:errors", all).text;
  CHECK(contains(got, R"("connection":"a1","user":"","status":500,)"
                      R"("code":"internal","message":"out of order",)"
                      R"("trace":"call strategy(app::t:fail): )"));
  CHECK(contains(got, "a cause"));
  CHECK_FALSE(contains(got, "404"));
  got = uut.call("app::admin:errors", raw_json{R"({"refusals":true})"}).text;
  CHECK(contains(got, R"("status":404)"));
  CHECK(contains(got, R"("status":500)"));
}
