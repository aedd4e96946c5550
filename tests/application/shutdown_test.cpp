// How a program ends: in order, in time, and without touching what is gone.
// With sanitizers this is where a thread that ended too early would show.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <istream>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>

#include <catch2/catch_test_macros.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "flamigo/application/application.hpp"
#include "flamigo/client/websocket_client.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/remote.hpp"
#include "flamigo/roster/client_events.hpp"
#include "flamigo/roster/roster.hpp"
#include "flamigo/task/sleep.hpp"
#include "support/events.hpp"
#include "support/log_capture.hpp"
#include "support/redirected_stderr.hpp"
#include "support/temporary_directory.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using namespace flamigo::test;
using boost::asio::ip::tcp;

namespace {

constexpr auto patience = 60s;

std::unique_ptr<configuration> quiet() {
  auto result = std::make_unique<configuration>();
  result->server.port = 0;
  result->server.threads = 2;
  // No peer of HTTP goes away by itself.
  result->server.close_timeout = 50ms;
  result->log_level = log::level::off;
  return result;
}

/// False when it does not become true in any reasonable time.
template <class Condition>
bool eventually(Condition condition) {
  auto deadline = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline)
      return false;
    std::this_thread::yield();
  }
  return true;
}

/// A socket's other end, which blocks.
class http_peer {
public:
  explicit http_peer(std::uint16_t port) {
    socket_.connect({boost::asio::ip::address_v4::loopback(), port});
  }

  void get(const std::string& path) {
    boost::asio::write(
      socket_,
      boost::asio::buffer("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n"));
  }

  /// The first line of the response that comes next, which has no body.
  std::string status() {
    boost::asio::streambuf answer;
    boost::asio::read_until(socket_, answer, "\r\n\r\n");
    std::istream text{&answer};
    std::string result;
    std::getline(text, result);
    return result;
  }

private:
  boost::asio::io_context io_;
  tcp::socket socket_{io_};
};

/// That of a WebSocket.
std::unique_ptr<remote_server>
peer_of(std::uint16_t port, const remote_thread& on = remote_thread{}) {
  return std::make_unique<remote_server>(
    remote_options{.url = "ws://127.0.0.1:" + std::to_string(port) + "/ws"},
    on);
}

std::uint16_t free_port() {
  boost::asio::io_context io;
  tcp::acceptor probe{io, {boost::asio::ip::address_v4::loopback(), 0}};
  return probe.local_endpoint().port();
}

bool can_connect(std::uint16_t port) {
  boost::asio::io_context io;
  tcp::socket socket{io};
  boost::system::error_code ec;
  socket.connect({boost::asio::ip::address_v4::loopback(), port}, ec);
  return !ec;
}

} // namespace

TEST_CASE("domain actors hear of every end, also of those by the shutdown") {
  constexpr int count = 300;
  // Outlives the application.
  std::atomic<int> opened = 0;
  std::atomic<int> ended = 0;
  remote_thread shared;
  std::vector<std::unique_ptr<remote_server>> peers;
  {
    application app{quiet()};
    app.host([&](domain_actor<>* self) -> domain_behavior {
      self->subscribe(client_connected::all);
      self->subscribe(client_disconnected::all);
      return {listen([&](const client_connected&) { ++opened; },
                     [&](const client_disconnected&) { ++ended; })};
    });
    app.start();
    for (int i = 0; i < count; ++i)
      peers.push_back(peer_of(app.port(), shared));
    REQUIRE(eventually([&] { return opened == count; }));
  }
  CHECK(ended == count);
}

