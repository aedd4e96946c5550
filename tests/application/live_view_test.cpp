// The live view on the port for metrics.

#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/application/application.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/remote.hpp"
#include "support/temporary_directory.hpp"

using namespace flamigo;

namespace {

namespace http = boost::beast::http;

struct program {
  explicit program(const std::string& scopes,
                   std::vector<std::string> hosts = {}) {
    std::ofstream{keys()}
      << "ops " << scopes
      << " 7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed\n";
    auto config = std::make_unique<configuration>();
    config->server.port = 0;
    config->server.threads = 1;
    config->metrics.on_free_port = true;
    config->server.allowed_hosts = std::move(hosts);
    config->api.keys_file = keys();
    config->log_level = log::level::off;
    app.emplace(std::move(config));
  }

  std::string keys() const {
    return (where.path() / "keys").string();
  }

  /// With an `Origin`, to begin a WebSocket.
  http::response<http::string_body>
  get(std::uint16_t port, const std::string& path,
      const std::string& host = "localhost", const std::string& origin = {}) {
    boost::asio::io_context io;
    boost::asio::ip::tcp::socket socket{io};
    socket.connect({boost::asio::ip::address_v4::loopback(), port});
    http::request<http::empty_body> request{http::verb::get, path, 11};
    request.set(http::field::host, host);
    if (!origin.empty()) {
      request.set(http::field::origin, origin);
      request.set(http::field::upgrade, "websocket");
      request.set(http::field::connection, "Upgrade");
      request.set(http::field::sec_websocket_version, "13");
      request.set(http::field::sec_websocket_key, "dGhlIHNhbXBsZSBub25jZQ==");
    }
    http::write(socket, request);
    boost::beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    if (origin.empty())
      http::read(socket, buffer, parser);
    else
      http::read_header(socket, buffer, parser);
    return parser.release();
  }

  test::temporary_directory where;
  std::optional<application> app;
};

} // namespace

TEST_CASE("with a key for it there is a live view, on one port only") {
  program uut{"info,admin"};
  uut.app->start();
  auto port = uut.app->metrics_port();
  auto page = uut.get(port, "/admin/");
  CHECK(page.result_int() == 200);
  CHECK(page[http::field::content_type] == "text/html; charset=utf-8");
  CHECK(page["Content-Security-Policy"].starts_with("default-src 'none'; "));
  for (auto* file :
       {"admin.js", "admin.css", "table.js", "samples.js", "client.js"})
    CHECK(uut.get(port, "/admin/" + std::string{file}).result_int() == 200);
  CHECK(uut.get(port, "/admin/ws").result_int() == 426);
  CHECK(uut.get(port, "/admin").result_int() == 308);
  for (auto* path : {"/admin/", "/admin/ws"})
    CHECK(uut.get(uut.app->port(), path).result_int() == 404);
}

TEST_CASE("without such a key there is none") {
  program uut{"info"};
  uut.app->start();
  for (auto* path : {"/admin", "/admin/", "/admin/ws"})
    CHECK(uut.get(uut.app->metrics_port(), path).result_int() == 404);
  // It goes by any name, as ever.
  CHECK(uut.get(uut.app->metrics_port(), "/metrics", "any.example").result_int()
        == 200);
}

TEST_CASE("whoever looks comes by a name of this machine, from its page") {
  program uut{"admin"};
  uut.app->start();
  auto port = uut.app->metrics_port();
  auto here = "localhost:" + std::to_string(port);
  auto begin = [&](const std::string& host, const std::string& origin) {
    return uut.get(port, "/admin/ws", host, origin).result_int();
  };
  CHECK(begin(here, "http://" + here) == 101);
  CHECK(begin(here, "http://evil.example") == 403);
  // A name of theirs that leads here (DNS rebinding).
  CHECK(begin("evil.example", "http://evil.example") == 421);
  CHECK(uut.get(port, "/admin/", "evil.example").result_int() == 421);
}

TEST_CASE("a name that the program is allowed is one of the live view") {
  program uut{"admin", {"example.org"}};
  uut.app->start();
  CHECK(uut.get(uut.app->metrics_port(), "/admin/", "example.org").result_int()
        == 200);
}

TEST_CASE("it shows errors of requests over HTTP as well") {
  program uut{"admin"};
  uut.app->strategies().add("app::test:fail",
                            [] { return internal_error("a cause"); });
  uut.app->http().strategy("GET", "/fail", "app::test:fail");
  uut.app->start();
  CHECK(uut.get(uut.app->port(), "/fail").result_int() == 500);
  remote_server looker{
    {.url = "ws://127.0.0.1:" + std::to_string(uut.app->metrics_port())
            + "/admin/ws",
     .token = [] { return remote_token{"one"}; }}};
  auto got = looker.call<raw_json>("app::admin:errors", raw_json{"{}"});
  REQUIRE(got);
  CHECK(got->text.find(R"("trace":"handle GET /fail: )") != std::string::npos);
  CHECK(got->text.find("a cause") != std::string::npos);
}
