// What may wait, and what must not.

#include <algorithm>
#include <chrono>
#include <future>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/describe/class.hpp>

#include <catch2/catch_test_macros.hpp>

#include <caf/scoped_actor.hpp>

#include "flamigo/application/application.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/task/task.hpp"
#include "support/log_capture.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::contains;

namespace {

struct news {
  int number = 0;

  topic topics() const {
    return topic{"news"};
  }
};

BOOST_DESCRIBE_STRUCT(news, (), (number))

/// Its limits are longer than a test may take.
std::unique_ptr<configuration> patient() {
  auto result = std::make_unique<configuration>();
  result->server.port = 0;
  result->server.threads = 1;
  result->log_level = log::level::off;
  result->client.request_timeout = 1h;
  result->set("scheduler.max-threads", 1);
  return result;
}

/// The response to a request of this path.
std::string get(std::uint16_t port, const std::string& path) {
  namespace net = boost::asio;
  net::io_context io;
  net::ip::tcp::socket socket{io};
  socket.connect({net::ip::address_v4::loopback(), port});
  auto request = "GET " + path
                 + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  net::write(socket, net::buffer(request));
  std::string result;
  boost::system::error_code ec;
  net::read(socket, net::dynamic_buffer(result), ec);
  return result;
}

/// Why a call from here fails; empty if it does not.
std::string why_not(const application& app) {
  auto answer = app.backend().call<int>("app::test:one");
  return answer ? std::string{} : trace_of(answer.error());
}

} // namespace

TEST_CASE("an actor that would wait for the backend is told not to, at once") {
  application app{patient()};
  app.strategies().add("app::test:one", [] { return 1; });
  app.strategies().add("app::test:inline", [&] { return why_not(app); });
  app.strategies().add("app::test:blocking", [&](context& ctx) {
    return blocking(ctx, [&] { return why_not(app); }).answer(ctx);
  });
  app.host([&](domain_actor<>*) -> domain_behavior {
    return {on("app::test:hosted", [&] { return why_not(app); })};
  });
  for (auto* name : {"app::test:inline", "app::test:hosted"}) {
    INFO(name);
    auto why = app.backend().call<std::string>(name);
    REQUIRE(why);
    CHECK(contains(*why, "backend::call waits, and must not be called in an "
                         "actor"));
    CHECK(contains(*why, "use ctx.call_strategy(...)"));
  }
  // Where nobody else is kept from anything, it waits.
  CHECK(why_not(app).empty());
  CHECK(app.backend().call<std::string>("app::test:blocking") == std::string{});
}

TEST_CASE("a handler of HTTP that would wait holds up nobody") {
  application app{patient()};
  std::vector<response_promise<int>> kept;
  app.host([&](domain_actor<>*) -> domain_behavior {
    // Nobody answers.
    return {on("app::test:one", [&](context& ctx) {
      kept.push_back(ctx.make_promise<int>());
      return kept.back();
    })};
  });
  app.http().handle("GET", "/plain", [&](const http_request&) {
    return http_response{.body = why_not(app)};
  });
  app.http().handle("GET", "/task", [&](context) -> task<http_response> {
    co_return http_response{.body = why_not(app)};
  });
  app.http().get("/fixed", {.body = "here"});
  app.start();
  for (auto path : {"/plain", "/task", "/plain"})
    CHECK(contains(get(app.port(), path),
                   "backend::call waits, and must not be called in an actor"));
  CHECK(get(app.port(), "/fixed").ends_with("\r\n\r\nhere"));
}

TEST_CASE("an actor that would wait for the listeners is told not to") {
  application app{patient()};
  app.host([&](domain_actor<>* self) -> domain_behavior {
    self->subscribe("news");
    return {listen([](const news&) {}), on("app::test:publish", [&] {
              auto report = app.bus().publish_sync(news{1}, 1h);
              return report ? std::string{} : trace_of(report.error());
            })};
  });
  auto why = app.backend().call<std::string>("app::test:publish");
  REQUIRE(why);
  CHECK(contains(*why, "bus::publish_sync waits, and must not"));
  auto report = app.bus().publish_sync(news{2}, 1h);
  REQUIRE(report);
  CHECK(report->complete());
}

TEST_CASE("a detached domain waits alone") {
  application app{patient()};
  std::promise<void> begun;
  std::promise<void> go_on;
  app.host({.detached = true}, [&](domain_actor<>*) -> domain_behavior {
    return {on("app::slow:wait", [&] {
      begun.set_value();
      go_on.get_future().wait();
      return 1;
    })};
  });
  // On the one thread of the scheduler, as all that is not detached.
  app.host([](domain_actor<>*) -> domain_behavior {
    return {on("app::quick:ask", [] { return 2; })};
  });
  auto slow = app.backend().call_async<int>("app::slow:wait");
  begun.get_future().wait();
  CHECK(app.backend().call<int>("app::quick:ask") == 2);
  CHECK(slow.wait_for(0s) == std::future_status::timeout);
  go_on.set_value();
  CHECK(slow.get() == 1);
}

TEST_CASE("blocking work holds up no domain") {
  application app{patient()};
  std::promise<void> begun;
  std::promise<void> go_on;
  app.host([&](domain_actor<>*) -> domain_behavior {
    return {on("app::slow:wait",
               [&](context& ctx) {
                 return blocking(ctx,
                                 [&] {
                                   begun.set_value();
                                   go_on.get_future().wait();
                                   return 1;
                                 })
                   .answer(ctx);
               }),
            on("app::slow:ask", [] { return 2; })};
  });
  auto slow = app.backend().call_async<int>("app::slow:wait");
  begun.get_future().wait();
  CHECK(app.backend().call<int>("app::slow:ask") == 2);
  go_on.set_value();
  CHECK(slow.get() == 1);
}

TEST_CASE("a detached domain is restarted on a thread of its own") {
  application app{patient()};
  app.host({.detached = true}, [](domain_actor<>* self) -> domain_behavior {
    return {on("app::slow:crash", [=] { self->quit(caf::sec::runtime_error); }),
            on("app::slow:ask", [] { return 2; })};
  });
  // Listens before the crash.
  std::promise<void> back;
  app.host([&](domain_actor<>* self) -> domain_behavior {
    self->subscribe(domain_restarted::all);
    return {listen([&](const domain_restarted&) { back.set_value(); })};
  });
  CHECK(app.backend().call("app::slow:crash"));
  back.get_future().wait();
  CHECK(app.backend().call<int>("app::slow:ask") == 2);
  CHECK(app.domains().restarts() == 1);
}

TEST_CASE("an application ends when its detached domains have") {
  std::promise<void> began;
  std::promise<void> released;
  std::optional<application> app{std::in_place, patient()};
  app->host(hosting_options{.detached = true},
            [&](domain_actor<>*) -> domain_behavior {
              return {on("app::test:slow", [&] {
                began.set_value();
                released.get_future().wait();
              })};
            });
  test::log_capture log;
  log::set_level(log::level::warning);
  auto answer = app->backend().call_async("app::test:slow");
  began.get_future().wait();
  // Not the other way round: CAF waits at its end for each thread that has used
  // the system and lives, this one.
  std::thread watching{[&] {
    auto says = [&] {
      auto lines = log.lines();
      return std::any_of(lines.begin(), lines.end(), [](auto& line) {
        return contains(line, "waiting for the thread of the domain actor of "
                              "app::test");
      });
    };
    while (!says())
      std::this_thread::yield();
    released.set_value();
  }};
  app.reset();
  watching.join();
  CHECK(answer.wait_for(0s) == std::future_status::ready);
}