TEST_CASE("domains save one after the other, when the connections are closed") {
  std::mutex mtx;
  std::vector<std::string> order;
  auto note = [&](std::string what) {
    std::lock_guard guard{mtx};
    order.push_back(std::move(what));
  };
  auto saving = [&](domain_actor<>* self, std::string name) -> domain_behavior {
    self->subscribe(client_disconnected::all);
    return {
      on("app::" + name + ":ping", [=] { return name; }),
      listen([=](const client_disconnected&) { note(name + " hears"); }),
      on_stop([=](flamigo::context ctx) -> task<void> {
        auto waited = co_await sleep(ctx, 5ms);
        // Who was hosted first is there to be asked.
        auto first = co_await ctx.call_strategy<std::string>("app::first:ping");
        note(name + (waited && first ? " asks" : " saves"));
        co_return ok;
      }),
    };
  };
  std::unique_ptr<remote_server> client;
  {
    application app{quiet()};
    app.host(saving, std::string{"first"});
    app.host({.detached = true}, saving, std::string{"second"});
    app.host(saving, std::string{"third"});
    app.start();
    client = peer_of(app.port());
    REQUIRE(eventually([&] { return app.connections().open() == 1; }));
  }
  REQUIRE(order.size() == 6);
  // Those who hear of the same do so at once.
  std::sort(order.begin(), order.begin() + 3);
  CHECK(order
        == std::vector<std::string>{"first hears", "second hears",
                                    "third hears", "third asks", "second asks",
                                    "first saves"});
}

TEST_CASE("an answer that comes after the shutdown is harmless") {
  std::mutex mtx;
  std::vector<caf::response_promise> asked;
  auto config = quiet();
  config->server.drain_timeout = 0s;
  application app{std::move(config)};
  // Not ended by the shutdown.
  auto slow = app.system().spawn([&](caf::event_based_actor* self) {
    return caf::behavior{[&, self](int) -> caf::result<int> {
      auto promise = self->make_response_promise();
      std::lock_guard guard{mtx};
      asked.push_back(promise);
      return promise;
    }};
  });
  app.strategies().add("app::test:await", [slow](context& ctx) {
    auto answer = ctx.make_promise<int>();
    ctx.self()->request(slow, caf::infinite, 1).await([answer](int x) mutable {
      answer.deliver(x);
    });
    return answer;
  });
  app.start();
  auto client = peer_of(app.port());
  client->call_async("app::test:await");
  REQUIRE(eventually([&] {
    std::lock_guard guard{mtx};
    return !asked.empty();
  }));
  app.shutdown();
  CHECK(eventually([&] { return app.connections().open() == 0; }));
  for (auto& x : asked)
    x.deliver(1);
  caf::anon_send_exit(slow, caf::exit_reason::user_shutdown);
  asked.clear();
}

TEST_CASE("whoever sends to connections may do so while they end, and after") {
  for (int round = 0; round < 5; ++round) {
    std::mutex mtx;
    std::vector<client> clients;
    application app{quiet()};
    app.on_open([&](client& self) {
      self.subscribe("rooms");
      std::lock_guard guard{mtx};
      clients.push_back(self);
    });
    app.start();
    remote_thread shared;
    std::vector<std::unique_ptr<remote_server>> peers;
    for (int i = 0; i < 20; ++i)
      peers.push_back(peer_of(app.port(), shared));
    REQUIRE(eventually([&] {
      std::lock_guard guard{mtx};
      return clients.size() == peers.size();
    }));
    std::atomic<bool> done = false;
    std::vector<std::thread> threads;
    threads.emplace_back([&] {
      while (!done)
        (void) app.bus().publish(posted{"a", "x"});
    });
    threads.emplace_back([&] {
      while (!done)
        for (auto& x : clients) {
          x.send("hello", 1);
          app.connections().kick_connection("nobody");
        }
    });
    app.shutdown();
    // What comes too late finds nobody, but nothing that is gone either.
    std::this_thread::yield();
    done = true;
    for (auto& x : threads)
      x.join();
    CHECK(eventually([&] { return app.connections().open() == 0; }));
    clients.clear();
  }
}

