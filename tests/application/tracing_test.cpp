// Traces of requests over HTTP, over real sockets and with real threads.

#include <algorithm>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/http.hpp>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/application/application.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/strategy/call.hpp"
#include "support/log_capture.hpp"
#include "support/span_capture.hpp"
#include "support/temporary_directory.hpp"

using namespace flamigo;
using test::only;

namespace {

constexpr auto trace = "0af7651916cd43dd8448eb211c80319c";
constexpr auto caller = "b7ad6b7169203331";

struct fixture {
  explicit fixture(double sample = 1) {
    std::ofstream{keys()} // Of "one".
      << "all call "
         "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed\n";
    auto config = std::make_unique<configuration>();
    config->server.port = 0;
    config->server.threads = 1;
    config->log_level = log::level::off;
    config->tracing = {.sample = sample, .file = file(), .service = "shop"};
    config->api.keys_file = keys();
    app = std::make_unique<application>(std::move(config));
    app->strategies().add("app::shop:trace",
                          [](context& ctx) { return to_string(ctx.trace()); });
    auto& http = app->http();
    http.handle("POST", "/orders/{id}", [](context ctx) -> task<http_response> {
      auto text = co_await ctx.call_strategy<std::string>("app::shop:trace");
      if (!text)
        co_return std::move(text.error());
      co_return http_response{.body = *text};
    });
    http.handle("GET", "/fail", [](context) -> task<http_response> {
      co_return internal_error("no");
    });
    http.handle("GET", "/plain", [](const http_request&) {
      return http_response{.status = 404};
    });
    http.strategy("GET", "/served", "app::shop:trace");
    app->start();
  }

  ~fixture() {
    app = nullptr;
    log::close_trace_file();
  }

  fixture(const fixture&) = delete;

  std::string keys() const {
    return (home.path() / "keys").string();
  }

  std::string file() const {
    return (home.path() / "spans.jsonl").string();
  }

  std::string ask(boost::beast::http::verb method, const std::string& path,
                  const std::string& body = {},
                  std::vector<std::string> traceparents
                  = {"00-" + std::string{trace} + "-" + caller + "-01"}) const {
    namespace http = boost::beast::http;
    boost::asio::io_context io;
    boost::asio::ip::tcp::socket socket{io};
    socket.connect({boost::asio::ip::address_v4::loopback(), app->port()});
    http::request<http::string_body> request{method, path, 11};
    request.set(http::field::host, "localhost");
    request.set(http::field::authorization, "Bearer one");
    request.set(http::field::content_type, "application/json");
    for (auto& x : traceparents)
      request.insert("traceparent", x);
    request.body() = body;
    request.prepare_payload();
    http::write(socket, request);
    boost::beast::flat_buffer buffer;
    http::response<http::string_body> response;
    http::read(socket, buffer, response);
    return response.body();
  }

  std::vector<test::seen_span> spans() const {
    REQUIRE(log::flush());
    std::vector<test::seen_span> result;
    for (auto& line : test::lines_of(file()))
      result.push_back(test::read_span(line));
    return result;
  }

  test::temporary_directory home;
  std::unique_ptr<application> app;
};

using boost::beast::http::verb;

} // namespace

TEST_CASE("a request over HTTP is a step of the trace in its header") {
  fixture f;
  auto text = f.ask(verb::post, "/orders/7");
  auto all = f.spans();
  REQUIRE(all.size() == 2);
  auto root = only(all, "POST /orders/{id}");
  CHECK(root.service == "shop");
  CHECK(root.trace == trace);
  CHECK(root.parent == caller);
  CHECK(root.kind == 2);
  CHECK(root.attributes["http.request.method"] == "POST");
  CHECK(root.attributes["http.route"] == "/orders/{id}");
  CHECK(root.attributes["http.response.status_code"] == "200");
  auto below = only(all, "app::shop:trace");
  CHECK(below.parent == root.id);
  CHECK(text == "00-" + std::string{trace} + "-" + below.id + "-01");
}

TEST_CASE("so it is with what is served otherwise") {
  fixture f;
  f.ask(verb::get, "/served");
  f.ask(verb::get, "/plain");
  f.ask(verb::get, "/fail");
  auto all = f.spans();
  REQUIRE(all.size() == 4);
  for (auto& x : all)
    CHECK(x.trace == trace);
  CHECK(only(all, "app::shop:trace").parent == only(all, "GET /served").id);
  CHECK(only(all, "GET /plain").attributes["http.response.status_code"]
        == "404");
  CHECK(only(all, "GET /plain").code == 0);
  CHECK(only(all, "GET /fail").code == 2);
}

TEST_CASE("so it is with calls from outside") {
  fixture f;
  auto text = f.ask(verb::post, "/api/v1/call",
                    R"({"topic":"app::shop:trace"})");
  auto all = f.spans();
  REQUIRE(all.size() == 2);
  auto root = only(all, "POST /api/v1/call");
  CHECK(root.parent == caller);
  auto below = only(all, "app::shop:trace");
  CHECK(below.trace == trace);
  CHECK(below.parent == root.id);
  CHECK(text.find(below.id) != std::string::npos);
}

TEST_CASE("a bad header begins a trace") {
  fixture f;
  auto good = "00-" + std::string{trace} + "-" + caller + "-01";
  f.ask(verb::post, "/orders/7", {}, {"00-nothing"});
  f.ask(verb::post, "/orders/7", {}, {good, good});
  f.ask(verb::post, "/orders/7", {}, {});
  auto all = f.spans();
  CHECK(all.size() == 6);
  for (auto& x : all)
    CHECK(x.trace != trace);
}

TEST_CASE("when it is off a trace is passed on, and nothing is written") {
  fixture f{0};
  CHECK(f.ask(verb::post, "/orders/7")
        == "00-" + std::string{trace} + "-" + caller + "-01");
  CHECK(f.spans().empty());
}
