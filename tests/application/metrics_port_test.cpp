// The port for metrics, over real sockets and with real threads.

#include <future>
#include <string>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "flamigo/application/application.hpp"
#include "flamigo/error/error.hpp"
#include "support/http_get.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using test::contains;
using test::get;

namespace {

std::unique_ptr<configuration> with_metrics() {
  auto result = std::make_unique<configuration>();
  result->server.port = 0;
  result->server.threads = 1;
  result->metrics.on_free_port = true;
  result->log_level = log::level::off;
  return result;
}

/// A handler that stands still until it is told to go on.
struct gate {
  http_handler handler() {
    return [this](const http_request&) {
      entered.set_value();
      opened.get_future().wait();
      return http_response{};
    };
  }

  std::promise<void> entered;
  std::promise<void> opened;
};

} // namespace

TEST_CASE("metrics have a port of their own") {
  application app{with_metrics()};
  app.strategies().add("app::test:nothing", [] {});
  app.start();
  REQUIRE(app.metrics_port() != 0);
  auto page = get(app.metrics_port(), "/metrics");
  CHECK(page.status == 200);
  // Prometheus 3 refuses what it does not know.
  CHECK(page.type == "text/plain; version=0.0.4; charset=utf-8");
  CHECK(contains(page.body, "\nflamigo_sockets_open 0\n"));
  CHECK(get(app.port(), "/metrics").status == 404);
  CHECK(get(app.metrics_port(), "/ws").status == 404);
  CHECK(contains(get(app.metrics_port(), "/metrics").body,
                 "\nflamigo_http_responses_total{status=\"404\"} 1\n"));
}

TEST_CASE("strategies that are served over HTTP are counted as others") {
  application app{with_metrics()};
  app.strategies().add("app::test:one", [] { return 1; });
  app.strategies().add("app::test:two",
                       [] { return make_error(errc::conflict, "no"); });
  app.http().strategy("GET", "/one", "app::test:one");
  app.http().strategy("GET", "/two", "app::test:two");
  app.http().get("/three", {.body = "3"});
  app.start();
  for (auto* path : {"/one", "/two", "/one", "/three"})
    get(app.port(), path);
  auto page = get(app.metrics_port(), "/metrics").body;
  for (auto* line :
       {"flamigo_requests_total{strategy=\"app::test:one\",status=\"200\"} 2",
        "flamigo_requests_total{strategy=\"app::test:two\",status=\"409\"} 1",
        "flamigo_request_duration_seconds_count{strategy=\"app::test:one\"} 2"})
    CHECK(contains(page, "\n" + std::string{line} + "\n"));
}

TEST_CASE("without it nothing is counted, and there is health all the same") {
  auto config = with_metrics();
  config->metrics.on_free_port = false;
  application app{std::move(config)};
  app.start();
  CHECK(app.metrics_port() == 0);
  CHECK(get(app.port(), "/livez").body == "alive\n");
  CHECK(get(app.port(), "/readyz").body == "ready\n");
}

TEST_CASE("a port for metrics that is taken is told of, and nothing serves") {
  namespace ip = boost::asio::ip;
  boost::asio::io_context io;
  ip::tcp::acceptor taken{io, {ip::address_v4::loopback(), 0}};
  auto config = with_metrics();
  config->metrics.port = taken.local_endpoint().port();
  application app{std::move(config)};
  CHECK_THROWS_MATCHES(app.start(), std::system_error,
                       MessageMatches(ContainsSubstring(
                         "cannot listen on 127.0.0.1:"
                         + std::to_string(taken.local_endpoint().port())
                         + " for metrics, choose another --metrics-address or "
                           "--metrics-port")));
  CHECK(app.port() == 0);
  CHECK(app.metrics_port() == 0);
  taken.close();
  app.start();
  CHECK(get(app.metrics_port(), "/readyz").status == 200);
}

TEST_CASE("when the program's own port is taken, that of metrics is free") {
  namespace ip = boost::asio::ip;
  boost::asio::io_context io;
  ip::tcp::acceptor taken{io, {ip::address_v4::loopback(), 0}};
  auto config = with_metrics();
  config->server.port = taken.local_endpoint().port();
  application app{std::move(config)};
  CHECK_THROWS_AS(app.start(), std::system_error);
  CHECK(app.metrics_port() == 0);
}

TEST_CASE("an I/O thread that is blocked is seen while it is") {
  gate hold;
  application app{with_metrics()};
  app.http().handle("GET", "/hold", hold.handler());
  app.start();
  std::thread client{[&] { get(app.port(), "/hold"); }};
  hold.entered.get_future().wait();
  auto page = get(app.metrics_port(), "/metrics").body;
  std::string name = "\nflamigo_io_turn_age_seconds{thread=\"0\"} ";
  auto i = page.find(name);
  REQUIRE(i != page.npos);
  CHECK(std::stod(page.substr(i + name.size())) > 0);
  hold.opened.set_value();
  client.join();
}

TEST_CASE("a program that drains says so until it has ended") {
  gate hold;
  application app{with_metrics()};
  app.http().handle("GET", "/hold", hold.handler());
  app.start();
  CHECK(get(app.metrics_port(), "/readyz").status == 200);
  std::thread client{[&] { get(app.port(), "/hold"); }};
  hold.entered.get_future().wait();
  std::thread end{[&] { app.shutdown(); }};
  test::http_answer ready;
  do
    ready = get(app.metrics_port(), "/readyz");
  while (ready.status == 200);
  CHECK(ready.status == 503);
  CHECK(ready.body == "shutting down\n");
  CHECK(get(app.metrics_port(), "/livez").status == 200);
  hold.opened.set_value();
  client.join();
  end.join();
}