TEST_CASE("handlers of HTTP hear of other threads, and end with the server") {
  constexpr int count = 50;
  std::atomic<int> begun = 0;
  std::atomic<int> stopped = 0;
  std::vector<std::unique_ptr<http_peer>> peers;
  auto config = quiet();
  config->server.drain_timeout = 100ms;
  application app{std::move(config)};
  app.host([](domain_actor<std::vector<response_promise<int>>>* self)
             -> domain_behavior {
    return {on("app::test:wait",
               [=](context& ctx) {
                 self->state.push_back(ctx.make_promise<int>());
                 return self->state.back();
               }),
            on("app::test:deliver", [=] {
              for (auto& x : self->state)
                x.deliver(204);
              self->state.clear();
            })};
  });
  app.http().handle("GET", "/", [&](context ctx) -> task<http_response> {
    auto status = ctx.call_strategy<int>("app::test:wait");
    ++begun;
    auto got = co_await status;
    if (!got) {
      if (status_of(got.error()) == 499)
        ++stopped;
      co_return got.error();
    }
    co_return http_response{.status = static_cast<unsigned>(*got)};
  });
  app.start();
  for (int i = 0; i < count; ++i) {
    peers.push_back(std::make_unique<http_peer>(app.port()));
    peers.back()->get("/");
  }
  REQUIRE(eventually([&] { return begun == count; }));
  REQUIRE(app.backend().call("app::test:deliver"));
  for (auto& each : peers) {
    CHECK(each->status().starts_with("HTTP/1.1 204 "));
    each->get("/");
  }
  REQUIRE(eventually([&] { return begun == 2 * count; }));
  app.shutdown();
  CHECK(stopped == count);
}

TEST_CASE("a second signal cuts what the first one waits for") {
  auto config = quiet();
  auto port = free_port();
  config->server.port = port;
  config->server.drain_timeout = 1h;
  application app{std::move(config)};
  std::atomic<bool> called = false;
  std::optional<response_promise<int>> promise;
  app.strategies().add("app::test:never", [&](context& ctx) {
    promise = ctx.make_promise<int>();
    called = true;
    return *promise;
  });
  // The signals come from another thread, `run` belongs to this one.
  std::thread other{[&] {
    if (!eventually([&] { return can_connect(port); }))
      return;
    auto client = peer_of(port);
    client->call_async("app::test:never", {}, {.timeout = 1h});
    eventually([&] { return called.load(); });
    ::kill(::getpid(), SIGTERM);
    eventually([&] { return !can_connect(port); });
    ::kill(::getpid(), SIGTERM);
    // Keeps its socket open, so that nothing else can end the waiting.
    eventually([&] { return app.connections().open() == 0; });
  }};
  auto began = std::chrono::steady_clock::now();
  CHECK(app.run() == 0);
  CHECK(std::chrono::steady_clock::now() - began < patience);
  other.join();
  promise.reset();
}

TEST_CASE("SIGHUP opens the files that there are again, and says which") {
  test::temporary_directory home;
  auto lines = home.path() / "stderr";
  auto fd = ::open(lines.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  REQUIRE(fd >= 0);
  auto says = [&](std::string_view what) {
    return eventually([&] {
      log::flush(1s);
      for (auto& line : lines_of(lines))
        if (line.find(what) != line.npos)
          return true;
      return false;
    });
  };
  {
    redirected_stderr guard{fd};
    auto config = quiet();
    auto port = free_port();
    config->server.port = port;
    config->log_level = log::level::info;
    config->tracing = {.sample = 1, .file = (home.path() / "spans").string()};
    application app{std::move(config)};
    auto said = false;
    std::thread other{[&] {
      // What it does first is to wait for signals.
      if (!eventually([&] { return can_connect(port); }))
        return;
      ::kill(::getpid(), SIGHUP);
      said = says(" info SIGHUP: opened the trace file again");
      ::kill(::getpid(), SIGTERM);
    }};
    CHECK(app.run() == 0);
    other.join();
    CHECK(said);
    log::flush(1s);
  }
  ::close(fd);
  log::close_trace_file();
}

TEST_CASE("a start that fails says what to do, and leaves nothing behind") {
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  auto config = quiet();
  config->server.threads = 64;
  application app{std::move(config)};
  auto low = before;
  low.rlim_cur = 60;
  ::setrlimit(RLIMIT_NOFILE, &low);
  std::string why;
  try {
    app.start();
  } catch (const std::system_error& e) {
    why = e.what();
  }
  ::setrlimit(RLIMIT_NOFILE, &before);
  CHECK(contains(why, "cannot start 64 I/O threads, choose fewer --threads"));
  CHECK(app.port() == 0);
  // Nothing of it stands in the way of another attempt.
  app.start();
  CHECK(app.port() != 0);
}

TEST_CASE("an application serves once") {
  application app{quiet()};
  app.start();
  app.shutdown();
  CHECK_THROWS_AS(app.start(), std::logic_error);
}
