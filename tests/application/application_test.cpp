#include "flamigo/application/application.hpp"

#include <set>
#include <stdexcept>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/http.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>

#include <rapidjson/document.h>

using namespace flamigo;

namespace {

std::unique_ptr<configuration> any_port() {
  auto result = std::make_unique<configuration>();
  result->server.port = 0;
  result->log_level = log::level::off;
  return result;
}

caf::expected<user> nobody(std::string_view, const claims&) {
  return make_error(errc::unauthorized);
}

/// What GET answers.
auto get(const std::string& path, std::uint16_t port) {
  namespace http = boost::beast::http;
  boost::asio::io_context io;
  boost::asio::ip::tcp::socket socket{io};
  socket.connect({boost::asio::ip::address_v4::loopback(), port});
  http::request<http::empty_body> request{http::verb::get, path, 11};
  request.set(http::field::host, "localhost");
  http::write(socket, request);
  boost::beast::flat_buffer buffer;
  http::response<http::string_body> response;
  http::read(socket, buffer, response);
  return response;
}

unsigned status_of(const std::string& path, std::uint16_t port) {
  return get(path, port).result_int();
}

} // namespace

TEST_CASE("authentication needs a strategy") {
  application app{any_port()};
  app.authenticate();
  CHECK_THROWS_MATCHES(
    app.start(), std::logic_error,
    Catch::Matchers::Message(
      "authentication is switched on, but there is no strategy "
      "\"app::websocket:auth\": register it, or give authenticate() what "
      "verifies a token"));
  // Of the application's own.
  app.strategies().add("app::websocket:auth", [] {});
  app.start();
  CHECK(app.port() != 0);
}

TEST_CASE("what authenticates is not for the program alone") {
  application app{any_port()};
  app.strategies().add("app::websocket:auth", internal(), [] {});
  app.authenticate();
  CHECK_THROWS_MATCHES(
    app.start(), std::logic_error,
    Catch::Matchers::Message(
      "the strategy \"app::websocket:auth\" is internal(), so that no client "
      "could authenticate: give it another guard"));
}

TEST_CASE("an application has one strategy that authenticates") {
  application app{any_port()};
  app.authenticate(&nobody);
  CHECK_THROWS_AS(app.authenticate(&nobody), std::invalid_argument);
  CHECK(app.strategies().find("app::websocket:auth") != nullptr);
}

TEST_CASE("told to list the strategies, an application serves nothing") {
  auto config = any_port();
  config->list_strategies = true;
  application app{std::move(config)};
  CHECK(app.run() == 0);
  CHECK(app.port() == 0);
}

TEST_CASE("an application tells who may come in where") {
  application app{any_port()};
  app.strategies().add("app::a:b", has_permission("x"), [] {});
  app.channel("rooms/*");
  app.http().get("/free", {.body = "ok"});
  app.http().handle("POST", "/mine", {.guard = is_authenticated()},
                    [](const http_request&) { return http_response{}; });
  app.http().strategy("POST", "/b", "app::a:b");
  app.authenticate(&nobody);
  auto guest = *claims_like("guest");
  auto names = [&](const claims& who) {
    std::set<std::string> result;
    for (auto& each : reachable(app.doors(), who))
      if (!each.name.starts_with("app::websocket:"))
        result.insert(each.kind + " " + each.name);
    return result;
  };
  CHECK(names(guest) == std::set<std::string>{"http GET /free"});
  CHECK(names(*claims_like("user:x"))
        == std::set<std::string>{"channel rooms/*", "http GET /free",
                                 "http POST /b", "http POST /mine",
                                 "strategy app::a:b"});
  // A path has its own guard, and behind it that of the strategy.
  CHECK(access_matrix(app.doors()).find("http POST /b -> user:x\n")
        != std::string::npos);
  // The contract tells of it as well.
  rapidjson::Document told;
  told.Parse(app.contract_text().c_str());
  auto& http = told["http"];
  REQUIRE(http.MemberCount() == 1);
  CHECK(http["POST /b"]["strategy"] == "app::a:b");
  CHECK(http["POST /b"]["access"][0] == "user:x");
  // Who authenticates is a guest.
  CHECK(access_matrix(app.doors())
          .find("strategy app::websocket:auth -> guest; user\n")
        != std::string::npos);
  app.http_only();
  CHECK(names(*claims_like("user:x"))
        == std::set<std::string>{"http GET /free", "http POST /b",
                                 "http POST /mine", "strategy app::a:b"});
}

TEST_CASE("the contract is served where that is wanted") {
  for (auto wanted : {false, true}) {
    auto config = any_port();
    config->serve_contract = wanted;
    application app{std::move(config)};
    app.strategies().add("app::a:b", [](int in) { return in; });
    app.contract().error("app::a:b", {409, "odd"});
    app.start();
    auto got = get("/contract.json", app.port());
    CHECK(got.result_int() == (wanted ? 200 : 404));
    CHECK((got.body() == app.contract_text()) == wanted);
  }
}

TEST_CASE("an application prints what it is asked of itself") {
  for (auto set : {+[](configuration& x) { x.print_contract = true; },
                   +[](configuration& x) { x.list_access = true; },
                   +[](configuration& x) { x.list_access_as = "user:a"; }}) {
    auto config = any_port();
    set(*config);
    application app{std::move(config)};
    CHECK(app.run() == 0);
    CHECK(app.port() == 0);
  }
  auto config = any_port();
  config->list_access_as = "root";
  CHECK(application{std::move(config)}.run() == 2);
  config = any_port();
  config->print_contract = true;
  application app{std::move(config)};
  app.contract().error("app::none:none", {409, "odd"});
  CHECK(app.run() == 2);
}

TEST_CASE("without a WebSocket there is HTTP") {
  application app{any_port()};
  app.http().get("/health", {.body = "ok"});
  app.http_only();
  app.start();
  CHECK(status_of("/health", app.port()) == 200);
  CHECK(status_of("/ws", app.port()) == 404);
  CHECK(status_of("/", app.port()) == 404);
}

TEST_CASE("what an application serves is there before it does") {
  application app{any_port()};
  app.start();
  CHECK_THROWS_AS(app.strategies().add("app::test:late", [] {}),
                  std::logic_error);
  CHECK_THROWS_AS(app.authenticate(&nobody), std::logic_error);
  CHECK_THROWS_AS(app.channel("late"), std::logic_error);
  CHECK_THROWS_AS(app.http().get("/late", {.body = "ok"}), std::logic_error);
  CHECK_THROWS_MATCHES(app.on_open([](context&, client) {}), std::logic_error,
                       Catch::Matchers::Message(
                         "on_open(): the program serves already, say it "
                         "before start() or run()"));
  CHECK_THROWS_AS(app.http_only(), std::logic_error);
  CHECK_THROWS_AS(app.sse(), std::logic_error);
  CHECK_THROWS_AS(app.authenticate(), std::logic_error);
}

TEST_CASE("an application that could not start is corrected, and starts") {
  namespace ip = boost::asio::ip;
  boost::asio::io_context io;
  ip::tcp::acceptor taken{io, {ip::address_v4::loopback(), 0}};
  auto config = any_port();
  config->server.port = taken.local_endpoint().port();
  application app{std::move(config)};
  CHECK_THROWS_AS(app.start(), std::system_error);
  CHECK(app.port() == 0);
  app.strategies().add("app::test:late", [] {});
  app.channel("late");
  app.http().get("/late", {.body = "ok"});
  app.http_only();
  taken.close();
  app.start();
  CHECK(status_of("/late", app.port()) == 200);
}
