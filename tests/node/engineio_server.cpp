// A server for the public suite of Engine.IO: sends back what it is sent, with
// the times and sizes that the suite wants. Prints its port.

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <thread>
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <flamigo/blocking/blocking_pool.hpp>
#include <flamigo/bus/bus.hpp>
#include <flamigo/domain/domain_health.hpp>
#include <flamigo/engineio/detail/engine_endpoint.hpp>
#include <flamigo/http/detail/listener.hpp>
#include <flamigo/strategy/strategy_registry.hpp>

#include "../support/engine_echo.hpp"

namespace {

using namespace std::chrono_literals;

/// One I/O thread.
struct worker {
  worker(const flamigo::services& application,
         flamigo::detail::server_core& core)
    : loop(application.system, 20ms, core.options.max_message_bytes),
      handling(application, loop), accepting(core, loop, handling) {
  }

  flamigo::detail::io_thread loop;
  flamigo::detail::request_runner handling;
  flamigo::detail::listener accepting;
};

} // namespace

int main(int argc, char** argv) {
  using namespace flamigo;
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  std::vector<std::unique_ptr<worker>> workers;
  strategy_registry strategies;
  std::optional<bus> events;
  domain_health domains;
  blocking_pool pool;
  caf::actor_system_config config;
  caf::actor_system system{config};
  services application{system, strategies, events.emplace(system), domains,
                       pool};
  detail::server_core core{{}, {}, "engineio"};
  core.options.max_message_bytes = 1'000'000;
  core.options.allowed_origins = {"*"};
  test::engine_echo echo;
  detail::engine_endpoint endpoint{
    core,
    {.path = "/engine.io/", .ping_interval = 300ms, .ping_timeout = 200ms},
    echo};
  auto port = static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 0);
  for (int i = 0; i < 4; ++i) {
    auto& next
      = *workers.emplace_back(std::make_unique<worker>(application, core));
    next.accepting.open({detail::net::ip::make_address("127.0.0.1"), port});
    port = next.accepting.port();
    detail::error_code ec;
    next.accepting.accept(ec);
    if (ec)
      return EXIT_FAILURE;
  }
  std::vector<std::thread> threads;
  for (auto& w : workers)
    threads.emplace_back([&loop = w->loop] { loop.run(); });
  std::cout << port << std::endl;
  int which = 0;
  sigwait(&ends, &which);
  std::cout << "sessions " << endpoint.sessions() << ", owners " << echo.open
            << ", open " << core.open << std::endl;
  core.draining = true;
  for (auto& w : workers)
    detail::net::post(w->loop.context(), [&w = *w, &core] {
      core.cutting = true;
      w.loop.turn([&] {
        w.accepting.end();
        w.loop.for_each([](detail::resident& what) { what.cut(); });
      });
    });
  while (core.open > 0)
    std::this_thread::sleep_for(5ms);
  for (auto& w : workers)
    detail::net::post(w->loop.context(), [&w = *w] { w.loop.stop(); });
  for (auto& x : threads)
    x.join();
  for (auto& w : workers)
    w->loop.retire();
}
