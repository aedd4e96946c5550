// A program that is filled while its domain actors call strategies and publish
// already, on threads of their own: each call finds the strategy or does not,
// and from when it serves all of them do.

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/application/application.hpp"
#include "flamigo/error/error.hpp"
#include "support/events.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t count = 60;

std::string name_of(std::size_t i) {
  return "app::late:n" + std::to_string(i);
}

std::atomic<std::size_t> asked = 0;
std::atomic<std::size_t> found = 0;
std::atomic<std::size_t> faults = 0;

/// Calls each strategy and publishes into each channel, over and over.
domain_behavior impatient(domain_actor<std::size_t>* self) {
  self->every(1us, [=]() -> task<void> {
    for (std::size_t i = 0; i < count; ++i) {
      (void) self->publish(test::posted{std::to_string(i), "early"});
      auto call = self->call_strategy<std::size_t>(name_of(i));
      auto answer = co_await call;
      if (answer && *answer == i)
        ++found;
      else if (answer || answer.error() != errc::unknown_strategy)
        ++faults;
      ++asked;
    }
    co_return ok;
  });
  return {on("app::impatient:here", [] {})};
}

void await(const std::atomic<std::size_t>& what, std::size_t more) {
  auto goal = what + more;
  auto deadline = std::chrono::steady_clock::now() + 60s;
  while (what < goal && std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();
  REQUIRE(what >= goal);
}

} // namespace

TEST_CASE("a program is filled while its domain actors work") {
  auto config = std::make_unique<configuration>();
  config->server.port = 0;
  config->log_level = log::level::off;
  application app{std::move(config)};
  app.host({.name = "one", .detached = true}, impatient);
  await(asked, 1);
  for (std::size_t i = 0; i < count; ++i) {
    auto& added = app.strategies().add(name_of(i), [i] { return i; });
    if (i % 3 == 0)
      added.detached();
    if (i % 10 == 0)
      app.around("app::late:*", [](context ctx, next next) -> task<raw_json> {
        co_return co_await next(ctx);
      });
    channel_options options;
    if (i % 2 == 0)
      options.history = history_limits{};
    app.channel("rooms/" + std::to_string(i), {}, std::move(options));
    await(asked, 10);
  }
  app.start();
  CHECK_THROWS_AS(app.strategies().add("app::late:more", [] {}),
                  std::logic_error);
  // Behind whatever had begun before.
  await(asked, count);
  auto before = found.load();
  await(asked, 3 * count);
  CHECK(found >= before + 2 * count);
  CHECK(faults == 0);
}
